/** Columns that layouts share. */
import type { LinePattern, ListedDestinationValue, ListedServiceValue } from '@ipvs-ts/ipvs/verbs-sync';

/** The name of a service: protocol and address, or its firewall mark. */
export const SERVICE: LinePattern<ListedServiceValue> = [
  {
    either: [
      [
        {
          value: 'protocol',
          options: { tcp: 'TCP  ', udp: 'UDP  ', sctp: 'SCTP ' },
          other: '?    ',
        },
        { value: 'service', as: 'endpoint' },
      ],
      [
        'FWM  ',
        { value: 'fwmark', as: 'number' },
        { optional: [{ value: 'ipv6', options: { 1: ' IPv6' } }] },
      ],
    ],
  },
];

/** Scheduler, flags and persistence, after a service's name. */
export const DESCRIPTION: LinePattern<ListedServiceValue> = [
  { value: 'scheduler', as: 'word' },
  { optional: [' (', { value: 'flags', as: 'word' }, ')'] },
  {
    optional: [
      ' persistent ',
      { value: 'timeout', as: 'number' },
      { optional: [' mask ', { value: 'netmask', as: 'word' }] },
      { optional: [' pe ', { value: 'engine', as: 'word' }] },
    ],
  },
  { optional: [{ value: 'onePacket', options: { 1: ' ops' } }] },
];

/** The name of a destination. */
export const SERVER: LinePattern<ListedDestinationValue> = [
  '  -> ',
  { value: 'destination', as: 'endpoint' },
];

/** The forwarding column. */
export const FORWARDING: LinePattern<ListedDestinationValue> = [
  ' ',
  {
    width: 7,
    parts: [
      {
        value: 'forwarding',
        options: { masq: 'Masq', local: 'Local', tunnel: 'Tunnel', route: 'Route' },
        // What C's printf writes for a null pointer.
        other: '(null)',
      },
    ],
  },
];

/** The checksums of tunnels. */
export const CHECKSUMS = { none: '-c', csum: '+c', remcsum: 'r+c' } as const;
