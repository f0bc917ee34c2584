/** The numbers of a real server. */
import { MESSAGES, refuse } from '../language/messages.js';
import { parseInteger } from './integer.js';

const INT_MAX = 2 ** 31 - 1;

/** The argument of `-w`. */
export function parseWeight(text: string): number {
  return parseInteger(text, 0, INT_MAX) ?? refuse(MESSAGES.weight);
}

/** The argument of `-x`. */
export function parseUpperThreshold(text: string): number {
  return parseInteger(text, 0, INT_MAX) ?? refuse(MESSAGES.upperThreshold);
}

/** The argument of `-y`. */
export function parseLowerThreshold(text: string): number {
  return parseInteger(text, 0, INT_MAX) ?? refuse(MESSAGES.lowerThreshold);
}
