import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Ipvs } from '@ipvs-ts/ipvs';
import type { Lab } from './lab.js';
import type { Namespace } from './namespace.js';
import type { Outcome } from './run-program.js';

/** The service that both programs keep. */
export const SERVICE = 'tcp:192.0.2.1:80';

/** A table as it was from a moment on: weights by destination; undefined: there was no service. */
export interface Sample {
  /** Milliseconds since the sampler began. */
  readonly at: number;
  readonly weights: Readonly<Record<string, number>> | undefined;
}

/** Reads the table every ten milliseconds and keeps what has changed. */
export class Sampler {
  readonly #samples: Sample[] = [];
  readonly #start = performance.now();
  #on = true;
  readonly #reading: Promise<void>;

  constructor(ipvs: Ipvs) {
    this.#reading = this.#read(ipvs);
  }

  /** Ends, and returns the changes. */
  async end(): Promise<readonly Sample[]> {
    this.#on = false;
    await this.#reading;
    return this.#samples;
  }

  /** Milliseconds since it began. */
  get now(): number {
    return performance.now() - this.#start;
  }

  async #read(ipvs: Ipvs): Promise<void> {
    while (this.#on) {
      const weights = await weightsOf(ipvs);
      if (
        JSON.stringify(weights) !== JSON.stringify(this.#samples.at(-1)?.weights) ||
        this.#samples.length === 0
      )
        this.#samples.push({ at: this.now, weights });
      await delay(10);
    }
  }
}

/** The weights of the service in the order of their names; undefined: it is not there. */
export async function weightsOf(ipvs: Ipvs, service = SERVICE): Promise<Record<string, number> | undefined> {
  try {
    const all = await ipvs.destinations(service, { counters: false });
    return Object.fromEntries(all.map(({ key, weight }) => [key, weight] as const).sort());
  } catch {
    return undefined;
  }
}

/** How long a destination had weight in samples that end at `end`, in milliseconds. */
export function timeIn(samples: readonly Sample[], destination: string, end: number): number {
  return samples.reduce((sum, { at, weights }, index) => {
    const until = samples[index + 1]?.at ?? end;
    return (weights?.[destination] ?? 0) > 0 ? sum + until - at : sum;
  }, 0);
}

/** A program that keeps a table, in a namespace of its own, with the same servers. */
export interface Keeper {
  readonly name: string;
  readonly host: Namespace;
  readonly ipvs: Ipvs;
  start(): Promise<void>;
  /** Kills all of it, without a chance to do anything. */
  crash(): Promise<void>;
  reload(): Promise<Outcome | undefined>;
  /** Replaces its file by another, and makes the program read it. */
  change(file: string): Promise<void>;
  /** Adds a broken service to its file and reloads it. */
  breakFile(): Promise<Outcome | undefined>;
  /** Restores the file and reloads it. */
  repairFile(): Promise<void>;
}

async function directoryOf(lab: Lab): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'keeper-'));
  lab.cleanup.add(`directory ${directory}`, () => rm(directory, { recursive: true }));
  return directory;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Debian's keepalived. */
export async function keepalived(lab: Lab, host: Namespace, file: string): Promise<Keeper> {
  const directory = await directoryOf(lab);
  const path = join(directory, 'keepalived.conf');
  const pids = ['-p', '-c', '-r'].flatMap((option, index) => [
    option,
    join(directory, `pid${String(index)}`),
  ]);
  await writeFile(path, file);
  let child: ChildProcess | undefined;
  const pidIn = async (index: number): Promise<number> =>
    Number(await readFile(join(directory, `pid${String(index)}`), 'utf8').catch(() => 'NaN'));
  const crash = async (): Promise<void> => {
    if (child?.pid === undefined) return;
    const checker = await pidIn(1);
    // The checker must not hear of the end of its parent: then it would remove the service.
    if (checker > 0) process.kill(checker, 'SIGSTOP');
    child.kill('SIGKILL');
    if (checker > 0) process.kill(checker, 'SIGKILL');
    await ended(child);
  };
  lab.cleanup.add('keepalived', async () => {
    child?.kill('SIGTERM');
    if (child !== undefined) await ended(child);
  });
  const reload = async (): Promise<undefined> => {
    child?.kill('SIGHUP');
  };
  return {
    name: 'keepalived',
    host,
    ipvs: await lab.ipvs(host),
    start: async () => {
      for (const index of [0, 1, 2]) await rm(join(directory, `pid${String(index)}`), { force: true });
      child = host.start('keepalived', '-n', '-l', '-C', '-f', path, ...pids);
    },
    crash,
    reload,
    change: async (text) => {
      await writeFile(path, text);
      await reload();
    },
    breakFile: async () => {
      await writeFile(path, `${file}\nvirtual_server 192.0.2.2 eighty {\n  protocol NOTHING\n}\n`);
      return reload();
    },
    repairFile: async () => {
      await writeFile(path, file);
      await reload();
    },
  };
}

/** The agent of ipvs-ts. */
export interface AgentKeeper extends Keeper {
  /** Where its document and its directories are. */
  readonly directory: string;
  /** Runs a command that asks it. */
  ask(...words: string[]): Promise<Outcome>;
  /** Its process. */
  pid(): number | undefined;
}

/** How an agent is run. */
export interface AgentSettings {
  /** Gets the lines of its log, which is printed by default. */
  readonly heard?: (line: string) => void;
  /** More words of its command line. */
  readonly words?: readonly string[];
  /** Does something to its directory before anything is in it. */
  readonly prepare?: (directory: string) => Promise<void>;
}

/** The agent of ipvs-ts. */
export async function agentOf(
  lab: Lab,
  host: Namespace,
  document: { readonly services: object },
  { heard = (line) => process.stderr.write(`${line}\n`), words: more = [], prepare }: AgentSettings = {},
): Promise<AgentKeeper> {
  const directory = await directoryOf(lab);
  await prepare?.(directory);
  const path = join(directory, 'director.json');
  const options = [
    '-f',
    path,
    '--runtime-dir',
    join(directory, 'run'),
    '--state-dir',
    join(directory, 'state'),
    ...more,
  ];
  const socket = join(directory, 'run', 'agent.sock');
  await writeFile(path, JSON.stringify(document));
  let child: ChildProcess | undefined;
  const end = (signal: 'SIGKILL' | 'SIGTERM') => async (): Promise<void> => {
    child?.kill(signal);
    if (child !== undefined) await ended(child);
  };
  lab.cleanup.add('agent', end('SIGTERM'));
  const ask = (...words: string[]): Promise<Outcome> => host.try(['ipvs-ts', ...words, '--socket', socket]);
  const reload = (): Promise<Outcome> => ask('agent', 'reload');
  return {
    name: 'ipvs-ts',
    host,
    directory,
    pid: () => child?.pid,
    ipvs: await lab.ipvs(host),
    start: async () => {
      child = host.listen(heard, 'ipvs-ts', 'agent', ...options);
    },
    crash: end('SIGKILL'),
    reload,
    // It sees by itself that the file was replaced.
    change: async (text) => {
      await writeFile(`${path}.new`, text);
      await rename(`${path}.new`, path);
    },
    breakFile: async () => {
      await writeFile(
        path,
        JSON.stringify({ services: { ...document.services, 'tcp:192.0.2.2:eighty': {} } }),
      );
      return reload();
    },
    repairFile: async () => {
      await writeFile(path, JSON.stringify(document));
      await reload();
    },
    ask,
  };
}
