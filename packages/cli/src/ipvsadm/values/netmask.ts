/** The persistence netmask of `-M`. */
import { MESSAGES, refuse } from '../language/messages.js';
import { hostAddress, type NameLookup } from '../language/names.js';
import { inetAton } from '../language/inet.js';
import { leadingInteger } from './integer.js';

/** An IPv4 mask, as inet_aton or the host table reads the word, contiguous or not. */
export function parseNetmask4(text: string, names: NameLookup): string {
  return inetAton(text) ?? hostAddress(names, text) ?? refuse(MESSAGES.netmask);
}

/** An IPv6 prefix length; text after the digits is ignored. */
export function parseNetmask6(text: string): number {
  const length = leadingInteger(text);
  return length >= 1 && length <= 128 ? length : refuse(MESSAGES.netmask6);
}
