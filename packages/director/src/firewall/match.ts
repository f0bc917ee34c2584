import { type AddressRange, isEverything, rangeOf, within } from './address-range.js';
import { type Answer, any, known } from './answer.js';
import { type AddressType, type Packet, protocolOf, type TcpFlag } from './packet.js';
import type { Match } from './rule.js';

/** A match that cannot be judged here. */
export const perhaps: Match = () => 'perhaps';
/** A match that depends on the client, on values that packets do not have here. */
export const some: Match = () => 'some';
export const always: Match = () => 'yes';
export const never: Match = () => 'no';

/** Matches a network, an address or a range; see `rangeOf`. */
export function network(side: 'source' | 'destination', text: string): Match {
  const range = rangeOf(text);
  if (range === undefined) return perhaps;
  if (isEverything(range)) return ({ family }) => (family === range.family ? 'yes' : 'no');
  return (packet) => addressIn(packet, side, range);
}

/** Whether an address of a packet lies in a range. */
export function addressIn(packet: Packet, side: 'source' | 'destination', range: AddressRange): Answer {
  if (packet.family !== range.family) return 'no';
  if (packet[side] === undefined) packet.compared?.(side, range);
  return known(packet[side], (value) => within(range, value));
}

/** Low and high port of `80`, `8000:8080`, `:1023`; undefined for any other text. */
export function portRange(text: string): readonly [low: number, high: number] | undefined {
  const [from = '', to] = text.split(/[:-]/);
  const low = from === '' ? 0 : Number(from);
  const high = to === undefined ? low : to === '' ? 0xffff : Number(to);
  return Number.isInteger(low) && Number.isInteger(high) ? [low, high] : undefined;
}

/** Matches the port of one end against a number or a range. Packets without ports do not match. */
export function port(side: 'sourcePort' | 'destinationPort', text: string): Match {
  const range = portRange(text);
  if (range === undefined) return perhaps;
  const [low, high] = range;
  return (packet) => (hasPorts(packet) ? portIn(packet, packet[side], low, high) : 'no');
}

/** Ports below are those of servers: clients take others. */
const CLIENT_PORTS = 1024;
/** Protocols of UDP whose clients often use the port of the server: NTP, IKE. */
const SYMMETRIC = new Set([123, 500]);

/** Whether a port of a packet lies in a range. */
export function portIn(
  packet: Packet,
  own: number | 'client' | undefined,
  low: number,
  high: number,
): Answer {
  if (own !== 'client') return known(own, (value) => value >= low && value <= high);
  if (low <= CLIENT_PORTS && high === 0xffff) return 'yes';
  if (high >= CLIENT_PORTS) return 'some';
  const server = packet.sourcePort === 'client' ? packet.destinationPort : packet.sourcePort;
  const same = typeof server === 'number' && SYMMETRIC.has(server) && server >= low && server <= high;
  return same && packet.protocol === 'udp' ? 'some' : 'no';
}

/** Whether a packet's protocol has ports. */
export function hasPorts({ protocol: name }: Packet): boolean {
  return ['tcp', 'udp', 'sctp', 'dccp', 'udplite'].includes(name);
}

/** Matches the name of an interface; `eth+` matches all names with that prefix. */
export function device(side: 'input' | 'output', text: string): Match {
  const start = text.endsWith('+') ? text.slice(0, -1) : undefined;
  return (packet) =>
    known(packet[side], (name) => (start === undefined ? name === text : name.startsWith(start)));
}

/** Matches the protocol by name or number; `all` matches every one. */
export function protocol(text: string): Match {
  if (text === 'all' || text === '0') return always;
  const number = protocolOf(text);
  return number === undefined ? perhaps : (packet) => (protocolOf(packet.protocol) === number ? 'yes' : 'no');
}

/** Matches states as conntrack names them, in either case. */
export function states(names: readonly string[]): Match {
  const wanted = names.map((name) => name.toLowerCase());
  // Packets of services are not translated by rules; other checks handle those that are.
  return ({ state }) => (state === 'unknown' ? 'perhaps' : known(state, (own) => wanted.includes(own)));
}

/** Matches flags of TCP: of those in `mask`, exactly those in `set`. */
export function tcpFlags(mask: readonly string[], set: readonly string[]): Match {
  const looked = mask.map((flag) => flag.toLowerCase());
  const wanted = set.map((flag) => flag.toLowerCase());
  return ({ protocol: name, tcpFlags: flags }) =>
    name !== 'tcp'
      ? 'no'
      : known(flags, (own: readonly TcpFlag[]) =>
          looked.every((flag) => own.includes(flag as TcpFlag) === wanted.includes(flag)),
        );
}

/** Matches bits of a mark. */
export function mark(side: 'mark' | 'connectionMark', value: number, mask: number): Match {
  return (packet) => {
    const own = packet[side] ?? 0;
    if (own === 'unknown') return 'perhaps';
    return (own & mask) >>> 0 === value ? 'yes' : 'no';
  };
}

/** Matches kinds of addresses. */
export function addressType(side: 'sourceType' | 'destinationType', names: readonly string[]): Match {
  const wanted = names.map((name) => name.toLowerCase());
  return (packet) => known(packet[side], (type: AddressType) => wanted.includes(type));
}

/** Matches if one of several does. */
export function anyOf(matches: readonly Match[]): Match {
  return (packet: Packet) => any(matches.map((match) => match(packet)));
}
