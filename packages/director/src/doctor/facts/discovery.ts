/** Neighbour discovery of IPv6: packets that firewalls may drop, without which nothing else arrives. */
import type { Packet } from '../../firewall/packet.js';
import type { Facts } from './facts.js';
import { type Hooks, type Outcome, passage } from './firewall-path.js';
import { perFacts } from './per-facts.js';

const IN: Hooks = [['ingress'], ['prerouting'], ['input']];
const OUT: Hooks = [['output'], ['postrouting'], ['egress']];
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
export function discovery(facts: Facts, link: string): Discovery {
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
