/** The options of `npm run bench`. */
import { parseArgs } from 'node:util';
import { scaleWorkloads, WORKLOADS } from './workloads.js';

export const MEASURES = ['instructions', 'wall', 'syscalls'] as const;
/** `own`: our code alone, on this machine, against a kernel that takes no time. */
export const SCALE_MEASURES = ['own', 'instructions', 'wall'] as const;
export type Measure = (typeof MEASURES)[number] | (typeof SCALE_MEASURES)[number];

/** ipvsadm would take hours. */
const SCALE_CANDIDATES = ['floor', 'ipvs-ts', 'library'];

export interface Options {
  readonly workloads: readonly string[];
  readonly measures: readonly Measure[];
  readonly rounds: number;
  readonly candidates: readonly string[];
  readonly drivers: readonly string[];
  readonly scale: boolean;
  /** Tables of `--scale` are divided by this. */
  readonly part: number;
  readonly kernel: string;
}

export const USAGE = `usage: npm run bench -- [OPTION…]

  --only NAME[,NAME]        workloads: ${WORKLOADS.map(({ name }) => name).join(' ')}; a part of a name names all
                            that have it (restore, 1000x4)
  --measure NAME[,NAME]     ${MEASURES.join(', ')} (all); with --scale ${SCALE_MEASURES.join(', ')} (own)
  --rounds N                runs of each candidate and workload (3)
  --candidate NAME[,NAME]   floor ipvsadm ipvs-ts node batch batch-warm packed library sync async
                            sync-again async-again (all; with --scale floor ipvs-ts library)
  --driver NAME=PROGRAM     another candidate: PROGRAM is called with the task as its argument (may be repeated)
  --scale                   large tables of growing size instead: does what they cost grow as they do?
  --part N                  with --scale: tables of an Nth of the size, for slow machines
  --kernel SERIES           of the virtual machine (6.1)
`;

/** Reads the options. Throws a TypeError that says what is wrong. */
export function readOptions(words: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      only: { type: 'string' },
      measure: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      candidate: { type: 'string' },
      driver: { type: 'string', multiple: true },
      scale: { type: 'boolean', default: false },
      part: { type: 'string', default: '1' },
      kernel: { type: 'string', default: '6.1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { scale } = values;
  const rounds = wholeNumber('--rounds', values.rounds);
  const part = wholeNumber('--part', values.part);
  const all = (scale ? scaleWorkloads(part) : WORKLOADS).map(({ name }) => name);
  return {
    workloads: chosen('--only', values.only, all),
    measures: chosen(
      '--measure',
      values.measure ?? (scale ? 'own' : undefined),
      scale ? SCALE_MEASURES : MEASURES,
    ) as Measure[],
    rounds,
    candidates: values.candidate?.split(',') ?? (scale ? SCALE_CANDIDATES : []),
    drivers: values.driver ?? [],
    scale,
    part,
    kernel: values.kernel,
  };
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 100)
    throw new TypeError(`${option} must be an integer from 1 to 100, not ${text}`);
  return number;
}

function chosen(option: string, text: string | undefined, all: readonly string[]): string[] {
  if (text === undefined) return [...all];
  const found = text.split(',').flatMap((part) => {
    const named = all.filter((name) => name === part);
    const matching = named.length > 0 ? named : all.filter((name) => name.includes(part));
    if (matching.length === 0) throw new TypeError(`${option} ${part}: there is ${all.join(', ')}`);
    return matching;
  });
  // One-shot runs are compared with the start of Node.
  return all.filter((name) => found.includes(name) || (name === 'start' && option === '--only'));
}
