/** How V8 runs what is counted. */
import { TASKS } from './tasks.js';

/** Options with which runs of V8 repeat: one thread, fixed seeds, and no collection of garbage while something is counted. */
const REPEATABLE = [
  ...['--single-threaded', '--predictable', '--hash-seed=1', '--random-seed=1', '--no-flush-bytecode'],
  ...['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64', '--max-old-space-size=1024'],
];

export interface Mode {
  readonly flags: readonly string[];
  /** Rounds before the count. */
  readonly warm: number;
  /** Rounds that are counted one by one; the median holds. */
  readonly rounds: number;
  /** The tasks, by their names in the record. */
  readonly tasks: Readonly<Record<string, string>>;
}

/**
 * A command line is over before V8 has optimised much, so all tasks are counted without its optimising compilers, whose moment a
 * small change anywhere would shift. One is counted again when V8 has optimised it, as in a process that runs long.
 */
export const MODES = {
  interpreted: {
    flags: [...REPEATABLE, '--no-opt', '--no-sparkplug', '--liftoff-only'],
    warm: 1,
    rounds: 3,
    tasks: Object.fromEntries(TASKS.map(({ name }) => [name, name])),
  },
  optimised: { flags: REPEATABLE, warm: 34, rounds: 9, tasks: { 'table, optimised': 'table' } },
} as const satisfies Readonly<Record<string, Mode>>;
