/** The values of the sync daemon's commands and options. */
import type { DaemonState } from '@ipvs-ts/ipvs';
import { addressText, DAEMON_STATES, parseAddress } from '@ipvs-ts/ipvs/verbs-sync';
import { MESSAGES, refuse } from '../language/messages.js';
import { parseInteger } from './integer.js';

/** The argument of `--start-daemon` or, with another message, of `--stop-daemon`. */
export function parseDaemonState(text: string, message: string): DaemonState {
  return DAEMON_STATES.find((state) => state === text) ?? refuse(message);
}

/** The argument of `--syncid`. */
export function parseSyncId(text: string): number {
  return parseInteger(text, 0, 255) ?? refuse(MESSAGES.syncId);
}

/** The argument of `--mcast-port`. */
export function parseGroupPort(text: string): number {
  return parseInteger(text, 1, 65535) ?? refuse(MESSAGES.groupPort);
}

/** The argument of `--mcast-ttl`. */
export function parseGroupTtl(text: string): number {
  return parseInteger(text, 1, 255) ?? refuse(MESSAGES.groupTtl);
}

/** The argument of `--sync-maxlen`: what fits a UDP datagram over IPv4. */
export function parseMaxLength(text: string): number {
  return parseInteger(text, 1, 65507) ?? refuse(MESSAGES.maxLength);
}

/** The argument of `--mcast-group`: a multicast address; a colon makes it an IPv6 one. */
export function parseGroup(text: string): string {
  const address = parseAddress(text);
  const first = address?.bytes[0] ?? 0;
  if (text.includes(':'))
    return address !== undefined && first === 0xff ? addressText(address) : refuse(MESSAGES.group6(text));
  return (first & 0xf0) === 0xe0 ? text : refuse(MESSAGES.group4(text));
}
