/** Names to numbers and back, through the C library's look-ups. */
import type { NameService } from '@ipvs-ts/netlink';
import { addressBytes } from './inet.js';

/** Opens the look-ups when a name is first asked for. */
export type Names = () => NameService;

/** A protocol number's services have names for these only. */
const NAMED_PROTOCOLS: readonly string[] = ['tcp', 'udp', 'sctp'];

/** A host name's IPv4 address; IPv6 addresses are never looked for. */
export function hostAddress(names: Names, host: string): string | undefined {
  return names().hostByName(host);
}

/** A service name's port. */
export function servicePort(names: Names, name: string, protocol: string | undefined): number | undefined {
  if (protocol === undefined || !NAMED_PROTOCOLS.includes(protocol)) return undefined;
  return names().serviceByName(name, protocol);
}

/** `address:port` as listings print it: IPv6 in brackets, and no more than 59 characters of it. */
export function endpointText(
  endpoint: { readonly address: string; readonly port: number },
  protocol: string | undefined,
  names: Names | undefined,
): string {
  const { address, port } = endpoint;
  const host = names?.().hostByAddress(Uint8Array.from(addressBytes(address))) ?? address;
  const named = protocol !== undefined && NAMED_PROTOCOLS.includes(protocol);
  const service = (named ? names?.().serviceByPort(port, protocol) : undefined) ?? String(port);
  const text = address.includes(':') ? `[${host}]:${service}` : `${host}:${service}`;
  return text.slice(0, 59);
}
