/** A destination as listings name and describe it. */
import type { Destination, Service, Uncounted } from '@ipvs-ts/ipvs';
import { endpointText, type NameLookup } from '../language/names.js';

/** What C's printf writes for a word that is not there. */
const NO_WORD = '(null)';

const FORWARDING: Readonly<Record<string, string>> = {
  masq: 'Masq',
  local: 'Local',
  tunnel: 'Tunnel',
  route: 'Route',
};

const CHECKSUM = { none: '-c', csum: '+c', remcsum: 'r+c' } as const;

/** A destination's first columns. Ports of a fwmark service's destinations belong to no protocol, so to no name. */
export function destinationName(
  destination: Uncounted<Destination>,
  service: Pick<Service, 'protocol'>,
  names: NameLookup | undefined,
): string {
  const endpoint = endpointText(destination, service.protocol, names);
  const shown = destination.family === 'ipv6' ? endpoint : endpoint.slice(0, 28);
  return `  -> ${shown.padEnd(28)}`;
}

/** The forwarding column. */
export function forwardingText({ forwarding }: Uncounted<Destination>): string {
  return FORWARDING[forwarding] ?? NO_WORD;
}

/** The tunnel column. */
export function tunnelText({ forwarding, tunnel }: Uncounted<Destination>): string {
  if (forwarding !== 'tunnel' || !tunnel) return 'n/a';
  const { type, port, checksum } = tunnel;
  if (type === 'gue') return `gue:${port}:${CHECKSUM[checksum]}`;
  if (type === 'gre') return `gre:${CHECKSUM[checksum]}`;
  return type === 'ipip' ? type : NO_WORD;
}
