/** Fields of frames: what they hold, and those of ARP. */
import type { Packet } from '../firewall/packet.js';
import { type Key, text, type Value } from './nft-value.js';

/** The protocol of a frame. */
export function etherType({ family, arp }: Packet): Value {
  return { value: arp !== undefined ? 'arp' : family === 'ipv4' ? 'ip' : 'ip6' };
}

/** What ARP of IPv4 over Ethernet always has. */
export const ARP_FIELDS: Readonly<Record<string, Key>> = {
  operation: { kind: 'name', read: ({ arp = '' }) => ({ value: arp }) },
  'saddr ip': { kind: 'address', side: 'source', read: ({ source }) => text(source) },
  'daddr ip': { kind: 'address', side: 'destination', read: ({ destination }) => text(destination) },
  ptype: { kind: 'name', read: () => ({ value: 'ip' }) },
  htype: { kind: 'number', read: () => ({ value: 1 }) },
  hlen: { kind: 'number', read: () => ({ value: 6 }) },
  plen: { kind: 'number', read: () => ({ value: 4 }) },
};
