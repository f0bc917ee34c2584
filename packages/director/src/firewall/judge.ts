import { argumentsOf } from '../argument-checks.js';
import { weaker } from './answer.js';
import { type Certainty, chainsOf, checkAsked, DEPTH, isFollowed, matching, type Place } from './chain.js';
import { changeMarks } from './mark.js';
import type { Packet } from './packet.js';
import type { Chain, Hook, Rule, Table } from './rule.js';

/**
 * What a firewall does with a packet. `pass`, `drop` and `reject` are certain: they do not depend on open values.
 * `some`: it depends on an open value, such as the client's address. `perhaps`: it depends on `unsure`, a rule that
 * cannot be judged here. `by` is what drops the packet then.
 */
export type Verdict =
  | { readonly type: 'pass'; readonly packet: Packet }
  | ({ readonly type: 'drop' | 'reject' } & Place)
  | ({ readonly type: 'some' } & Doubt)
  | ({ readonly type: 'perhaps' } & Doubt);

/** What drops a packet that may also pass, and the rule that it depends on. */
export interface Doubt {
  readonly packet: Packet;
  readonly by: Place;
  readonly unsure: Doubtful;
}

/** What a decision depends on: a rule, or, if `tied`, whether its chain is called before IPVS or after it. */
export interface Doubtful extends Place {
  readonly tied?: boolean | undefined;
}

/** Priorities of the chains that see a packet: from `from` on, and below `to`. */
export interface Priorities {
  readonly from?: number;
  readonly to?: number;
  /** The priority of IPVS: whether chains that have it too see a packet is not defined. */
  readonly tie?: number;
  /** Chains that are assumed to accept it. */
  readonly except?: ReadonlySet<Chain>;
}

/**
 * The priority of IPVS on each hook: chains with a higher one do not see the packets that it handles. Of chains with the
 * same priority the kernel calls the one first that was added last.
 */
export const IPVS_PRIORITY = { input: 99, forward: 100, output: -98, reply: -99 } as const;

/** A packet at one point of its path, and how certain it is that it gets there. */
interface State {
  readonly packet: Packet;
  readonly certainty: Certainty;
  /** The first rule that made it uncertain. */
  readonly unsure?: Doubtful | undefined;
}

interface Loss extends Place {
  readonly type: 'drop' | 'reject';
  readonly certainty: Certainty;
  readonly unsure?: Doubtful | undefined;
}

/** What the filtering chains of one hook do with a packet, in the order of their priorities. */
export function judge(
  tables: readonly Table[],
  hook: Hook,
  packet: Packet,
  priorities: Priorities = {},
): Verdict {
  checkAsked(tables, hook, packet);
  argumentsOf.is('priorities', priorities, 'object');
  const { from = -Infinity, to = Infinity, tie, except } = priorities;
  const chains = chainsOf(tables, hook, packet).filter(({ chain }) => {
    const { translates, priority = 0 } = chain;
    // Chains that translate are asked about the first packet of a connection only, but may drop it too.
    const asked =
      translates !== true || ((packet.state === 'new' || packet.state === 'unknown') && isFollowed(tables));
    const inside = (priority >= from && priority < to) || priority === tie;
    return asked && inside && except?.has(chain) !== true;
  });
  const losses: Loss[] = [];
  let state: State = { packet, certainty: 'yes' };
  for (const place of chains) {
    if (place.chain.translates === true && state.packet.state === 'untracked') continue;
    const before = losses.length;
    if (place.chain.priority === tie && tie !== undefined) {
      const doubted: State = { ...state, certainty: 'perhaps', unsure: { ...place, tied: true } };
      state = { ...state, packet: join([state, new Walk(place, losses).base(doubted)])?.packet ?? packet };
      continue;
    }
    const next = new Walk(place, losses).base(state);
    if (next === undefined) return lost(losses) ?? { type: 'pass', packet: state.packet };
    // All branches continue: the uncertainty between them does not matter any more.
    state = losses.length === before ? { ...state, packet: next.packet } : next;
  }
  const worst = losses.find(({ certainty }) => certainty === 'perhaps') ?? losses[0];
  if (worst === undefined) return { type: 'pass', packet: state.packet };
  const by = { table: worst.table, chain: worst.chain, rule: worst.rule };
  return {
    type: worst.certainty === 'perhaps' ? 'perhaps' : 'some',
    packet: state.packet,
    by,
    unsure: worst.unsure ?? by,
  };
}

/** Every branch ends in a loss: names the most certain one. */
function lost(losses: readonly Loss[]): Verdict | undefined {
  const order: readonly Certainty[] = ['yes', 'some', 'perhaps'];
  const [first] = [...losses].sort(
    (left, right) => order.indexOf(left.certainty) - order.indexOf(right.certainty),
  );
  return first && { type: first.type, table: first.table, chain: first.chain, rule: first.rule };
}

/** One packet in one chain with a hook. */
class Walk {
  readonly #place: Place;
  readonly #losses: Loss[];
  readonly #accepted: State[] = [];

  constructor(place: Place, losses: Loss[]) {
    this.#place = place;
    this.#losses = losses;
  }

  /** What passes the chain; undefined if nothing does. */
  base(state: State): State | undefined {
    const { chain } = this.#place as { chain: Chain };
    const end = this.#chain(chain, state, 0);
    if (end !== undefined) {
      if (chain.policy === 'drop') this.#lose('drop', end, undefined, chain.packets);
      else this.#accepted.push(end);
    }
    return join(this.#accepted);
  }

  /** The packet at the end of a chain, or on return from it. */
  #chain(chain: Chain, begin: State, depth: number): State | undefined {
    const returned: State[] = [];
    let state = begin;
    for (const rule of chain.rules) {
      const matched = matching(rule, state.packet);
      if (matched === 'no') continue;
      const passes: State = { ...state, packet: changeMarks(rule, state.packet) };
      if (rule.target.type === 'continue') {
        // If the rule perhaps matches, the mark is unknown from here on; nothing else depends on the rule.
        state = matched === 'yes' ? passes : (join([state, passes]) as State);
        continue;
      }
      const inside = matched === 'yes' ? passes : this.#doubted(passes, matched, rule);
      const count = this.#losses.length + this.#accepted.length + returned.length;
      const out = this.#target(rule, inside, depth, returned);
      if (matched === 'yes') {
        if (out === undefined) return join(returned);
        state = out;
        continue;
      }
      // It continues if the rule does not match, and also if its chain lets it continue.
      const ended = this.#losses.length + this.#accepted.length + returned.length > count;
      const around: State = ended ? this.#doubted(state, matched, rule) : state;
      state =
        out === undefined
          ? around
          : (join([around, ended ? out : { ...out, certainty: state.certainty }]) as State);
    }
    return join([...returned, state]);
  }

  /** The packet after a rule that matched. */
  #target(rule: Rule, state: State, depth: number, returned: State[]): State | undefined {
    const { target } = rule;
    switch (target.type) {
      case 'jump':
      case 'goto': {
        const chain = this.#place.table.chains.get(target.chain);
        if (chain === undefined || depth > DEPTH) return this.#unknown(rule, state);
        const out = this.#chain(chain, state, depth + 1);
        if (target.type === 'jump' || out === undefined) return out;
        returned.push(out);
        return undefined;
      }
      case 'return':
        returned.push(state);
        return undefined;
      case 'drop':
      case 'reject':
        this.#lose(target.type, state, rule, rule.packets);
        return undefined;
      case 'unknown':
        return this.#unknown(rule, state);
      case 'continue':
        return state;
      case 'accept':
      case 'snat':
      case 'dnat':
      case 'netmap':
        this.#accepted.push(state);
        return undefined;
    }
  }

  /** An unknown target may drop it or let it continue. */
  #unknown(rule: Rule, state: State): State {
    const doubted = this.#doubted(state, 'perhaps', rule);
    if (this.#place.chain.translates === true) return doubted;
    this.#lose('drop', doubted, rule, rule.packets);
    return doubted;
  }

  #doubted(state: State, matched: Certainty, rule: Rule): State {
    const certainty = weaker(state.certainty, matched);
    const fresh = certainty !== state.certainty || state.unsure === undefined;
    return { ...state, certainty, unsure: fresh ? { ...this.#place, rule } : state.unsure };
  }

  #lose(type: 'drop' | 'reject', state: State, rule: Rule | undefined, packets: number | undefined): void {
    // A rule that may drop packets, but has not dropped any since it was added, is ignored.
    if (state.certainty === 'perhaps' && packets === 0) return;
    const { certainty, unsure } = state;
    this.#losses.push({ ...this.#place, rule, type, certainty, unsure });
  }
}

/** Joins branches: values that differ between them are unknown. */
function join(states: readonly (State | undefined)[]): State | undefined {
  const present = states.filter((state) => state !== undefined);
  return present
    .slice(1)
    .reduce<State | undefined>((left, right) => left && joinTwo(left, right), present[0]);
}

function joinTwo(left: State, right: State): State {
  const certainty = weaker(left.certainty, right.certainty);
  const { packet } = left;
  const other = right.packet;
  const same = packet === other;
  return {
    packet: same
      ? packet
      : {
          ...packet,
          mark: packet.mark === other.mark ? packet.mark : 'unknown',
          connectionMark: packet.connectionMark === other.connectionMark ? packet.connectionMark : 'unknown',
          state: packet.state === other.state ? packet.state : 'unknown',
        },
    certainty,
    unsure: certainty === left.certainty ? (left.unsure ?? right.unsure) : right.unsure,
  };
}
