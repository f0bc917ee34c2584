/** Timeouts, in seconds. */
import { MESSAGES, refuse } from '../language/messages.js';
import { parseInteger } from './integer.js';

/** The longest timeout: 31 days. */
const LONGEST = 31 * 24 * 60 * 60;

/** The persistence timeout of a `-p` without a value. */
const DEFAULT_PERSISTENCE = 360;

/** A persistence timeout: at least a second. */
export function parsePersistence(text: string | undefined): number {
  return text === undefined ? DEFAULT_PERSISTENCE : parseTimeout(text, 1);
}

/** A connection timeout of `--set`: 0 leaves the kernel's unchanged. */
export function parseTimeout(text: string, shortest = 0): number {
  return parseInteger(text, shortest, LONGEST) ?? refuse(MESSAGES.timeout(text));
}
