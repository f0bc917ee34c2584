import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../source-files.js';

/** Where the results of the last runs are kept. */
export const RESULTS_FILE = join(CHECKOUT, 'docs/matrix.json');

/** How one suite went in one place. */
export interface Result {
  readonly passed: number;
  readonly failed: number;
  /** Tests that the place has nothing for; absent in results from before they were counted. */
  readonly skipped?: number;
  /** Day of the run, in UTC. */
  readonly date: string;
  /** What exactly it ran on, in the words of `node --version` or of test-vm/run. */
  readonly version: string;
}

/** Results by place (`node 22`, `uml 6.12`), then by suite. */
export type Results = Record<string, Record<string, Result>>;

/** What was seen so far; nothing before the first run. */
export function readResults(): Results {
  return existsSync(RESULTS_FILE) ? (JSON.parse(readFileSync(RESULTS_FILE, 'utf8')) as Results) : {};
}
