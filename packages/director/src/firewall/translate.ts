import { weaker } from './answer.js';
import { type Certainty, chainsOf, checkAsked, DEPTH, matching, type Place } from './chain.js';
import { changeMarks } from './mark.js';
import type { Packet } from './packet.js';
import type { Chain, Hook, Rule, Table, Target } from './rule.js';

/** A rule that translates a packet. */
export interface Translation extends Place {
  readonly rule: Rule;
  readonly target: { readonly type: 'snat' | 'dnat'; readonly to?: string };
  /** `yes` if it is certain. */
  readonly certainty: Certainty;
}

/** What the translating chains of a hook do with the first packet of a connection. */
export interface Translated {
  /** The first rule that translates it, or may translate it; absent if none does. */
  readonly translation?: Translation;
  /** The packet after them, with its marks. */
  readonly packet: Packet;
}

/** Judges the translating chains of a hook (`nat`), in the order of their priorities. They do not see untracked packets. */
export function translate(tables: readonly Table[], hook: Hook, begin: Packet): Translated {
  checkAsked(tables, hook, begin);
  let packet = begin;
  let doubtful: Translation | undefined;
  if (packet.state === 'untracked') return { packet };
  for (const { table, chain } of chainsOf(tables, hook, packet).filter(
    ({ chain: { translates } }) => translates,
  )) {
    const walk = new TranslationWalk(table, chain, hook);
    const end = walk.base(packet);
    packet = end.packet;
    const [first] = walk.found;
    // Where every branch ends in a translation, it is certain that there is one.
    if (first !== undefined && end.ended && !walk.spares)
      return { translation: { ...first, certainty: 'yes' }, packet };
    const sure = walk.found.find(({ certainty }) => certainty === 'yes');
    if (sure !== undefined) return { translation: sure, packet };
    doubtful ??= first;
  }
  return { ...(doubtful !== undefined && { translation: doubtful }), packet };
}

/** One packet in one translating chain. */
class TranslationWalk {
  readonly found: Translation[] = [];
  /** Whether some branch ends without a translation. */
  spares = false;
  readonly #table: Table;
  readonly #base: Chain;
  readonly #hook: Hook;

  constructor(table: Table, base: Chain, hook: Hook) {
    this.#table = table;
    this.#base = base;
    this.#hook = hook;
  }

  base(packet: Packet): { packet: Packet; ended: boolean } {
    return this.#chain(this.#base, packet, 'yes', 0);
  }

  /** The packet after a chain; `ended` if it does not continue in this table. */
  #chain(chain: Chain, begin: Packet, reached: Certainty, depth: number): { packet: Packet; ended: boolean } {
    let packet = begin;
    let certainty = reached;
    let returns = false;
    for (const rule of chain.rules) {
      const matched = matching(rule, packet);
      if (matched === 'no') continue;
      const sure = weaker<Certainty>(certainty, matched);
      const changed = changeMarks(rule, packet);
      if (changed !== packet) packet = matched === 'yes' ? changed : { ...packet, mark: 'unknown' };
      const target = this.#translation(rule.target);
      if (target !== undefined) {
        this.found.push({ table: this.#table, chain: this.#base, rule, target, certainty: sure });
        if (matched === 'yes') return { packet, ended: !returns };
        certainty = sure;
      } else if (rule.target.type === 'jump' || rule.target.type === 'goto') {
        const next = this.#table.chains.get(rule.target.chain);
        if (next === undefined || depth > DEPTH) continue;
        const before = this.found.length;
        const end = this.#chain(next, packet, sure, depth + 1);
        packet = end.packet;
        if (matched === 'yes' && (end.ended || rule.target.type === 'goto'))
          return { packet, ended: end.ended && !returns };
        if (end.ended || this.found.length > before) certainty = sure;
        if (rule.target.type === 'goto' && !end.ended) returns = true;
      } else if (rule.target.type !== 'continue' && rule.target.type !== 'unknown') {
        if (rule.target.type === 'return') returns ||= matched !== 'yes';
        else this.spares = true;
        if (matched === 'yes') return { packet, ended: rule.target.type !== 'return' && !returns };
        certainty = sure;
      }
    }
    return { packet, ended: false };
  }

  /** What a target translates on this hook. */
  #translation(target: Target): Translation['target'] | undefined {
    if (target.type === 'snat' || target.type === 'dnat') return target;
    if (target.type !== 'netmap') return undefined;
    const before = this.#hook === 'prerouting' || this.#hook === 'output';
    return { ...target, type: before ? 'dnat' : 'snat' };
  }
}
