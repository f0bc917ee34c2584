import { addressText, parseAddress } from '@ipvs-ts/ipvs';
import type { Remarks } from '../remarks.js';
import { DONE, dropChildren, type Handlers, readBlock } from './words/context.js';
import { type Forwarding, readForwarding } from './forwarding.js';
import { integer, readEndpoint, readServer, type RealServer } from './server.js';
import { readRetry, type Timing, TIMING_HANDLERS } from './timing.js';
import type { Node } from './syntax/tree.js';
import { readDigits, readInteger } from './words/values.js';
import { VIRTUAL_SERVER } from './words/server-words.js';

/** The target of a virtual server: an address, a mark or a group. */
export type Target =
  | { readonly kind: 'address'; readonly address: string; readonly port: number }
  | { readonly kind: 'fwmark'; readonly fwmark: number }
  | { readonly kind: 'group'; readonly name: string };

/** A server that is used when there are not enough others. */
interface SorryServer {
  readonly node: Node;
  readonly address: string;
  readonly port: number;
  forwarding?: Forwarding;
}

/** A virtual server. */
export interface VirtualServer {
  readonly node: Node;
  readonly target: Target;
  readonly timing: Timing;
  readonly servers: RealServer[];
  readonly flags: string[];
  family?: 'ipv4' | 'ipv6';
  scheduler?: string;
  forwarding?: Forwarding;
  protocol?: 'tcp' | 'udp' | 'sctp';
  /** The line that sets it. */
  onePacket?: Node;
  persistenceTimeout?: number;
  netmask?: string | number;
  engine?: string;
  /** The line that sets the host of requests. */
  virtualhost?: Node;
  weight?: number;
  inhibit?: boolean;
  inhibitNode?: Node;
  quorum?: number;
  quorumNode?: Node;
  sorry?: SorryServer;
}

const SCHEDULERS = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'lblc',
  'sh',
  'mh',
  'dh',
  'fo',
  'ovf',
  'lblcr',
  'sed',
  'nq',
  'twos',
];
const DEFAULT_PERSISTENCE = 360;
const LONGEST_PERSISTENCE = 2_678_400;
const MAX_INT = 0x7fff_ffff;
const MAX_UINT = 0xffff_ffff;

/** Reads a virtual server; returns why if keepalived ignores it. */
export function readVirtualServer(node: Node, remarks: Remarks): VirtualServer | string {
  const target = readTarget(node.values);
  if (typeof target === 'string') {
    dropChildren(node, 'dropped', remarks);
    return target;
  }
  const server: VirtualServer = { node, target, timing: {}, servers: [], flags: [] };
  const handlers = { ...HANDLERS, real_server: realServer(remarks) };
  readBlock(node.children ?? [], VIRTUAL_SERVER, handlers, server, remarks);
  return server;
}

function readTarget(values: readonly string[]): Target | string {
  const [first, second] = values;
  if (first === 'group')
    return second === undefined ? 'the name of the group is missing' : { kind: 'group', name: second };
  if (first === 'fwmark') {
    const fwmark = readDigits(second, 1, MAX_UINT);
    return typeof fwmark === 'string' ? `the mark: ${fwmark}` : { kind: 'fwmark', fwmark };
  }
  const endpoint = readEndpoint(values);
  return typeof endpoint === 'string' ? endpoint : { kind: 'address', ...endpoint };
}

function realServer(remarks: Remarks): (server: VirtualServer, node: Node) => string | undefined {
  return (server, node) => {
    remarks.takenOver(node, `${node.text}: a destination`);
    const read = readServer(node, remarks);
    if (typeof read === 'string') {
      remarks.withdraw(node);
      return read;
    }
    server.servers.push(read);
    return DONE;
  };
}

function flag(server: VirtualServer, { word }: Node): string | undefined {
  const [owner] = word.split('-') as [string];
  // keepalived uses the lines so far.
  if (owner !== 'flag' && server.scheduler !== owner)
    return `it belongs to the scheduler ${owner}, which must be named before it`;
  server.flags.push(word);
  return undefined;
}

function scheduler(server: VirtualServer, { values }: Node): string | undefined {
  const name = values[0] as string;
  if (!SCHEDULERS.includes(name)) return `it is none of the schedulers ${SCHEDULERS.join(', ')}`;
  server.scheduler = name;
  return undefined;
}

function method(server: VirtualServer, { values }: Node): string | undefined {
  const forwarding = readForwarding(values);
  if (typeof forwarding === 'string') return forwarding;
  server.forwarding = forwarding;
  return undefined;
}

const HANDLERS: Handlers<VirtualServer> = {
  ...TIMING_HANDLERS,
  // Any word after it is ignored here.
  alpha: () => undefined,
  retry: ({ timing }, node) => readRetry(timing, node, 1),
  ip_family: (server, { values }) => {
    if (values[0] !== 'inet' && values[0] !== 'inet6') return 'it is neither inet nor inet6';
    server.family = values[0] === 'inet' ? 'ipv4' : 'ipv6';
    return undefined;
  },
  lb_algo: scheduler,
  lvs_sched: scheduler,
  lb_kind: method,
  lvs_method: method,
  'flag-1': flag,
  'flag-2': flag,
  'flag-3': flag,
  'sh-port': flag,
  'sh-fallback': flag,
  'mh-port': flag,
  'mh-fallback': flag,
  ops: (server, node) => void (server.onePacket = node),
  persistence_engine: (server, { values }) => {
    const engine = values[0] as string;
    if (engine.length > 16) return 'a name has at most 16 characters';
    server.engine = engine;
    return undefined;
  },
  persistence_timeout: (server, { values }) => {
    const seconds =
      values[0] === undefined ? DEFAULT_PERSISTENCE : readInteger(values[0], 1, LONGEST_PERSISTENCE);
    if (typeof seconds === 'string') return seconds;
    server.persistenceTimeout = seconds;
    return undefined;
  },
  persistence_granularity: (server, { values }) => {
    const netmask = readNetmask(values[0] as string);
    if (netmask === undefined) return 'it is neither a dotted mask nor a length from 1 to 128';
    server.netmask = netmask;
    return undefined;
  },
  protocol: (server, { values }) => {
    const protocol = (values[0] as string).toLowerCase();
    if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp')
      return 'it is none of TCP, UDP and SCTP';
    server.protocol = protocol;
    return undefined;
  },
  virtualhost: (server, node) => void (server.virtualhost = node),
  weight: (server, { values }) => integer(values[0], MAX_INT, (weight) => (server.weight = weight)),
  inhibit_on_failure: (server, node) => {
    server.inhibit = true;
    server.inhibitNode = node;
    return undefined;
  },
  quorum: (server, node) => {
    const quorum = readDigits(node.values[0], 1, MAX_UINT);
    server.quorum = typeof quorum === 'string' ? 1 : quorum;
    server.quorumNode = node;
    return typeof quorum === 'string' ? `${quorum}, so it is 1` : undefined;
  },
  hysteresis: (_, { values }) => {
    const hysteresis = readDigits(values[0], 0, MAX_UINT);
    return typeof hysteresis === 'string' ? hysteresis : undefined;
  },
  sorry_server: (server, node) => {
    const endpoint = readEndpoint(node.values);
    if (typeof endpoint === 'string') return endpoint;
    server.sorry = { node, ...endpoint };
    return undefined;
  },
  sorry_server_inhibit: (server) =>
    server.sorry === undefined ? 'there is no sorry_server before it' : undefined,
  sorry_server_lvs_method: (server, { values }) => {
    const forwarding = readForwarding(values);
    if (server.sorry === undefined) return 'there is no sorry_server before it';
    if (typeof forwarding === 'string') return forwarding;
    server.sorry.forwarding = forwarding;
    return undefined;
  },
};

function readNetmask(text: string): string | number | undefined {
  const address = parseAddress(text);
  if (address?.family === 'ipv4') {
    const bits = [...address.bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    return /^1+0*$/.test(bits) ? addressText(address) : undefined;
  }
  const length = readInteger(text, 1, 128);
  return typeof length === 'number' ? length : undefined;
}

/**
 * The seconds for which clients keep their server; undefined if they do not. A netmask or port 0 also makes it
 * persistent.
 */
export function persistenceOf(server: VirtualServer, anyPort: boolean): number | undefined {
  const asked = server.netmask !== undefined || anyPort;
  return server.persistenceTimeout ?? (asked ? DEFAULT_PERSISTENCE : undefined);
}
