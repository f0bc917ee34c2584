/** Values of a packet that nft expressions read. */
import type { Packet } from '../firewall/packet.js';
import { hasPorts } from '../firewall/match.js';
import { protocolOf } from '../firewall/packet.js';
import { ARP_FIELDS, etherType } from './nft-frame.js';
import { type Key, number, orOpen, text, type Value } from './nft-value.js';

export type Json = Readonly<Record<string, unknown>>;

/** A word of the listing; '' if there is none. */
function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

const UNKNOWN: Key = { kind: 'name', read: () => 'perhaps' };
const OPEN: Key = { kind: 'name', read: () => 'some' };

/** The key of an expression of nft: `{"payload": …}`, `{"meta": …}`, `{"ct": …}`, `{"fib": …}`, masks of them. */
export function keyOf(expression: unknown): Key {
  if (typeof expression !== 'object' || expression === null) return UNKNOWN;
  const [type = '', body] = Object.entries(expression)[0] ?? [];
  const entry = (body ?? {}) as Json;
  switch (type) {
    case 'payload':
      return payload(wordOf(entry['protocol']), wordOf(entry['field']));
    case 'meta':
      return META[String(entry['key'])] ?? UNKNOWN;
    case 'ct':
      return ct(entry);
    case 'fib':
      return fib(entry);
    case 'ipsec':
    case 'rt':
      return OPEN;
    case '&':
      return masked(body);
    default:
      return UNKNOWN;
  }
}

const META: Readonly<Record<string, Key>> = {
  iifname: { kind: 'name', read: ({ input }) => text(input) },
  oifname: { kind: 'name', read: ({ output }) => text(output) },
  iif: { kind: 'name', read: ({ input }) => text(input) },
  oif: { kind: 'name', read: ({ output }) => text(output) },
  l4proto: {
    kind: 'protocol',
    read: ({ protocol, arp }) => (arp === undefined ? { value: protocol } : 'absent'),
  },
  nfproto: { kind: 'name', read: ({ family, arp }) => ({ value: arp === undefined ? family : 'arp' }) },
  protocol: { kind: 'name', read: etherType },
  mark: { kind: 'number', read: ({ mark = 0 }) => number(mark) },
  // Requests of ARP are broadcast; replies go to one host.
  pkttype: { kind: 'name', read: ({ arp }) => ({ value: arp === 'request' ? 'broadcast' : 'host' }) },
  // Packets of IPVS do not belong to a socket of this host.
  skuid: { kind: 'number', read: ({ input, ipvs }) => (input === '' && ipvs !== true ? 'some' : 'absent') },
  skgid: { kind: 'number', read: ({ input, ipvs }) => (input === '' && ipvs !== true ? 'some' : 'absent') },
};

function payload(protocol: string, field: string): Key {
  if (protocol === 'ether' && field === 'type') return { kind: 'name', read: etherType };
  if (protocol === 'arp') {
    const key = ARP_FIELDS[field] ?? UNKNOWN;
    return { ...key, read: (packet) => (packet.arp === undefined ? 'absent' : key.read(packet)) };
  }
  if (protocol === 'ip' || protocol === 'ip6') {
    const family = protocol === 'ip' ? 'ipv4' : 'ipv6';
    const of =
      (read: (packet: Packet) => Value): Key['read'] =>
      (packet) =>
        packet.family === family && packet.arp === undefined ? read(packet) : 'absent';
    if (field === 'saddr') return { kind: 'address', side: 'source', read: of(({ source }) => text(source)) };
    if (field === 'daddr')
      return { kind: 'address', side: 'destination', read: of(({ destination }) => text(destination)) };
    if (field === 'hoplimit' || field === 'ttl')
      return {
        kind: 'number',
        read: of(({ hopLimit }) => (hopLimit === undefined ? 'perhaps' : { value: hopLimit })),
      };
    if (field === 'protocol' || field === 'nexthdr')
      return { kind: 'protocol', read: of(({ protocol: own }) => ({ value: own })) };
    return { kind: 'number', read: of(() => 'perhaps') };
  }
  // Only packets of a transport protocol have its fields.
  const own =
    (read: (packet: Packet) => Value): Key['read'] =>
    (packet) => {
      const fits =
        protocol === 'th' ? hasPorts(packet) : protocolOf(packet.protocol) === protocolOf(protocol);
      return fits ? read(packet) : 'absent';
    };
  if (field === 'dport')
    return { kind: 'number', read: own(({ destinationPort }) => number(destinationPort)) };
  if (field === 'sport') return { kind: 'number', read: own(({ sourcePort }) => number(sourcePort)) };
  if (protocol === 'tcp' && field === 'flags')
    return { kind: 'flags', read: own(({ tcpFlags }) => orOpen(tcpFlags, (value) => ({ value }))) };
  if (field === 'type')
    return {
      kind: 'name',
      read: own(({ icmpType }) => orOpen(icmpType, (type) => ({ value: icmpName(type, protocol) }))),
    };
  return protocolOf(protocol) === undefined ? UNKNOWN : { kind: 'number', read: own(() => 'perhaps') };
}

/** nft's names of the ICMP types that are used here. */
function icmpName(type: number, protocol: string): string {
  if (protocol === 'icmp') return type === 3 ? 'destination-unreachable' : String(type);
  return ICMPV6[type] ?? String(type);
}

const ICMPV6: Readonly<Record<number, string>> = {
  2: 'packet-too-big',
  135: 'nd-neighbor-solicit',
  136: 'nd-neighbor-advert',
};

function ct(entry: Json): Key {
  const key = stateOf(entry);
  if (entry['key'] === 'state' || key === UNKNOWN) return key;
  // Packets that conntrack does not know have nothing else of it.
  return {
    ...key,
    read: (packet) =>
      packet.state === 'invalid' || packet.state === 'untracked' ? 'absent' : key.read(packet),
  };
}

function stateOf({ key, dir }: Json): Key {
  switch (key) {
    case 'state':
      return {
        kind: 'flags',
        read: ({ state }) => (state === 'unknown' ? 'perhaps' : orOpen(state, (own) => ({ value: [own] }))),
      };
    case 'mark':
      return { kind: 'number', read: ({ connectionMark = 0 }) => number(connectionMark) };
    case 'direction':
      return {
        kind: 'name',
        read: ({ reply }) => orOpen(reply, (own) => ({ value: own ? 'reply' : 'original' })),
      };
    case 'status':
      // Connections of services are not translated by rules, nor expected by helpers.
      return {
        kind: 'flags',
        read: ({ reply }) => ({ value: reply === true ? ['seen-reply', 'confirmed'] : [] }),
      };
    case 'proto-dst':
      return dir === 'original' || dir === undefined
        ? {
            kind: 'number',
            read: ({ original, destinationPort }) => number(original?.port ?? destinationPort),
          }
        : UNKNOWN;
    case 'daddr':
    case 'ip daddr':
    case 'ip6 daddr':
      return dir === 'original'
        ? { kind: 'address', read: ({ original, destination }) => text(original?.address ?? destination) }
        : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function fib({ result, flags }: Json): Key {
  const of = [flags].flat().map(String);
  if (result === 'type' && of.includes('daddr'))
    return { kind: 'name', read: ({ destinationType }) => text(destinationType) };
  if (result === 'type' && of.includes('saddr'))
    return { kind: 'name', read: ({ sourceType }) => text(sourceType) };
  // Whether the route back to a client uses the interface on which it arrived depends on the client.
  return of.includes('saddr') ? OPEN : UNKNOWN;
}

/** `tcp flags & (syn | ack)`, `mark & 0xff`. */
function masked(body: unknown): Key {
  const [left, ...right] = body as unknown[];
  const key = keyOf(left);
  if (key.kind === 'flags') {
    const mask = flagsOf(right);
    return {
      kind: 'flags',
      read: (packet) => {
        const own = key.read(packet);
        return typeof own === 'string'
          ? own
          : {
              value: [own.value]
                .flat()
                .map(String)
                .filter((flag) => mask.includes(flag)),
            };
      },
    };
  }
  const mask = right.length === 1 && typeof right[0] === 'number' ? right[0] : undefined;
  if (key.kind !== 'number' || mask === undefined) return UNKNOWN;
  return {
    kind: 'number',
    read: (packet) => {
      const own = key.read(packet);
      if (typeof own === 'string') return own;
      return own.value === 'client' ? 'some' : { value: (Number(own.value) & mask) >>> 0 };
    },
  };
}

/** All names in `"syn"`, `["syn", "ack"]`, `{"|": ["syn", {"|": …}]}`, `{"set": […]}`. */
export function flagsOf(expression: unknown): string[] {
  if (typeof expression === 'string') return [expression];
  if (Array.isArray(expression)) return expression.flatMap(flagsOf);
  if (typeof expression !== 'object' || expression === null) return [];
  return Object.values(expression).flatMap(flagsOf);
}

/** Names of the unknown keys in an expression: `socket`, `meta cpu`. */
export function unknownKeys(expression: unknown): string[] {
  const parts = (expression as Json | null)?.['concat'];
  if (Array.isArray(parts)) return parts.flatMap(unknownKeys);
  if (keyOf(expression) !== UNKNOWN) return [];
  const [type = '?', body] = Object.entries((expression ?? {}) as Json)[0] ?? [];
  const key = (body as Json | null)?.['key'];
  return [typeof key === 'string' ? `${type} ${key}` : type];
}
