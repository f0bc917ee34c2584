/** The program under test: the checkout's, or another build of it (`IPVS_TS_PROGRAM`), such as the executable. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const OTHER = process.env['IPVS_TS_PROGRAM'];

/** The path of the program, to be linked to under the name by which it is to run. */
export const PROGRAM =
  OTHER === undefined || OTHER === ''
    ? fileURLToPath(new URL('../bin/ipvs-ts.js', import.meta.url))
    : resolve(OTHER);

/** Whether tests that would call the program's functions in their own process start it as a process instead. */
export const IS_OTHER = OTHER !== undefined && OTHER !== '';

/** The words that start it. */
export const COMMAND: readonly string[] = PROGRAM.endsWith('.js') ? [process.execPath, PROGRAM] : [PROGRAM];
