import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ipvs } from '@ipvs-ts/ipvs';
import type { Lab } from './lab.js';
import type { Namespace } from './namespace.js';
import { poll } from './poll.js';
import type { Outcome } from './run-program.js';

const NODES = [1, 2, 3] as const;

/** The node of a store by its number. */
export type NodeNumber = (typeof NODES)[number];

async function killed(child: ChildProcess | undefined, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child?.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** Three nodes of Debian's etcd on one host. */
export class FleetStore {
  readonly endpoints: readonly string[];
  readonly #host: Namespace;
  readonly #address: string;
  readonly #directory: string;
  readonly #nodes = new Map<NodeNumber, ChildProcess>();

  private constructor(host: Namespace, address: string, directory: string) {
    this.#host = host;
    this.#address = address;
    this.#directory = directory;
    this.endpoints = NODES.map((node) => `http://${address}:237${String(node)}`);
  }

  static async start(lab: Lab, host: Namespace, address: string): Promise<FleetStore> {
    const directory = await mkdtemp(join(tmpdir(), 'store-'));
    lab.cleanup.add(`directory ${directory}`, () => rm(directory, { recursive: true }));
    const store = new FleetStore(host, address, directory);
    lab.cleanup.add('etcd', () => store.kill(...NODES));
    store.run(...NODES);
    return store;
  }

  /** Starts nodes, with the data that they had. */
  run(...nodes: readonly NodeNumber[]): void {
    const address = this.#address;
    const peers = NODES.map((node) => `n${String(node)}=http://${address}:238${String(node)}`).join(',');
    for (const node of nodes) {
      const client = `http://${address}:237${String(node)}`;
      const peer = `http://${address}:238${String(node)}`;
      const words = ['--name', `n${String(node)}`, '--data-dir', join(this.#directory, String(node))];
      words.push('--listen-client-urls', client, '--advertise-client-urls', client);
      words.push('--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer);
      words.push('--initial-cluster', peers, '--initial-cluster-state', 'new', '--log-level', 'error');
      this.#nodes.set(node, this.#host.start('etcd', ...words));
    }
  }

  /** Kills nodes at once. */
  async kill(...nodes: readonly NodeNumber[]): Promise<void> {
    for (const node of nodes) await killed(this.#nodes.get(node), 'SIGKILL');
  }
}

/** A director that follows a store. */
export class FleetDirector {
  readonly host: Namespace;
  readonly ipvs: Ipvs;
  /** Its file, for `--store`. */
  readonly file: string;
  readonly #directory: string;
  #agent: ChildProcess | undefined;

  private constructor(host: Namespace, ipvs: Ipvs, directory: string) {
    this.host = host;
    this.ipvs = ipvs;
    this.#directory = directory;
    this.file = join(directory, 'director.json');
  }

  static async start(lab: Lab, host: Namespace, id: string, store: FleetStore): Promise<FleetDirector> {
    const directory = await mkdtemp(join(tmpdir(), 'director-'));
    lab.cleanup.add(`directory ${directory}`, () => rm(directory, { recursive: true }));
    const director = new FleetDirector(host, await lab.ipvs(host), directory);
    const etcd = { endpoints: store.endpoints, prefix: '/ipvs-ts/lab/' };
    await mkdir(join(directory, 'run'));
    await writeFile(director.file, JSON.stringify({ agent: { id, source: { etcd } } }));
    lab.cleanup.add(`agent of ${id}`, () => killed(director.#agent, 'SIGTERM'));
    director.run();
    return director;
  }

  /** Starts its agent, with the files that it had. */
  run(): void {
    const folder = (name: string): string => join(this.#directory, name);
    const words = ['-f', this.file, '--runtime-dir', folder('run'), '--state-dir', folder('state')];
    this.#agent = this.host.start('ipvs-ts', 'agent', ...words);
  }

  /** Kills its agent at once. */
  crash(): Promise<void> {
    return killed(this.#agent, 'SIGKILL');
  }

  /** Asks its agent. */
  ask(...words: readonly string[]): Promise<Outcome> {
    return this.host.try(['ipvs-ts', ...words, '--socket', join(this.#directory, 'run', 'agent.sock')]);
  }

  /** `ipvs-ts fleet put` of a document, as an operator on this director. */
  async put(document: object, ...options: readonly string[]): Promise<Outcome> {
    const file = join(this.#directory, 'document.json');
    await writeFile(file, JSON.stringify(document));
    return this.host.try([
      ...['ipvs-ts', 'fleet', 'put', '-f', file, '--store', this.file, '--yes', ...options],
    ]);
  }

  /** The weights of its table, when they are these, or after a minute. */
  async weights(wanted: Readonly<Record<string, number>>): Promise<Readonly<Record<string, number>>> {
    const read = async (): Promise<Record<string, number>> => {
      const [entry] = await this.ipvs.table({ counters: false });
      const all = entry?.destinations ?? [];
      return Object.fromEntries(all.map(({ key, weight }) => [key, weight] as const).sort());
    };
    const text = JSON.stringify(wanted);
    return poll(read, (seen) => JSON.stringify(seen) === text, { limit: 60_000 });
  }
}
