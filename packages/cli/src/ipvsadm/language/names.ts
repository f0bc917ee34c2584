/** Converts names to numbers and back with the C library's look-ups. */
import type { NameService } from '@ipvs-ts/netlink';
import { parseAddress, PROTOCOLS } from '@ipvs-ts/ipvs/verbs-sync';

/** Opens the C library's look-ups of names when the first one is needed. */
export type NameLookup = () => NameService;

/** The IPv4 address of a host name; IPv6 addresses are never looked up. */
export function hostAddress(names: NameLookup, host: string): string | undefined {
  return names().hostByName(host);
}

/** A service name's port. */
export function servicePort(
  names: NameLookup,
  name: string,
  protocol: string | undefined,
): number | undefined {
  if (!isNamed(protocol)) return undefined;
  return names().serviceByName(name, protocol);
}

/** `address:port` as listings print it: IPv6 in brackets, and clipped to 59 characters. */
export function endpointText(
  endpoint: { readonly address: string; readonly port: number },
  protocol: string | undefined,
  names: NameLookup | undefined,
): string {
  const { address, port } = endpoint;
  const host = names === undefined ? address : (hostName(names, address) ?? address);
  const service = (isNamed(protocol) ? names?.().serviceByPort(port, protocol) : undefined) ?? String(port);
  const text = address.includes(':') ? `[${host}]:${service}` : `${host}:${service}`;
  return text.slice(0, 59);
}

function hostName(names: NameLookup, address: string): string | undefined {
  const bytes = parseAddress(address)?.bytes;
  return bytes === undefined ? undefined : names().hostByAddress(bytes);
}

/** Only services of these protocols have names. */
function isNamed(protocol: string | undefined): protocol is string {
  return protocol !== undefined && Object.hasOwn(PROTOCOLS, protocol);
}
