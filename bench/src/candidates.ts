/** The candidates, and how each does a task. */
import { join } from 'node:path';
import { OWN_TASKS, type OwnTask, type Task } from './workloads.js';

/** Candidates that are measured inside their process, without its start. They print their own figures. */
export const IN_PROCESS: readonly string[] = [
  ...['batch', 'batch-warm', 'packed'],
  ...['sync', 'async', 'sync-again', 'async-again'],
];

export interface Candidate {
  readonly name: string;
  /** The command that does the task; rules are on its standard input. Absent: the candidate cannot do it. */
  command(task: Task): readonly string[] | undefined;
}

/** The service that `add` adds. */
export const ADDED = '10.99.0.1:80';

/** Commands in ipvsadm's language, for any program that accepts it. */
const LANGUAGE: Readonly<Partial<Record<Task, readonly string[]>>> = {
  restore: ['-R'],
  list: ['-ln'],
  'list-stats': ['-ln', '--stats'],
  'list-rate': ['-ln', '--rate'],
  'list-thresholds': ['-ln', '--thresholds'],
  'list-persistent': ['-ln', '--persistent-conn'],
  save: ['-S', '-n'],
  add: ['-A', '-t', ADDED],
  'list-small': ['-ln'],
};

/** The commands of `ipvs-ts`; a table as objects is read by the library. */
const OWN_WORDS: Readonly<Record<Exclude<OwnTask, 'table' | 'objects'>, readonly string[]>> = {
  plan: ['plan', '--from-rules', '-f', '-'],
  'apply-small': ['apply', '--from-rules', '-f', '-'],
  'apply-full': ['apply', '--from-rules', '-f', '-'],
  export: ['export'],
  version: ['version'],
};

/** What our subcommands are compared with: they print something else. */
const BESIDE_OWN: Readonly<Partial<Record<Task, readonly string[]>>> = {
  plan: ['-ln'],
  export: ['-S', '-n'],
  'apply-full': ['-R'],
};

const FLOOR: Partial<Record<Task, readonly string[]>> = {
  restore: ['restore'],
  list: ['list'],
  add: ['add', ADDED],
  'list-small': ['list'],
};

function speaker(
  name: string,
  program: readonly string[],
  language: Readonly<Partial<Record<Task, readonly string[]>>>,
): Candidate {
  return {
    name,
    command: (task) => {
      const words = language[task];
      return words && [...program, ...words];
    },
  };
}

/**
 * The candidates. A driver, `NAME=PROGRAM`, is called with the task as its one argument (`restore` with rules on its
 * standard input, `list`, `list-stats`, `list-rate`, `list-thresholds`, `list-persistent`, `save`, `add`, `list-small`) and ends with status 0 when it has done it.
 */
export function candidates(checkout: string, drivers: readonly string[]): Candidate[] {
  const program = join(checkout, 'packages/cli/bin/ipvs-ts.js');
  return [
    speaker('floor', [join(checkout, 'bench/build/floor')], FLOOR),
    speaker('ipvsadm', ['ipvsadm'], { ...LANGUAGE, ...BESIDE_OWN }),
    speaker('ipvs-ts', ['node', program], { ...LANGUAGE, ...OWN_WORDS }),
    {
      name: 'node',
      command: (task) => (task === 'start' ? ['node', join(checkout, 'bench/c/nothing.cjs')] : undefined),
    },
    {
      name: 'batch',
      command: (task) =>
        task === 'restore' ? ['node', join(checkout, 'bench/dist/in-process-batch.js')] : undefined,
    },
    {
      name: 'batch-warm',
      command: (task) =>
        task === 'restore' ? ['node', join(checkout, 'bench/dist/in-process-batch.js'), 'warm'] : undefined,
    },
    {
      name: 'packed',
      command: (task) =>
        task === 'restore' ? ['node', join(checkout, 'bench/dist/in-process-packed.js')] : undefined,
    },
    {
      name: 'library',
      command: (task) => (task === 'table' ? ['node', join(checkout, 'bench/dist/table.js')] : undefined),
    },
    ...IN_PROCESS.slice(3).map((name) => objects(checkout, name)),
    ...drivers.map(driver),
  ];
}

/** Reads the table as objects, synchronously or not, for the first time or again. */
function objects(checkout: string, name: string): Candidate {
  const words = ['node', join(checkout, 'bench/dist/in-process-table.js'), ...name.split('-')];
  return { name, command: (task) => (task === 'objects' ? words : undefined) };
}

function driver(text: string): Candidate {
  const split = text.indexOf('=');
  if (split < 1) throw new TypeError(`--driver must be NAME=PROGRAM, not ${text}`);
  return {
    name: text.slice(0, split),
    command: (task) =>
      task === 'start' || (OWN_TASKS as readonly string[]).includes(task)
        ? undefined
        : [text.slice(split + 1), task],
  };
}
