/** Firewall marks. */
import { MESSAGES, refuse } from '../language/messages.js';
import { parseInteger } from './integer.js';

/** A mark from 1 to 2³²-1. */
export function parseFwmark(text: string): number {
  return parseInteger(text, 1, 0xffff_ffff) ?? refuse(MESSAGES.fwmark(text));
}
