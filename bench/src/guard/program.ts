/**
 * The program whose instructions the guard counts: each task some times to warm up, then three times to be counted, without a
 * kernel. It asks for its priority before and after what counts; callgrind is told to begin a new count there. Warming up is
 * long enough for V8 to have optimised what it will, and each count begins with an empty nursery: else a small change anywhere
 * would move a compilation or a collection from one count to another.
 */
import { getPriority } from 'node:os';
import { replaceClock } from './clock.js';

// Long work is cut into slices by the clock, and must not depend on how fast this machine is.
replaceClock();
const { TASKS } = await import('./tasks.js');

const collect = globalThis.gc ?? (() => undefined);

for (const { run, warm } of TASKS) {
  for (let round = 0; round < warm; round++) await run();
  collect();
  getPriority();
  for (let round = 0; round < 3; round++) await run();
  getPriority();
}
