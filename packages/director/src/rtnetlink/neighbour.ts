import { addressText } from '@ipvs-ts/ipvs';
import {
  attribute,
  attributeSet,
  binary,
  operation,
  rawRequest,
  type Request,
  struct,
  u16,
  u32,
  u8,
} from '@ipvs-ts/netlink';
import { AF, ROUTE } from './family.js';

/** The `NDA_*` that are used. */
const NEIGHBOUR = attributeSet('neighbour', {
  address: attribute(1, 'DST', binary(4, 16), 'address'),
  hardware: attribute(2, 'LLADDR', binary(0, 32), 'hardware address'),
});

/** `struct ndmsg`. */
const HEADER = struct({ family: u8, pad1: u8, pad2: u16, index: u32, state: u16, flags: u8, type: u8 });

/** RTM_GETNEIGH as a dump. */
export const GETNEIGH = operation({
  name: 'GETNEIGH',
  command: 30,
  mode: 'dump',
  header: HEADER,
  request: NEIGHBOUR,
  reply: { command: 28, attributes: NEIGHBOUR },
  doc: 'list the neighbours: who answered ARP or neighbour discovery, and who did not',
});

/** `NUD_*`, by their bits. */
const STATES: Readonly<Record<number, NeighbourState>> = {
  0x01: 'incomplete',
  0x02: 'reachable',
  0x04: 'stale',
  0x08: 'delay',
  0x10: 'probe',
  0x20: 'failed',
  0x40: 'noarp',
  0x80: 'permanent',
};

/** The state of a neighbour. `incomplete` and `failed`: it did not answer. */
export type NeighbourState =
  'none' | 'incomplete' | 'reachable' | 'stale' | 'delay' | 'probe' | 'failed' | 'noarp' | 'permanent';

/** Another host on a network of this one. */
export interface Neighbour {
  /** Index of the interface. */
  readonly link: number;
  readonly address: string;
  readonly state: NeighbourState;
  /** Hardware address, `02:00:00:00:00:01`; absent while it is not known. */
  readonly hardware?: string;
}

/** The request for all neighbours. */
export function neighboursRequest(): Request<Neighbour | undefined> {
  const header = { family: AF.unspecified, pad1: 0, pad2: 0, index: 0, state: 0, flags: 0, type: 0 };
  return rawRequest(ROUTE, GETNEIGH, header, {}, (reader, { family, index, state }) => {
    const { address, hardware } = reader;
    // Bridges also list their forwarding entries here, which have no address.
    if (address === undefined || (family !== AF.ipv4 && family !== AF.ipv6)) return undefined;
    return {
      link: index,
      address: addressText({ family: family === AF.ipv4 ? 'ipv4' : 'ipv6', bytes: address }),
      state: STATES[state] ?? 'none',
      ...(hardware !== undefined &&
        hardware.length > 0 && {
          hardware: Buffer.from(hardware)
            .toString('hex')
            .replace(/(..)(?=.)/g, '$1:'),
        }),
    };
  });
}
