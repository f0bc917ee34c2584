/** The values of the tunnel options. */
import { TUNNEL_RULES } from '../language/commands.js';
import { MESSAGES, refuse } from '../language/messages.js';
import { parseInteger } from './integer.js';

/** A tunnel type's name. */
export type TunnelType = keyof typeof TUNNEL_RULES;

/** The argument of `--tun-type`. */
export function parseTunnelType(text: string): TunnelType {
  return Object.hasOwn(TUNNEL_RULES, text) ? (text as TunnelType) : refuse(MESSAGES.tunnelType);
}

/** The argument of `--tun-port`. */
export function parseTunnelPort(text: string): number {
  return parseInteger(text, 1, 65535) ?? refuse(MESSAGES.tunnelPort);
}
