import type { Real } from './real.js';
import type { Settings } from './settings.js';
import type { Virtual } from './virtual.js';

/** What the checks of a real server depend on. */
export interface CheckTarget {
  readonly virtual: Virtual;
  readonly settings: Settings;
  readonly real: Real;
  /** Where the check connects. */
  readonly port: number;
  /** Its port in the table. */
  readonly tablePort: number;
  readonly request: string;
  readonly receive: string;
}
