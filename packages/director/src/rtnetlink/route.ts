import { argumentsOf } from '../argument-checks.js';
import { addressText, parseAddress } from '@ipvs-ts/ipvs';
import {
  attribute,
  attributeSet,
  binary,
  LITTLE_ENDIAN,
  operation,
  rawRequest,
  type Request,
  struct,
  u32,
  u8,
} from '@ipvs-ts/netlink';
import { AF, ROUTE } from './family.js';

/** The `RTA_*` that are used. */
const ROUTE_ATTRIBUTES = attributeSet('route', {
  destination: attribute(1, 'DST', binary(4, 16), 'destination'),
  output: attribute(4, 'OIF', u32, 'index of the interface that the packet leaves by'),
  gateway: attribute(5, 'GATEWAY', binary(4, 16), 'next hop'),
  // Several `struct rtnexthop`, each with attributes.
  multipath: attribute(9, 'MULTIPATH', binary(8, 0xfffc), 'several next hops'),
  source: attribute(7, 'PREFSRC', binary(4, 16), 'source address of packets of one’s own'),
  mark: attribute(16, 'MARK', u32, 'firewall mark'),
  via: attribute(
    18,
    'VIA',
    binary(2, 18),
    'next hop of the other family: two bytes of family, then the address',
  ),
});

/** `struct rtmsg`. */
const HEADER = struct({
  family: u8,
  destinationLength: u8,
  sourceLength: u8,
  tos: u8,
  table: u8,
  protocol: u8,
  scope: u8,
  type: u8,
  flags: u32,
});

/** RTM_GETROUTE as a do: the route of a packet to a destination. */
export const GETROUTE = operation({
  name: 'GETROUTE',
  command: 26,
  mode: 'do',
  header: HEADER,
  request: ROUTE_ATTRIBUTES,
  reply: { command: 24, attributes: ROUTE_ATTRIBUTES },
  doc: 'look up the route to a destination',
});

/** RTM_GETROUTE as a dump: all routes. */
export const GETROUTES = operation({
  name: 'GETROUTES',
  command: 26,
  mode: 'dump',
  header: HEADER,
  request: ROUTE_ATTRIBUTES,
  reply: { command: 24, attributes: ROUTE_ATTRIBUTES },
  doc: 'list the routes',
});

/** `RTN_*`, in the order of their numbers. */
const TYPES = [
  'unspecified',
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
] as const;

/** Where packets to a destination go. */
export interface Route {
  /** `unicast` to another host, `local` to this one; `unreachable` also where there is no route. */
  readonly type: (typeof TYPES)[number];
  /** Index of the interface. */
  readonly link?: number;
  /** Next hop; absent if the destination is on the interface's own network. */
  readonly gateway?: string;
  /** Source address that this host would use. */
  readonly source?: string;
}

const NO_HEADER = {
  destinationLength: 0,
  sourceLength: 0,
  tos: 0,
  table: 0,
  protocol: 0,
  scope: 0,
  type: 0,
  flags: 0,
};

/** The request for the route to an address. */
export function routeRequest(destination: string, mark?: number): Request<Route> {
  const address = typeof destination === 'string' ? parseAddress(destination) : undefined;
  if (address === undefined)
    throw argumentsOf.error('destination', 'an IPv4 or IPv6 address', destination, 'range');
  const header = {
    ...NO_HEADER,
    family: AF[address.family],
    destinationLength: address.bytes.length * 8,
  };
  return rawRequest(ROUTE, GETROUTE, header, { destination: address.bytes, mark }, (reader, { type }) => {
    const { output, source } = reader;
    const gateway = reader.gateway ?? reader.via?.subarray(2);
    return {
      type: TYPES[type] ?? 'unspecified',
      ...(output !== undefined && { link: output }),
      ...(gateway !== undefined && { gateway: textOf(gateway) }),
      ...(source !== undefined && { source: textOf(source) }),
    };
  });
}

/** The request for all IPv4 routes, which returns the interfaces of next hops with a gateway. */
export function gatewayLinksRequest(): Request<readonly number[]> {
  const header = { ...NO_HEADER, family: AF.ipv4 };
  return rawRequest(ROUTE, GETROUTES, header, {}, ({ output, gateway, via, multipath }, { type }) => {
    if (TYPES[type] !== 'unicast') return [];
    if (multipath !== undefined) return [...hopLinks(multipath)];
    return output !== undefined && (gateway ?? via) !== undefined ? [output] : [];
  });
}

/** The interfaces of next hops: each is length (two bytes), flags, weight, interface (four bytes), attributes. */
function* hopLinks(hops: Uint8Array): Generator<number, void, undefined> {
  const view = new DataView(hops.buffer, hops.byteOffset, hops.byteLength);
  for (let at = 0; at + 8 <= hops.length;) {
    yield view.getInt32(at + 4, LITTLE_ENDIAN);
    at += Math.max(8, (view.getUint16(at, LITTLE_ENDIAN) + 3) & ~3);
  }
}

function textOf(bytes: Uint8Array): string {
  return addressText({ family: bytes.length === 4 ? 'ipv4' : 'ipv6', bytes });
}
