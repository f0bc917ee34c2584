/** The words of `npm run bench`. */
import { parseArgs } from 'node:util';
import { SCALE_WORKLOADS, WORKLOADS } from './workloads.js';

export const MEASURES = ['instructions', 'wall', 'syscalls'] as const;
export type Measure = (typeof MEASURES)[number];

export interface Options {
  readonly workloads: readonly string[];
  readonly measures: readonly Measure[];
  readonly rounds: number;
  readonly candidates: readonly string[];
  readonly drivers: readonly string[];
  readonly scale: boolean;
  readonly kernel: string;
}

export const USAGE = `usage: npm run bench -- [OPTION…]

  --only NAME[,NAME]        workloads: ${WORKLOADS.map(({ name }) => name).join(' ')}; a part of a name names all
                            that have it (restore, 1000x4)
  --measure NAME[,NAME]     ${MEASURES.join(', ')} (all)
  --rounds N                runs of each candidate and workload (3)
  --candidate NAME[,NAME]   floor ipvsadm ipvs-ts node batch (all)
  --driver NAME=PROGRAM     another candidate: PROGRAM is called with the task as its argument (may be repeated)
  --scale                   large tables of growing size instead
  --kernel SERIES           of the virtual machine (6.1)
`;

/** Reads them. Throws a TypeError that says what is wrong. */
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
      kernel: { type: 'string', default: '6.1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100)
    throw new TypeError(`--rounds must be an integer from 1 to 100, not ${values.rounds}`);
  const all = (values.scale ? SCALE_WORKLOADS : WORKLOADS).map(({ name }) => name);
  return {
    workloads: chosen('--only', values.only, all),
    measures: chosen('--measure', values.measure, MEASURES) as Measure[],
    rounds,
    candidates: values.candidate?.split(',') ?? [],
    drivers: values.driver ?? [],
    scale: values.scale,
    kernel: values.kernel,
  };
}

function chosen(option: string, text: string | undefined, all: readonly string[]): string[] {
  if (text === undefined) return [...all];
  const found = text.split(',').flatMap((part) => {
    const named = all.filter((name) => name === part);
    const matching = named.length > 0 ? named : all.filter((name) => name.includes(part));
    if (matching.length === 0) throw new TypeError(`${option} ${part}: there is ${all.join(', ')}`);
    return matching;
  });
  // The start of Node is what one-shots are compared with.
  return all.filter((name) => found.includes(name) || (name === 'start' && option === '--only'));
}
