import type { Place } from '../../firewall/chain.js';
import { IPVS_PRIORITY, judge, type Priorities, type Verdict } from '../../firewall/judge.js';
import { type AddressRange, representatives } from '../../firewall/address-range.js';
import { type Translation, translate } from '../../firewall/translate.js';
import type { Packet } from '../../firewall/packet.js';
import type { Chain, Hook } from '../../firewall/rule.js';
import type { Service } from '@ipvs-ts/ipvs';
import type { Sighting } from '../facts/check.js';
import type { Facts } from '../facts/facts.js';
import type { Target } from '../facts/marks.js';
import type { Circumstances } from './packets.js';
import { virtualLink } from '../facts/paths.js';
import { isOwn, wireOf, wires } from '../facts/roles.js';
import { command } from '../facts/shell.js';

/** The hooks that a packet passes, in order, and the chains of each that see it. */
export type Hooks = readonly (readonly [hook: Hook, priorities?: Priorities])[];

/** The hooks that see a packet before IPVS does. */
export const BEFORE = {
  request: [['ingress'], ['prerouting'], ['input', { to: IPVS_PRIORITY.input }]],
  localRequest: [['output', { to: IPVS_PRIORITY.output }]],
  reply: [['ingress'], ['prerouting'], ['forward', { to: IPVS_PRIORITY.forward }]],
  localReply: [['ingress'], ['prerouting'], ['input', { to: IPVS_PRIORITY.input }]],
} as const satisfies Record<string, Hooks>;

/** The hooks that see a packet after IPVS. */
export const BEHIND = {
  request: [['output'], ['postrouting'], ['egress']],
  reply: [['forward', { from: IPVS_PRIORITY.forward + 1 }], ['postrouting'], ['egress']],
  /** Requests for a server on this host. */
  ownRequest: [['input', { from: IPVS_PRIORITY.input + 1 }]],
  /** Answers of such a server, before and after IPVS sets the virtual address as their source. */
  ownReplyBefore: [['output', { to: IPVS_PRIORITY.reply }]],
  ownReply: [['output', { from: IPVS_PRIORITY.reply }], ['postrouting'], ['egress']],
} as const satisfies Record<string, Hooks>;

/** The result for one packet: where it is certainly dropped, where it is perhaps dropped, or how it passed. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly packet: Packet;
  /** The chains that drop it, each of which must be changed to accept it. */
  readonly chains: readonly Place[];
  /** The client whose packets they are, where that matters and nobody named one. */
  readonly client?: string | undefined;
}

const RANK = { pass: 0, some: 1, perhaps: 2, drop: 3, reject: 3 } as const;

/** Ranges of clients that are looked at one by one: more are some clients. */
const RANGES = 64;

/**
 * What the firewall does with a packet on its way. Where that depends on the client's address, clients of all kinds
 * that the rules tell apart are looked at: what it does with each of them is certain.
 */
export function passage(facts: Facts, hooks: Hooks, packet: Packet): Outcome {
  const ranges: AddressRange[] = [];
  const side = packet.reply === true ? 'destination' : 'source';
  let decided = packet[side] === undefined && packet.input !== '';
  const outcome = walk(facts, hooks, {
    ...packet,
    compared: (other, range) => {
      if (other !== side || ranges.length === RANGES) decided = false;
      else ranges.push(range);
    },
  });
  const { type } = outcome.verdict;
  if (!decided || ranges.length === 0 || (type !== 'some' && type !== 'perhaps'))
    return { ...outcome, packet };
  const each = representatives(packet.family, ranges)
    .filter((address) => !isOwn(facts, address))
    .map((address) => walk(facts, hooks, { ...packet, [side]: address }));
  const [first] = each;
  if (first === undefined || new Set(each.map((one) => RANK[one.verdict.type])).size > 1)
    return { ...outcome, packet };
  if (first.verdict.type !== 'drop' && first.verdict.type !== 'reject') return { ...outcome, packet };
  return {
    ...first,
    packet,
    chains: [...new Map(each.flatMap(({ chains }) => chains.map((at) => [at.chain, at]))).values()],
  };
}

function walk(facts: Facts, hooks: Hooks, packet: Packet): Outcome {
  let verdict: Verdict = { type: 'pass', packet };
  const chains: Place[] = [];
  let current = packet;
  for (const [hook, priorities] of hooks) {
    const except = new Set<Chain>();
    for (;;) {
      const next = judge(facts.firewall.tables, hook, current, { ...priorities, except });
      if (RANK[next.type] > RANK[verdict.type]) verdict = next;
      if ('packet' in next) current = next.packet;
      if (next.type === 'pass' || next.type === 'some') break;
      // Chains after the first one that drops it must accept it as well.
      const place = next.type === 'perhaps' ? next.by : next;
      if (except.has(place.chain)) break;
      except.add(place.chain);
      chains.push(place);
    }
  }
  return { verdict: verdict.type === 'pass' ? { type: 'pass', packet: current } : verdict, packet, chains };
}

/** The worst result of several packets of one connection: all must pass. */
export function worst(outcomes: readonly Outcome[]): Outcome | undefined {
  return outcomes.reduce<Outcome | undefined>(
    (left, right) =>
      left === undefined || RANK[right.verdict.type] > RANK[left.verdict.type] ? right : left,
    undefined,
  );
}

/** The best of several paths that a connection may take. */
function best(outcomes: readonly (Outcome | undefined)[]): Outcome | undefined {
  return outcomes.reduce(
    (left, right) =>
      left === undefined || (right !== undefined && RANK[right.verdict.type] < RANK[left.verdict.type])
        ? right
        : left,
    undefined,
  );
}

/** Interfaces on which requests may arrive: that of the client's route, that of the address, otherwise all. */
export function inputsOf(
  facts: Facts,
  service: Service,
  target: Target,
  client?: string,
): (string | undefined)[] {
  if (client !== undefined && isOwn(facts, client)) return [''];
  const back = client === undefined ? undefined : wireOf(facts, facts.routes.get(client)?.link);
  if (back !== undefined) return [back.name];
  const own =
    service.fwmark === undefined
      ? virtualLink(facts, service)
      : facts.links.find(({ index }) =>
          facts.addresses.some((each) => each.link === index && each.address === target.address),
        );
  const wire = own === undefined ? undefined : wireOf(facts, own.index);
  if (wire !== undefined) return [wire.name];
  const all = wires(facts).map(({ name }) => name);
  return all.length > 0 ? all : [undefined];
}

/** What the firewall does with the packets of a connection on the most likely of its paths. */
export function onInputs(
  facts: Facts,
  inputs: readonly (string | undefined)[],
  hooks: Hooks,
  packets: (circumstances: Pick<Circumstances, 'input'>) => readonly Packet[],
): Outcome | undefined {
  return best(
    inputs.map((input) => worst(packets({ input }).map((packet) => passage(facts, hooks, packet)))),
  );
}

/** The sighting for packets that are dropped, or perhaps are; undefined for those that pass. */
export function dropSighting(
  outcome: Outcome | undefined,
  words: string,
): Pick<Sighting, 'found' | 'fix' | 'advice' | 'perhaps'> | undefined {
  if (outcome === undefined) return undefined;
  const { verdict, packet, chains, client } = outcome;
  if (verdict.type === 'pass' || verdict.type === 'some') return undefined;
  const perhaps = verdict.type === 'perhaps';
  const place = perhaps ? verdict.by : verdict;
  const does = verdict.type === 'reject' ? 'rejects' : 'drops';
  const by = place.rule === undefined ? 'its policy' : `the rule “${place.rule.text}”`;
  const { rule } = perhaps ? verdict.unsure : place;
  const unsure =
    rule === undefined || rule === place.rule
      ? 'which cannot be judged here'
      : `depending on the rule “${rule.text}”, which cannot be judged here`;
  return {
    found: `${perhaps ? 'perhaps ' : ''}${placeText(place)}: ${by} ${does} ${words}${client === undefined ? '' : ` of ${client}`}${perhaps ? `, ${unsure}` : ''}`,
    fix: chains.map((each) => acceptCommand(each, packet)),
    advice:
      'The command goes before the rule, and is gone after a restart: put it where your firewall is kept.',
    ...(perhaps && { perhaps }),
  };
}

/** `iptables-legacy, table filter, chain INPUT`. */
export function placeText({ table, chain }: Place): string {
  const name = table.tool === 'nft' ? `${table.nftFamily} ${table.name}` : table.name;
  return `${table.tool}, table ${name}, chain ${chain.name}`;
}

/** The rule that translates the first request of a connection before IPVS sees it. */
export function translatedBefore(facts: Facts, packet: Packet): Translation | undefined {
  const hook = packet.input === '' ? 'output' : 'prerouting';
  const verdict = judge(facts.firewall.tables, hook, packet, { to: -100 });
  const current = 'packet' in verdict ? verdict.packet : packet;
  const found = translate(facts.firewall.tables, hook, current).translation;
  return found?.target.type === 'dnat' ? found : undefined;
}

/** The command that accepts such packets before all other rules of the chain. */
export function acceptCommand({ table, chain }: Place, packet: Packet): string {
  if (table.tool === 'nft')
    return command`nft insert rule ${table.nftFamily} ${table.name} ${chain.name} ${nftMatches(packet)} accept`;
  const inTable = table.name === 'filter' ? [] : ['-t', table.name];
  const words = [...inTable, '-I', chain.name, ...iptablesMatches(packet), '-j', 'ACCEPT'];
  return command`${[table.tool, ...words]}`;
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
}: Packet): string[] {
  const words = ['-p', NUMBERS[protocol] ?? protocol];
  if (source !== undefined) words.push('-s', source);
  if (destination !== undefined) words.push('-d', destination);
  if (typeof sourcePort === 'number') words.push('--sport', String(sourcePort));
  if (typeof destinationPort === 'number') words.push('--dport', String(destinationPort));
  if (icmpType !== undefined)
    words.push(`--${protocol === 'icmp' ? 'icmp' : 'icmpv6'}-type`, String(icmpType));
  return words;
}

function nftMatches({ family, protocol, ...packet }: Packet): string[] {
  const ip = family === 'ipv4' ? 'ip' : 'ip6';
  const words: string[] = [];
  if (packet.source !== undefined) words.push(ip, 'saddr', packet.source);
  if (packet.destination !== undefined) words.push(ip, 'daddr', packet.destination);
  if (packet.icmpType !== undefined)
    words.push(protocol === 'icmp' ? 'icmp' : 'icmpv6', 'type', String(packet.icmpType));
  else if (typeof packet.sourcePort === 'number') words.push(protocol, 'sport', String(packet.sourcePort));
  else if (typeof packet.destinationPort === 'number')
    words.push(protocol, 'dport', String(packet.destinationPort));
  else words.push('meta', 'l4proto', NUMBERS[protocol] ?? protocol);
  return words;
}
