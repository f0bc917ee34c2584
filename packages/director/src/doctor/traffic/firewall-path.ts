import type { Place } from '../../firewall/chain.js';
import { type Doubtful, judge, type Verdict } from '../../firewall/judge.js';
import { type AddressRange, representatives } from '../../firewall/address-range.js';
import { type Translation, translate } from '../../firewall/translate.js';
import type { Packet } from '../../firewall/packet.js';
import type { Chain, Hook } from '../../firewall/rule.js';
import type { Service } from '@ipvs-ts/ipvs';
import type { Sighting } from '../facts/check.js';
import type { Facts } from '../facts/facts.js';
import type { Target } from '../facts/marks.js';
import type { Hooks } from './hooks.js';
import type { Circumstances } from './packets.js';
import { virtualLink } from '../facts/paths.js';
import { isOwn, wireOf, wires } from '../facts/roles.js';
import type { AcceptRule } from '../facts/accept-rule.js';

/** The result for one packet: where it is certainly dropped, where it is perhaps dropped, or how it passed. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly packet: Packet;
  /** Rules that would accept it, and other packets of the connection, in the chains that drop them. */
  readonly accept: readonly AcceptRule[];
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
    accept: [
      ...new Map(each.flatMap(({ accept }) => accept.map(({ place }) => [place.chain, place]))).values(),
    ].map((place) => ({ place, packet })),
  };
}

function walk(facts: Facts, hooks: Hooks, packet: Packet): Outcome {
  let verdict: Verdict = { type: 'pass', packet };
  const accept: AcceptRule[] = [];
  let current = packet;
  for (const [hook, priorities] of hooks) {
    const except = new Set<Chain>();
    const frame = hook.startsWith('bridge ') ? frameOf(facts, hook, current) : current;
    if (frame === undefined) continue;
    for (;;) {
      const next = judge(facts.firewall.tables, hook, frame, { ...priorities, except });
      if (RANK[next.type] > RANK[verdict.type]) verdict = next;
      if ('packet' in next)
        current = {
          ...current,
          mark: next.packet.mark,
          state: frame === current ? next.packet.state : current.state,
          connectionMark: next.packet.connectionMark,
        };
      if (next.type === 'pass' || next.type === 'some') break;
      // Chains after the first one that drops it must accept it as well.
      const place = next.type === 'perhaps' ? next.by : next;
      if (except.has(place.chain)) break;
      except.add(place.chain);
      accept.push({ place, packet });
    }
  }
  return { verdict: verdict.type === 'pass' ? { type: 'pass', packet: current } : verdict, packet, accept };
}

/**
 * A packet as the chains of a bridge see it; undefined if its interface is not a bridge. Its port of the bridge and its
 * state in conntrack are unknown.
 */
function frameOf({ links }: Facts, hook: Hook, packet: Packet): Packet | undefined {
  const isIn = hook === 'bridge prerouting' || hook === 'bridge input';
  const name = isIn ? packet.input : packet.output;
  if (!links.some((link) => link.name === name && link.kind === 'bridge')) return undefined;
  const state = packet.state === 'untracked' ? 'untracked' : 'unknown';
  return { ...packet, state, ...(isIn ? { input: undefined } : { output: undefined }) };
}

/** The worst result of several packets of one connection: all must pass, and need the rules that accept them. */
export function worst(outcomes: readonly Outcome[]): Outcome | undefined {
  const found = outcomes.reduce<Outcome | undefined>(
    (left, right) =>
      left === undefined || RANK[right.verdict.type] > RANK[left.verdict.type] ? right : left,
    undefined,
  );
  if (found === undefined || RANK[found.verdict.type] < RANK.perhaps) return found;
  const alike = outcomes.filter(({ verdict: { type } }) => RANK[type] === RANK[found.verdict.type]);
  return { ...found, accept: alike.flatMap(({ accept }) => accept) };
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
): Pick<Sighting, 'found' | 'accept' | 'advice' | 'perhaps'> | undefined {
  if (outcome === undefined) return undefined;
  const { verdict, accept, client } = outcome;
  if (verdict.type === 'pass' || verdict.type === 'some') return undefined;
  const perhaps = verdict.type === 'perhaps';
  const place = perhaps ? verdict.by : verdict;
  const does = verdict.type === 'reject' ? 'rejects' : 'drops';
  const by = place.rule === undefined ? 'its policy' : `the rule “${place.rule.text}”`;
  const doubtful: Doubtful = perhaps ? verdict.unsure : place;
  const { rule, chain } = doubtful;
  const unsure = doubtful.tied
    ? `depending on whether it is called before IPVS or after it: both have priority ${chain.priority ?? 0}`
    : rule === undefined || rule === place.rule
      ? 'which cannot be judged here'
      : `depending on the rule “${rule.text}”, which cannot be judged here`;
  return {
    found: `${perhaps ? 'perhaps ' : ''}${placeText(place)}: ${by} ${does} ${words}${client === undefined ? '' : ` of ${client}`}${perhaps ? `, ${unsure}` : ''}`,
    accept,
    advice:
      'The command adds rules before that rule, which are gone after a restart: put them where your firewall is kept.',
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
