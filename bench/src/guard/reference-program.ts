/** The reference in a process of its own, so that nothing of ours changes its count. See program.ts. */
import { getPriority } from 'node:os';
import { reference } from './reference.js';

for (let round = 0; round < 10; round++) reference();
getPriority();
reference();
reference();
getPriority();
