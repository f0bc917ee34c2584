/** Signals at random moments of random subcommands on a real kernel: nothing hangs, and none leaves work half done without a report. */
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type DesiredState, IpvsSync, writeDocument } from '@ipvs-ts/ipvs';
import { Source } from '../comparison/random/source.js';
import { Bench } from './bench.js';

/** How many programs get a signal. */
const COUNT = Number(process.env['IPVS_TS_SIGNALS'] ?? 100);
const SEED = Number(process.env['IPVS_TS_SEED'] ?? Date.now() % 1_000_000);
/** How many services are added and removed. */
const MANY = 3000;
/** A program that ends later than so many milliseconds after its last signal hangs. */
const PATIENCE = 120_000;

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGPIPE: 13, SIGTERM: 15 } as const;
type Ending = keyof typeof NUMBERS;

/** What the test sees of the table. */
interface Seen {
  /** Services by firewall mark. */
  readonly many: number;
  /** The weight of the destination that is drained; undefined without it. */
  readonly weight: number | undefined;
}

/** How a program ended. */
interface End {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly text: string;
  readonly before: Seen;
  readonly after: Seen;
}

interface Kind {
  readonly words: string;
  /** Exit statuses without a signal, or with one that it treats as a wish to end. */
  readonly statuses: readonly number[];
  /** Whether it runs until a signal ends it, and the signals that do not. */
  readonly endless?: boolean;
  readonly survives?: readonly Ending[];
  /** What is wrong about its end; undefined if it is right. */
  readonly mistake?: (end: End) => string | undefined;
  /** Makes the table that it needs. */
  readonly prepare?: (bench: Bench, ipvs: IpvsSync) => void;
}

const DRAINED = ['tcp:10.9.0.1:80', '10.9.0.2:80'] as const;

/** Changes that were stopped half-way are counted, and those counts are true. */
function counted(wanted: number) {
  return ({ status, text, before, after }: End): string | undefined => {
    const done = Math.abs(after.many - before.many);
    if (after.many === wanted) return undefined;
    if (status === 0) return `it ended with 0, and ${after.many} services are there instead of ${wanted}`;
    if (done === 0) return undefined;
    const said = /\(([0-9]+) done, 0 failed, ([0-9]+) not sent\)/.exec(text);
    if (Number(said?.[1]) === done && Number(said?.[2]) === Math.abs(wanted - after.many)) return undefined;
    return `${done} changes were made, and it said “${text.slice(0, 300)}”`;
  };
}

const KINDS: Readonly<Record<string, Kind>> = {
  'apply (add)': {
    words: 'apply many.json',
    statuses: [0],
    prepare: (_, ipvs) => remove(ipvs),
    mistake: counted(MANY),
  },
  'apply (remove)': {
    words: 'apply base.json --prune all --yes',
    statuses: [0],
    prepare: (bench) => void bench.run('ipvs-ts apply many.json'),
    mistake: counted(0),
  },
  drain: {
    words: `drain ${DRAINED.join(' ')}`,
    statuses: [0],
    // A connection that was just closed keeps it waiting.
    prepare: (bench) =>
      void bench.run('timeout 2 bash -c "for i in 1 2 3; do : </dev/tcp/10.9.0.1/80; done"'),
    mistake: ({ status, before: { weight: old }, after: { weight }, text }) => {
      if (weight === undefined)
        return status === 0 ? undefined : 'it was deleted, and the status does not say so';
      if (weight === old || (weight === 0 && text.includes('weight'))) return undefined;
      return `its weight is ${weight}, and it said “${text}”`;
    },
  },
  watch: { words: 'watch --interval 100ms', statuses: [], endless: true, survives: ['SIGPIPE'] },
  top: { words: 'top', statuses: [], endless: true, survives: ['SIGPIPE'] },
  doctor: { words: 'doctor', statuses: [0, 1] },
  plan: { words: 'plan many.json', statuses: [0, 2] },
  export: { words: 'export', statuses: [0] },
  validate: { words: 'validate many.json', statuses: [0] },
  'metrics --listen': {
    words: 'metrics --listen 127.0.0.1:0',
    statuses: [0],
    endless: true,
    survives: ['SIGPIPE'],
  },
  agent: {
    words: 'agent -f base.json --runtime-dir run --state-dir state',
    statuses: [0],
    endless: true,
    survives: ['SIGPIPE', 'SIGHUP'],
  },
};

const BASE: DesiredState = {
  services: {
    [DRAINED[0]]: {
      scheduler: 'wrr',
      destinations: {
        [DRAINED[1]]: { forwarding: 'masq', weight: 5 },
        '10.9.0.3:80': { forwarding: 'masq', weight: 1 },
      },
    },
  },
};

function remove(ipvs: IpvsSync): void {
  for (const { key } of ipvs.services({ counters: false }))
    if (key.startsWith('fwmark:')) ipvs.deleteService(key);
}

function look(ipvs: IpvsSync): Seen {
  const many = ipvs.services({ counters: false }).filter(({ key }) => key.startsWith('fwmark:')).length;
  const weight = ipvs.destinations(DRAINED[0]).find(({ key }) => key === DRAINED[1])?.weight;
  return { many, weight };
}

describe(`${COUNT} signals at random moments of subcommands`, function () {
  this.timeout(900_000 + COUNT * 20_000);
  let bench: Bench;
  before(() => {
    bench = new Bench();
    const marks = Array.from({ length: MANY }, (_, at) => [`fwmark:${at + 1}`, { scheduler: 'rr' }] as const);
    bench.write('base.json', writeDocument(BASE, 'json'));
    bench.write(
      'many.json',
      writeDocument({ services: { ...BASE.services, ...Object.fromEntries(marks) } }, 'json'),
    );
  });
  after(() => bench.close());

  it(`end them with a status, without a stack trace, and with a true report about the table (seed ${SEED})`, async () => {
    using ipvs = IpvsSync.open({ netns: bench.netns });
    const source = new Source(String(SEED));
    const mistakes: string[] = [];
    const names = Object.keys(KINDS);
    /** How long each kind takes, at most. */
    const times = new Map<string, number>();
    const ends = new Map<string, number>();
    let last = Date.now();
    for (let trial = 0; trial < COUNT; trial++) {
      if (Date.now() - last > 30_000) {
        last = Date.now();
        process.stderr.write(`signals: ${trial} of ${COUNT}\n`);
      }
      const name = source.pick(names);
      const kind = KINDS[name] as Kind;
      bench.run('ipvs-ts apply base.json >prepared 2>&1');
      kind.prepare?.(bench, ipvs);
      const before = look(ipvs);
      const { sent, ...end } = await interrupted(bench, name, kind, source, times);
      const found = mistakesOf(kind, sent, { ...end, before, after: look(ipvs) });
      const how = `${name}: ${end.status ?? end.signal ?? ''}`;
      ends.set(how, (ends.get(how) ?? 0) + 1);
      mistakes.push(...found.map((each) => `trial ${trial}: ${name} with ${sent.join(', ')}: ${each}`));
    }
    process.stderr.write(
      `${[...ends]
        .sort()
        .map(([how, count]) => `${how} (${count})`)
        .join(', ')}\n`,
    );
    expect(mistakes, `seed ${SEED}`).to.deep.equal([]);
  });
});

/** Starts a subcommand, sends it signals, and waits for its end. */
async function interrupted(
  bench: Bench,
  name: string,
  { words, endless = false, survives = [] }: Kind,
  source: Source,
  times: Map<string, number>,
): Promise<Pick<End, 'status' | 'signal' | 'text'> & { sent: string[] }> {
  const sent: string[] = [];
  const pidFile = join(bench.directory, 'pid');
  rmSync(pidFile, { force: true });
  const isScreen = name === 'top';
  const run = `echo $$ >pid; exec ipvs-ts ${words}`;
  const program = bench.start(
    isScreen ? `exec script -qec '${run}' /dev/null >out 2>err </dev/null` : `${run} >out 2>err`,
  );
  const began = Date.now();
  const exited = once(program, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const kill = (signal: NodeJS.Signals): void => {
    try {
      process.kill(Number(readFileSync(pidFile, 'utf8')), signal);
      sent.push(signal);
    } catch {
      // It is over already.
    }
  };
  while (program.exitCode === null && !(existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n')))
    await sleep(1);
  await sleep(source.below(Math.max(200, 1.1 * (times.get(name) ?? 2000))));
  if (source.below(3) === 0) {
    kill('SIGSTOP');
    await sleep(source.below(200));
    kill('SIGCONT');
    // `script` stops with its program.
    program.kill('SIGCONT');
  }
  const signals = Object.keys(NUMBERS) as Ending[];
  const signal = source.pick(signals);
  kill(signal);
  if (endless && survives.includes(signal)) {
    await sleep(source.below(500));
    kill('SIGTERM');
  }
  const timer = setTimeout(() => {
    sent.push('nothing any more: it hangs');
    kill('SIGKILL');
    program.kill('SIGKILL');
  }, PATIENCE);
  const [status, by] = await exited;
  clearTimeout(timer);
  if (!endless && status === 0) times.set(name, Math.max(times.get(name) ?? 0, Date.now() - began));
  const text = ['out', 'err'].map((file) => readFileSync(join(bench.directory, file), 'utf8')).join('\n');
  // `script` reports the end of its program by a signal as a shell does.
  const shown = isScreen && status !== null && status > 128 ? status - 128 : undefined;
  const named = signals.find((each) => NUMBERS[each] === shown && sent.includes(each));
  return { status: named === undefined ? status : NUMBERS[named] + 128, signal: by, text, sent };
}

function mistakesOf(kind: Kind, sent: readonly string[], end: End): string[] {
  const found: string[] = [];
  const { status, signal, text, before, after } = end;
  if (sent.some((each) => each.startsWith('nothing'))) found.push('it hangs');
  const ending = sent.filter((each): each is Ending => each in NUMBERS);
  const allowed = [...kind.statuses, ...ending.map((each) => 128 + NUMBERS[each])];
  if (status !== null && !allowed.includes(status)) found.push(`status ${status}: ${text.slice(0, 300)}`);
  if (signal !== null && !sent.includes(signal)) found.push(`it was ended by ${signal}`);
  if (/^\s+at .*[:(]\d|node:internal|Unhandled|triggerUncaught/m.test(text))
    found.push(`a stack trace: ${text}`);
  // A signal that comes before the program listens to it ends it, and then it has done nothing.
  const isSame = before.many === after.many && before.weight === after.weight;
  if (signal !== null && !isSame && kind.mistake?.({ ...end, status: 1 }) !== undefined)
    found.push(`it was ended by ${signal} without a word, half-way: ${JSON.stringify({ before, after })}`);
  else if (signal === null) {
    const mistake = kind.mistake?.(end);
    if (mistake !== undefined) found.push(mistake);
  }
  return found;
}
