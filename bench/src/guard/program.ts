/**
 * The program whose instructions the guard counts: each task some times to warm up, then twice to be counted, without a
 * kernel. It asks for its priority before and after what counts; callgrind is told to begin a new count there.
 */
import { getPriority } from 'node:os';
import { TASKS } from './tasks.js';

for (const { run, warm } of TASKS) {
  for (let round = 0; round < warm; round++) await run();
  getPriority();
  await run();
  await run();
  getPriority();
}
