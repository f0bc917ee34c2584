/** The reference in a process of its own, so that nothing of ours changes its count. See program.ts. */
import { getPriority } from 'node:os';
import { reference } from './reference.js';

const [warm = 0, rounds = 0] = process.argv.slice(2).map(Number);
for (let round = 0; round < warm; round++) reference();
globalThis.gc?.();
getPriority();
for (let round = 0; round < rounds; round++) {
  reference();
  getPriority();
}
