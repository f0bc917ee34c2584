import { parseAddress, parseDestinationKey } from '@ipvs-ts/ipvs';

/**
 * The canonical order of destinations: IPv4 before IPv6, then by address as a number, then by port. Every director adds
 * destinations in this order, since hash schedulers depend on it.
 */
export function canonicalOrder(names: Iterable<string>): string[] {
  return [...names]
    .map((name) => ({ name, rank: rank(name) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : one.rank > other.rank ? 1 : 0))
    .map(({ name }) => name);
}

/** A text that sorts like the destination. */
function rank(name: string): string {
  const { address, port } = parseDestinationKey(name);
  const bytes = parseAddress(address)?.bytes ?? new Uint8Array();
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${bytes.length === 4 ? 4 : 6}${hex}${String(port).padStart(5, '0')}`;
}
