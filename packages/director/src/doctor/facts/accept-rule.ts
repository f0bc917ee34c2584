/** Rules that accept packets of services, and as few commands as possible that add them. */
import type { Place } from '../../firewall/chain.js';
import type { Packet } from '../../firewall/packet.js';
import { command } from './shell.js';

/** A rule that accepts such packets before all others of a chain. */
export interface AcceptRule {
  readonly place: Place;
  readonly packet: Packet;
}

/** Low and high port. */
type Range = readonly [low: number, high: number];

/** Rules that differ by their ports only, or by their addresses only. */
interface Group {
  readonly rule: AcceptRule;
  /** The addresses of `side`; empty if the rules name none there. */
  readonly addresses: Set<string>;
  readonly side: 'source' | 'destination';
  /** All ports of the services; `undefined` for packets of any port. */
  ports: Range[] | undefined;
}

/** Entries of `multiport`, of which a range takes two. */
const MULTIPORT = 15;
/** The most elements in one set of nft, and the most addresses in one command of iptables. */
const ELEMENTS = 256;
const ADDRESSES = 64;

/**
 * The commands that add rules. Rules that differ only by their ports become one command with all ports; rules that
 * differ only by their addresses become one with all addresses. Together they accept exactly what the single ones do.
 */
export function acceptCommands(rules: readonly AcceptRule[]): string[] {
  return byAddresses(byPorts(rules)).flatMap(commandsOf);
}

function byPorts(rules: readonly AcceptRule[]): Group[] {
  const groups = new Map<string, Group>();
  for (const rule of rules) {
    const { packet } = rule;
    const own = portOf(packet);
    const key = keyOf(rule, packet.source, packet.destination);
    const group = groups.get(key);
    if (group === undefined) {
      const side = own?.side ?? sideOf(packet);
      const address = packet[side];
      groups.set(key, {
        rule,
        side,
        addresses: new Set(address === undefined ? [] : [address]),
        ports: own && [own.range],
      });
    } else if (own === undefined) group.ports = undefined;
    else group.ports?.push(own.range);
  }
  return [...groups.values()].map((group) => ({ ...group, ports: group.ports && joined(group.ports) }));
}

function byAddresses(groups: readonly Group[]): Group[] {
  const found = new Map<string, Group>();
  for (const group of groups) {
    const { packet } = group.rule;
    const other = group.side === 'source' ? packet.destination : packet.source;
    const open = group.addresses.size === 0 ? 'any' : group.side;
    const key = [keyOf(group.rule, other, open), group.ports?.join(' ')].join('\n');
    const before = found.get(key);
    if (before === undefined) found.set(key, group);
    else for (const address of group.addresses) before.addresses.add(address);
  }
  return [...found.values()];
}

/** What rules of one command have in common. */
function keyOf({ place: { table, chain }, packet }: AcceptRule, ...more: (string | undefined)[]): string {
  const { family, protocol, icmpType, arp } = packet;
  const side = portOf(packet)?.side ?? sideOf(packet);
  return [
    table.tool,
    table.nftFamily,
    table.name,
    chain.name,
    family,
    protocol,
    icmpType,
    arp,
    side,
    ...more,
  ].join('\n');
}

type Side = 'source' | 'destination';

/** The end that is the service’s or the server’s, whose port may be any. */
function sideOf({ reply }: Packet): Side {
  return reply === true ? 'source' : 'destination';
}

/** The port of the service or the server. */
function portOf({ sourcePort, destinationPort, ports }: Packet): { side: Side; range: Range } | undefined {
  if (typeof sourcePort === 'number') return { side: 'source', range: ports ?? [sourcePort, sourcePort] };
  if (typeof destinationPort === 'number')
    return { side: 'destination', range: ports ?? [destinationPort, destinationPort] };
  return undefined;
}

/** Ports in order, each once; neighbours are one range. */
function joined(ranges: readonly Range[]): Range[] {
  const found: [number, number][] = [];
  for (const [low, high] of [...ranges].sort((left, right) => left[0] - right[0])) {
    const last = found.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else found.push([low, high]);
  }
  return found;
}

function commandsOf(group: Group): string[] {
  const { table } = group.rule.place;
  const isNft = table.tool === 'nft';
  if (table.tool === 'arptables-legacy')
    return parts([...group.addresses].sort(), 1).map((one) => arptablesCommand(group, one));
  const addresses = parts([...group.addresses].sort(), isNft ? ELEMENTS : ADDRESSES);
  const ports = isNft ? parts(group.ports ?? [], ELEMENTS) : multiports(group.ports ?? []);
  return addresses.flatMap((some) =>
    ports.map((ranges) => (isNft ? nftCommand(group, some, ranges) : iptablesCommand(group, some, ranges))),
  );
}

/** A list in parts of at most so many; one empty part if there is nothing. */
function parts<T>(list: readonly T[], most: number): (readonly T[])[] {
  if (list.length === 0) return [[]];
  return Array.from({ length: Math.ceil(list.length / most) }, (_, at) =>
    list.slice(at * most, (at + 1) * most),
  );
}

/** Ranges in parts that one `multiport` takes. */
function multiports(ranges: readonly Range[]): (readonly Range[])[] {
  const found: Range[][] = [[]];
  let entries = 0;
  for (const range of ranges) {
    const own = range[0] === range[1] ? 1 : 2;
    if (entries + own > MULTIPORT) {
      found.push([]);
      entries = 0;
    }
    found.at(-1)?.push(range);
    entries += own;
  }
  return found;
}

/** Numbers of tunnel protocols, whose names not every system has. */
const NUMBERS: Readonly<Record<string, string>> = { ipip: '4', ipv6: '41', gre: '47' };

function iptablesCommand(
  { rule, side }: Group,
  addresses: readonly string[],
  ports: readonly Range[],
): string {
  const { place, packet } = rule;
  const { table, chain } = place;
  const { protocol, icmpType } = packet;
  const words = [table.tool, ...(table.name === 'filter' ? [] : ['-t', table.name]), '-I', chain.name];
  words.push('-p', NUMBERS[protocol] ?? protocol);
  const source = side === 'source' ? addresses.join(',') : (packet.source ?? '');
  const destination = side === 'destination' ? addresses.join(',') : (packet.destination ?? '');
  if (source !== '') words.push('-s', source);
  if (destination !== '') words.push('-d', destination);
  const end = portOf(packet)?.side === 'source' ? 'sport' : 'dport';
  const texts = ports.map(([low, high]) => (low === high ? String(low) : `${low}:${high}`));
  if (texts.length === 1) words.push(`--${end}`, ...texts);
  else if (texts.length > 1) words.push('-m', 'multiport', `--${end}s`, texts.join(','));
  if (icmpType !== undefined)
    words.push(`--${protocol === 'icmp' ? 'icmp' : 'icmpv6'}-type`, String(icmpType));
  return command`${[...words, '-j', 'ACCEPT']}`;
}

/** The number of a kind of ARP. */
const OPCODES = { request: '1', reply: '2' } as const;

function arptablesCommand({ rule, side }: Group, [address]: readonly string[]): string {
  const { table, chain } = rule.place;
  const { source, destination, arp = 'request' } = rule.packet;
  const words = [table.tool, '-I', chain.name];
  const from = side === 'source' ? address : source;
  const to = side === 'destination' ? address : destination;
  if (from !== undefined) words.push('-s', from);
  if (to !== undefined) words.push('-d', to);
  return command`${[...words, '--opcode', OPCODES[arp], '-j', 'ACCEPT']}`;
}

function nftCommand({ rule, side }: Group, addresses: readonly string[], ports: readonly Range[]): string {
  const { place, packet } = rule;
  const { table, chain } = place;
  const { family, protocol, icmpType, arp } = packet;
  const words = arp === undefined ? [] : ['arp', 'operation', arp];
  const [ip, end] = arp !== undefined ? ['arp', ['ip']] : [family === 'ipv4' ? 'ip' : 'ip6', []];
  const source = side === 'source' ? addresses : [packet.source ?? []].flat();
  const destination = side === 'destination' ? addresses : [packet.destination ?? []].flat();
  if (source.length > 0) words.push(ip, 'saddr', ...end, setOf(source));
  if (destination.length > 0) words.push(ip, 'daddr', ...end, setOf(destination));
  const texts = ports.map(([low, high]) => (low === high ? String(low) : `${low}-${high}`));
  if (icmpType !== undefined) words.push(protocol === 'icmp' ? 'icmp' : 'icmpv6', 'type', String(icmpType));
  else if (texts.length > 0)
    words.push(protocol, portOf(packet)?.side === 'source' ? 'sport' : 'dport', setOf(texts));
  else if (arp === undefined) words.push('meta', 'l4proto', NUMBERS[protocol] ?? protocol);
  return command`nft insert rule ${table.nftFamily} ${table.name} ${chain.name} ${words} accept`;
}

/** One element as it is, several as a set. */
function setOf(elements: readonly string[]): string {
  return elements.length === 1 ? (elements[0] as string) : `{ ${elements.join(', ')} }`;
}
