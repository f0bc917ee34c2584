/** Neighbour discovery of IPv6: packets that firewalls may drop, without which nothing else arrives. */
import type { Packet } from '../../firewall/packet.js';
import type { Sighting } from '../facts/check.js';
import type { Facts } from '../facts/facts.js';
import { dropSighting, inputsOf, type Outcome, passage } from './firewall-path.js';
import type { Hooks } from './hooks.js';
import { perFacts } from '../facts/per-facts.js';
import { isPointToPoint } from '../facts/roles.js';
import { type Traffic, trafficOf } from './traffic.js';

const IN: Hooks = [['ingress'], ['bridge prerouting'], ['bridge input'], ['prerouting'], ['input']];
const OUT: Hooks = [['output'], ['postrouting'], ['bridge output'], ['bridge postrouting'], ['egress']];
const SOLICITATION = 135;
const ADVERTISEMENT = 136;

/** What the firewall does with neighbour discovery. */
interface Discovery {
  /** With what other hosts send. */
  readonly received: readonly Outcome[];
  /** With what this host sends. */
  readonly sent: readonly Outcome[];
}

/** What the firewall does with neighbour discovery on an interface, where IPv6 is used. */
function discovery(facts: Facts, link: string): Discovery {
  const known = perLink(facts);
  const made = known.get(link) ?? judgeLink(facts, link);
  known.set(link, made);
  return made;
}

const perLink = perFacts(() => new Map<string, Discovery>());

function judgeLink(facts: Facts, link: string): Discovery {
  const each = (hooks: Hooks, place: Pick<Packet, 'input' | 'output'>): Outcome[] =>
    [SOLICITATION, ADVERTISEMENT].map((icmpType) =>
      passage(facts, hooks, { ...message(icmpType), ...place }),
    );
  return { received: each(IN, { input: link, output: '' }), sent: each(OUT, { input: '', output: link }) };
}

/** Conntrack leaves such packets alone. */
function message(icmpType: number): Packet {
  return {
    family: 'ipv6',
    protocol: 'icmpv6',
    icmpType,
    hopLimit: 255,
    state: 'untracked',
    reply: false,
    ipvs: false,
  };
}

/** Whether it is certain that hosts cannot find one another on an interface. */
export function isDeaf(facts: Facts, link: string): boolean {
  const { received, sent } = discovery(facts, link);
  return [...received, ...sent].some(({ verdict: { type } }) => type === 'drop' || type === 'reject');
}

/** Neighbour discovery that the firewall drops on interfaces towards clients and servers of IPv6 services. */
export function* discoveryDrops(
  facts: Facts,
  way: 'received' | 'sent',
  words: string,
): Generator<Sighting, void, undefined> {
  for (const traffic of trafficOf(facts)) {
    for (const link of linksOf(facts, traffic)) {
      for (const outcome of discovery(facts, link)[way]) {
        const seen = dropSighting(outcome, words);
        if (seen !== undefined) yield { service: traffic.service.key, ...seen };
      }
    }
  }
}

function linksOf(facts: Facts, { service, target, client, local, paths }: Traffic): Set<string> {
  const inside = paths.flatMap(({ destination, route, link }) =>
    destination.family === 'ipv6' && destination.weight > 0 && route?.type === 'unicast' && link !== undefined
      ? [link]
      : [],
  );
  const outside = local || service.family !== 'ipv6' ? [] : inputsOf(facts, service, target, client);
  const found = [...inside.map(({ name }) => name), ...outside.filter((name) => name !== undefined)];
  return new Set(found.filter((name) => !isPointToPoint(facts, name)));
}
