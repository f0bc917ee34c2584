import type { Packet } from '../firewall/packet.js';
import { judge, type Verdict } from '../firewall/judge.js';
import type { Hook } from '../firewall/rule.js';
import type { Sighting } from './check.js';
import type { Facts } from './facts.js';
import type { Path } from './paths.js';

type Drop = Extract<Verdict, { type: 'drop' | 'reject' }>;

/** Where on its way a packet is dropped for certain, if it is. */
export function dropped(facts: Facts, hooks: readonly Hook[], packet: Packet): Drop | undefined {
  for (const hook of hooks) {
    const verdict = judge(facts.firewall.tables, hook, packet);
    if (verdict.type === 'drop' || verdict.type === 'reject') return verdict;
  }
  return undefined;
}

/** What is seen and done about a packet that is dropped. */
export function dropSighting(
  drop: Drop,
  packet: Packet,
  words: string,
): Pick<Sighting, 'found' | 'fix' | 'advice'> {
  const { table, chain, rule, type } = drop;
  const by = rule === undefined ? 'its policy' : `the rule “${rule.text}”`;
  return {
    found: `${table.tool}, table ${table.name}, chain ${chain.name}: ${by} ${type === 'drop' ? 'drops' : 'rejects'} ${words}`,
    fix: [acceptCommand(drop, packet)],
    advice:
      'The command goes before the rule, and is gone after a restart: put it where your firewall is kept.',
  };
}

/** The command that lets such packets pass before anything else in the chain is looked at. */
function acceptCommand({ table, chain }: Drop, packet: Packet): string {
  if (table.tool === 'nft') {
    return `nft insert rule ${table.nftFamily} ${table.name} ${chain.name} ${nftMatches(packet)} accept`;
  }
  const inTable = table.name === 'filter' ? '' : ` -t ${table.name}`;
  return `${table.tool}${inTable} -I ${chain.name} ${iptablesMatches(packet)} -j ACCEPT`;
}

/** Numbers of tunnel protocols, whose names not every system has. */
const NUMBERS: Readonly<Record<string, string>> = { ipip: '4', ipv6: '41', gre: '47' };

function iptablesMatches({
  protocol,
  source,
  sourcePort,
  destination,
  destinationPort,
  icmpType,
}: Packet): string {
  const words = [`-p ${NUMBERS[protocol] ?? protocol}`];
  if (source !== undefined) words.push(`-s ${source}`);
  if (destination !== undefined) words.push(`-d ${destination}`);
  if (sourcePort !== undefined) words.push(`--sport ${sourcePort}`);
  if (destinationPort !== undefined) words.push(`--dport ${destinationPort}`);
  if (icmpType !== undefined) words.push(`--${protocol === 'icmp' ? 'icmp' : 'icmpv6'}-type ${icmpType}`);
  return words.join(' ');
}

function nftMatches({ family, protocol, ...packet }: Packet): string {
  const ip = family === 'ipv4' ? 'ip' : 'ip6';
  const words: string[] = [];
  if (packet.source !== undefined) words.push(`${ip} saddr ${packet.source}`);
  if (packet.destination !== undefined) words.push(`${ip} daddr ${packet.destination}`);
  if (packet.icmpType !== undefined)
    words.push(`${protocol === 'icmp' ? 'icmp' : 'icmpv6'} type ${packet.icmpType}`);
  else if (packet.sourcePort !== undefined) words.push(`${protocol} sport ${packet.sourcePort}`);
  else if (packet.destinationPort !== undefined) words.push(`${protocol} dport ${packet.destinationPort}`);
  else words.push(`meta l4proto ${NUMBERS[protocol] ?? protocol}`);
  return words.join(' ');
}

/** The request of a client as it comes to the director, for services by address. */
export function requestOf({ service }: Pick<Path, 'service'>, input: string | undefined): Packet | undefined {
  if (service.fwmark !== undefined) return undefined;
  const { family, protocol, address, port } = service;
  return {
    family,
    protocol,
    destination: address,
    ...(port !== 0 && { destinationPort: port }),
    input,
    state: 'new',
    ipvs: true,
  };
}

/** The request as the director sends it on to a destination: rewritten, as it was, or wrapped. */
export function passedOn({ service, destination, link }: Path, tracked: boolean): Packet | undefined {
  const output = link?.name;
  const { family, address, port, forwarding, tunnel } = destination;
  if (forwarding === 'tunnel') {
    const inner = service.family === 'ipv6' ? 'ipv6' : 'ipip';
    if (tunnel?.type === 'gue')
      return { family, protocol: 'udp', destination: address, destinationPort: tunnel.port, output };
    return { family, protocol: tunnel?.type === 'gre' ? 'gre' : inner, destination: address, output };
  }
  const state = tracked ? 'new' : 'untracked';
  const protocol = service.protocol ?? 'tcp';
  if (forwarding === 'masq') {
    return {
      family,
      protocol,
      destination: address,
      ...(port !== 0 && { destinationPort: port }),
      output,
      state,
      ipvs: true,
    };
  }
  const request = requestOf({ service }, undefined);
  return request === undefined ? undefined : { ...request, output, state };
}

/** The reply of a NAT destination as it comes back to the director. */
export function replyOf({ service, destination, link }: Path, tracked: boolean): Packet {
  const protocol = service.protocol ?? 'tcp';
  return {
    family: destination.family,
    protocol,
    source: destination.address,
    ...(destination.port !== 0 && { sourcePort: destination.port }),
    input: link?.name,
    // What conntrack makes of a reply whose request IPVS has kept from it: TCP in its middle is invalid.
    state: tracked ? 'established' : protocol === 'udp' ? 'new' : 'invalid',
    ipvs: true,
  };
}
