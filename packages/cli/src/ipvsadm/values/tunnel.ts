/** The values of the tunnel options. */
import { TUNNEL_RULES } from '../language/commands.js';
import { MESSAGES, refuse } from '../language/messages.js';
import { parseInteger } from './integer.js';

/** The types that the language has. */
export type KnownTunnelType = keyof typeof TUNNEL_RULES;

/** The argument of `--tun-type`. */
export function parseTunnelType(text: string): KnownTunnelType {
  return Object.hasOwn(TUNNEL_RULES, text) ? (text as KnownTunnelType) : refuse(MESSAGES.tunnelType);
}

/** The argument of `--tun-port`. */
export function parseTunnelPort(text: string): number {
  return parseInteger(text, 1, 65535) ?? refuse(MESSAGES.tunnelPort);
}
