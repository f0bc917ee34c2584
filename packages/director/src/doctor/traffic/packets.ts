/** Packets of services as the firewall sees them, with the conntrack states that they have on real kernels. */
import type { Service } from '@ipvs-ts/ipvs';
import type { ConnectionState, Packet } from '../../firewall/packet.js';
import type { Facts } from '../facts/facts.js';
import type { Target } from '../facts/marks.js';
import type { Path } from '../facts/paths.js';
import { isOwn } from '../facts/roles.js';

/** Assumptions about a packet. */
export interface Circumstances {
  /** Whether IPVS keeps its connections in conntrack: vs.conntrack 1. */
  readonly tracked: boolean;
  /** The client's address; any if absent. */
  readonly client?: string | undefined;
  /** The interface on which requests arrive. */
  readonly input?: string | undefined;
}

/** The first packet of a connection, or a later one, with its conntrack state. */
interface Moment {
  readonly state: ConnectionState;
  readonly tcpFlags?: Packet['tcpFlags'];
}

/**
 * Incoming requests. Without vs.conntrack no connection is kept: each packet is new. With it, conntrack does not see
 * the replies of direct routing and tunnels, so later TCP packets are invalid.
 */
function requestMoments(facts: Facts, protocol: string, tracked: boolean, nat: boolean): Moment[] {
  if (protocol === 'udp') return [{ state: 'new' }, { state: tracked && nat ? 'established' : 'new' }];
  if (protocol !== 'tcp') return [{ state: 'new' }, { state: tracked && nat ? 'established' : 'unknown' }];
  const middle = tracked ? (nat ? 'established' : 'invalid') : picked(facts);
  return [
    { state: 'new', tcpFlags: ['syn'] },
    { state: middle, tcpFlags: ['ack'] },
  ];
}

/** Incoming replies of NAT destinations. */
function replyMoments(facts: Facts, protocol: string, tracked: boolean): Moment[] {
  if (protocol === 'udp') return [{ state: tracked ? 'established' : 'new' }];
  if (protocol !== 'tcp') return [{ state: tracked ? 'established' : 'invalid' }];
  return [
    { state: tracked ? 'established' : 'invalid', tcpFlags: ['syn', 'ack'] },
    { state: tracked ? 'established' : picked(facts), tcpFlags: ['ack'] },
  ];
}

/** The state of connections whose beginning conntrack has not seen. */
function picked({ sysctl }: Facts): ConnectionState {
  return sysctl('net/netfilter/nf_conntrack_tcp_loose') === '0' ? 'invalid' : 'new';
}

/** Requests of a client as they arrive at the director. */
export function requestsOf(
  facts: Facts,
  service: Service,
  target: Target,
  nat: boolean,
  { tracked, client, input }: Circumstances,
): Packet[] {
  return requestMoments(facts, target.protocol, tracked, nat).map((moment) => ({
    family: service.family,
    protocol: target.protocol,
    ...(target.address !== undefined && {
      destination: target.address,
      destinationType: isOwn(facts, target.address) ? ('local' as const) : ('unicast' as const),
    }),
    ...(target.port !== undefined && { destinationPort: target.port, ports: target.ports }),
    ...(client !== undefined && { source: client }),
    sourcePort: 'client',
    sourceType: client !== undefined && isOwn(facts, client) ? 'local' : 'unicast',
    input,
    output: '',
    reply: false,
    ipvs: false,
    ...moment,
  }));
}

/** Requests as the director forwards them to a destination: rewritten, unchanged, or encapsulated. */
export function passedOn(
  facts: Facts,
  { service, destination, link }: Path,
  target: Target,
  { tracked, client, input }: Circumstances,
): Packet[] {
  const output = link?.name;
  const { family, address, port, forwarding, tunnel } = destination;
  if (forwarding === 'tunnel') {
    const outer = {
      family,
      destination: address,
      destinationType: 'unicast',
      sourceType: 'local',
      output,
      input: '',
      state: 'new',
      ipvs: true,
    } as const;
    const inner = service.family === 'ipv6' ? 'ipv6' : 'ipip';
    if (tunnel?.type === 'gue') return [{ ...outer, protocol: 'udp', destinationPort: tunnel.port }];
    return [{ ...outer, protocol: tunnel?.type === 'gre' ? 'gre' : inner }];
  }
  const nat = forwarding === 'masq';
  const requests = requestsOf(facts, service, target, nat, { tracked, client, input });
  return requests.map((request): Packet => {
    const there = nat
      ? {
          destination: address,
          ...((port || target.port) && { destinationPort: port || target.port }),
          ...(port !== 0 && { ports: undefined }),
        }
      : {};
    return {
      ...request,
      family,
      ...there,
      destinationType: nat ? 'unicast' : request.destinationType,
      input: '',
      output,
      state: tracked ? request.state : 'untracked',
      ...virtualOf(target),
    };
  });
}

/** Replies of a NAT destination as they arrive at the director, before their source is translated. */
export function repliesOf(
  facts: Facts,
  { destination, link }: Path,
  target: Target,
  { tracked, client }: Circumstances,
): Packet[] {
  const port = destination.port || target.port;
  return replyMoments(facts, target.protocol, tracked).map((moment) => ({
    family: destination.family,
    protocol: target.protocol,
    source: destination.address,
    sourceType: 'unicast',
    ...(port !== undefined && port !== 0 && { sourcePort: port }),
    ...(destination.port === 0 && { ports: target.ports }),
    ...(client !== undefined && { destination: client }),
    destinationPort: 'client',
    destinationType: client !== undefined && isOwn(facts, client) ? 'local' : 'unicast',
    input: link?.name,
    reply: true,
    ipvs: false,
    ...(tracked &&
      target.address !== undefined && { original: { address: target.address, port: target.port } }),
    ...moment,
  }));
}

/** Replies after IPVS: their source is the virtual address. */
export function translated(reply: Packet, target: Target, tracked: boolean): Packet {
  const { state } = reply;
  return {
    ...reply,
    source: target.address,
    ...(target.port !== undefined && { sourcePort: target.port }),
    ports: target.ports,
    sourceType: 'local',
    state: tracked || state === 'invalid' ? state : 'untracked',
    ...virtualOf(target),
  };
}

function virtualOf({ address, port }: Target): Pick<Packet, 'ipvs' | 'virtual'> {
  if (address === undefined || port === undefined) return { ipvs: true };
  return { ipvs: true, virtual: { address, port } };
}
