/** The reference by itself, so that nothing of ours changes what it takes. See program.ts. */
import { getPriority } from 'node:os';
import { reference } from './reference.js';

for (let round = 0; round < 10; round++) reference();
getPriority();
reference();
reference();
getPriority();
