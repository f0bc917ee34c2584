import {
  attribute,
  attributeSet,
  nest,
  operation,
  rawRequest,
  struct,
  u16,
  u32,
  u8,
  zstring,
} from '@ipvs-ts/netlink';
import { type Request } from '@ipvs-ts/netlink';
import { ROUTE } from './family.js';

/** `IFLA_INFO_*`. */
const LINK_INFO = attributeSet('link-info', {
  kind: attribute(1, 'KIND', zstring(32), 'kind of a virtual interface: veth, bridge, ipip, gre …'),
});

/** The `IFLA_*` that are used. */
const LINK = attributeSet('link', {
  name: attribute(3, 'IFNAME', zstring(15), 'name'),
  mtu: attribute(4, 'MTU', u32, 'longest packet, in bytes'),
  info: attribute(18, 'LINKINFO', nest(LINK_INFO), 'kind of a virtual interface'),
});

/** `struct ifinfomsg`. */
const HEADER = struct({ family: u8, pad: u8, type: u16, index: u32, flags: u32, change: u32 });

const IFF = { UP: 0x1, LOOPBACK: 0x8, RUNNING: 0x40 } as const;

/** RTM_GETLINK as a dump. */
export const GETLINK = operation({
  name: 'GETLINK',
  command: 18,
  mode: 'dump',
  header: HEADER,
  request: LINK,
  reply: { command: 16, attributes: LINK },
  doc: 'list the network interfaces',
});

/** A network interface. */
export interface Link {
  readonly index: number;
  readonly name: string;
  /** Longest packet in bytes. */
  readonly mtu: number;
  /** Set up by the administrator (`ip link set … up`). */
  readonly up: boolean;
  /** Up, and with a carrier. */
  readonly running: boolean;
  readonly loopback: boolean;
  /** `veth`, `ipip` …; absent for hardware. */
  readonly kind?: string;
}

/** The request for all interfaces. */
export function linksRequest(): Request<Link> {
  const header = { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 };
  return rawRequest(ROUTE, GETLINK, header, {}, (reader, { index, flags }) => {
    const kind = reader.info?.kind;
    return {
      index,
      name: reader.need('name'),
      mtu: reader.mtu ?? 0,
      up: (flags & IFF.UP) !== 0,
      running: (flags & IFF.RUNNING) !== 0,
      loopback: (flags & IFF.LOOPBACK) !== 0,
      ...(kind !== undefined && { kind }),
    };
  });
}
