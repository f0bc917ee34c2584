import { weaker } from './answer.js';
import { type Certainty, chainsOf, DEPTH, matching, type Place } from './chain.js';
import { changeMarks } from './mark.js';
import type { Packet } from './packet.js';
import type { Chain, Hook, Rule, Table, Target } from './rule.js';

/** A rule that translates a packet. */
export interface Translation extends Place {
  readonly rule: Rule;
  readonly target: Extract<Target, { type: 'snat' | 'dnat' }>;
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

/** Judges the translating chains of a hook (`nat`), in the order of their priorities. */
export function translate(tables: readonly Table[], hook: Hook, begin: Packet): Translated {
  let packet = begin;
  let doubtful: Translation | undefined;
  for (const { table, chain } of chainsOf(tables, hook, packet).filter(
    ({ chain: { translates } }) => translates,
  )) {
    const walk = new TranslationWalk(table, chain);
    const end = walk.chain(chain, packet, 'yes', 0);
    packet = end.packet;
    const sure = walk.found.find(({ certainty }) => certainty === 'yes');
    if (sure !== undefined) return { translation: sure, packet };
    doubtful ??= walk.found[0];
  }
  return { ...(doubtful !== undefined && { translation: doubtful }), packet };
}

/** One packet in one translating chain. */
class TranslationWalk {
  readonly found: Translation[] = [];
  readonly #table: Table;
  readonly #base: Chain;

  constructor(table: Table, base: Chain) {
    this.#table = table;
    this.#base = base;
  }

  /** The packet after a chain; `ended` if it does not continue in this table. */
  chain(chain: Chain, begin: Packet, reached: Certainty, depth: number): { packet: Packet; ended: boolean } {
    let packet = begin;
    let certainty = reached;
    for (const rule of chain.rules) {
      const matched = matching(rule, packet);
      if (matched === 'no') continue;
      const sure = weaker<Certainty>(certainty, matched);
      const changed = changeMarks(rule, packet);
      if (changed !== packet) packet = matched === 'yes' ? changed : { ...packet, mark: 'unknown' };
      const { target } = rule;
      if (target.type === 'snat' || target.type === 'dnat') {
        this.found.push({ table: this.#table, chain: this.#base, rule, target, certainty: sure });
        if (matched === 'yes') return { packet, ended: true };
      } else if (target.type === 'jump' || target.type === 'goto') {
        const next = this.#table.chains.get(target.chain);
        if (next === undefined || depth > DEPTH) continue;
        const before = this.found.length;
        const end = this.chain(next, packet, sure, depth + 1);
        packet = end.packet;
        if (matched === 'yes' && (end.ended || target.type === 'goto')) return { packet, ended: end.ended };
        if (end.ended || this.found.length > before) certainty = sure;
      } else if (target.type !== 'continue' && target.type !== 'unknown') {
        if (matched === 'yes') return { packet, ended: target.type !== 'return' };
        certainty = sure;
      }
    }
    return { packet, ended: false };
  }
}
