/**
 * The program whose instructions the guard counts: each task of a mode some times to warm up, then some times to be counted, without
 * a kernel. It asks for its priority before and after each round that counts; callgrind is told to begin a new count there.
 * The nursery is empty before each task and large enough for it: collecting after the warm-up would discard optimised code.
 */
import { getPriority } from 'node:os';
import { replaceClock } from './clock.js';

// Long work is cut into slices by the clock, and must not depend on how fast this machine is.
replaceClock();
const { TASKS } = await import('./tasks.js');
const { MODES } = await import('./modes.js');

const collect = globalThis.gc ?? (() => undefined);
const mode = MODES[process.argv[2] as keyof typeof MODES];

for (const name of Object.values(mode.tasks)) {
  const task = TASKS.find((each) => each.name === name);
  if (task === undefined) throw new Error(`no task is called ${name}`);
  collect();
  for (let round = 0; round < mode.warm; round++) await task.run();
  getPriority();
  for (let round = 0; round < mode.rounds; round++) {
    await task.run();
    getPriority();
  }
}
