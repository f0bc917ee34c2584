/**
 * The lines of the plain layout in numbers, as far as they are of IPv4: most of what is ever listed. They are put together
 * straight from the kernel's numbers; all else goes the way of all listings, and both must give the same text.
 */
import type { ServiceKey } from '@ipvs-ts/ipvs';
import { type ListedLines, type PlainService, protocolName, PROTOCOLS } from '@ipvs-ts/ipvs/verbs-sync';

const PROTOCOL_TEXTS = new Map(
  Object.entries(PROTOCOLS).map(([name, number]) => [number, name.toUpperCase().padEnd(5)]),
);

const WAYS = new Map(['Masq', 'Local', 'Tunnel', 'Route'].map((way, number) => [number, way.padEnd(8)]));

/** A longer one moves what stands behind it. */
const MOST_WEIGHT = 999_999;

export const PLAIN_LINES: ListedLines = {
  service: [
    { value: 'protocol', as: PROTOCOL_TEXTS },
    { value: 'address', as: 'address' },
    ':',
    { value: 'port', as: 'number' },
    ' ',
    { value: 'scheduler', as: 'text' },
    '\n',
  ],
  destination: [
    {
      width: 34,
      parts: ['  -> ', { value: 'address', as: 'address' }, ':', { value: 'port', as: 'number' }],
    },
    { value: 'forwarding', as: WAYS },
    { width: 7, parts: [{ value: 'weight', as: 'number', most: MOST_WEIGHT }] },
    { width: 11, parts: [{ value: 'activeConnections', as: 'number' }] },
    { width: 10, parts: [{ value: 'inactiveConnections', as: 'number' }] },
    '\n',
  ],
};

/** The name of a service. */
export function nameOf({ protocol, address, port }: PlainService): ServiceKey {
  const octets = [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff);
  return { protocol: protocolName(protocol), address: octets.join('.'), port };
}
