import type { Packet } from './packet.js';
import { all, type Chain, type Hook, type Rule, type Table } from './rule.js';

/** What a firewall does with a packet. `perhaps`: that depends on what is not known of it. */
export type Verdict =
  | { readonly type: 'pass' | 'perhaps' }
  /** `rule` is absent where the policy of the chain drops it. */
  | {
      readonly type: 'drop' | 'reject';
      readonly table: Table;
      readonly chain: Chain;
      readonly rule?: Rule;
    };

/** How deep chains may call one another; the kernel itself refuses loops. */
const DEPTH = 64;

/** What the filtering tables do with a packet at one place of its path. Tables that only translate are passed over. */
export function judge(tables: readonly Table[], hook: Hook, packet: Packet): Verdict {
  let verdict: Verdict = { type: 'pass' };
  for (const table of tables) {
    if (table.name === 'nat' || !table.families.includes(packet.family)) continue;
    for (const chain of table.chains.values()) {
      if (chain.hook !== hook) continue;
      const found = walk(table, chain, chain, packet, 0);
      if (found === 'accept') continue;
      if (found === 'end') {
        if (chain.policy === 'drop') return { type: 'drop', table, chain };
      } else if (found.type === 'perhaps') verdict = found;
      else return found;
    }
  }
  return verdict;
}

/** `end`: the packet came to the end of the chain, or returned from it. */
function walk(
  table: Table,
  base: Chain,
  chain: Chain,
  packet: Packet,
  depth: number,
): Verdict | 'accept' | 'end' {
  for (const rule of chain.rules) {
    const matched = all(rule.matches.map((match) => match(packet)));
    if (matched === 'no') continue;
    const { target } = rule;
    let effect: Verdict | 'accept' | 'end' | 'continue';
    if ('chain' in target) {
      const next = table.chains.get(target.chain);
      effect =
        next === undefined || depth > DEPTH
          ? { type: 'perhaps' }
          : walk(table, base, next, packet, depth + 1);
      if (effect === 'end' && target.type === 'jump') effect = 'continue';
    } else if (target.type === 'accept') effect = 'accept';
    else if (target.type === 'return') effect = 'end';
    else if (target.type === 'drop' || target.type === 'reject')
      effect = { type: target.type, table, chain: base, rule };
    else effect = target.type === 'unknown' ? { type: 'perhaps' } : 'continue';
    if (effect === 'continue') continue;
    // A rule that perhaps ends the packet's path, or perhaps lets it pass, leaves nothing certain.
    return matched === 'perhaps' ? { type: 'perhaps' } : effect;
  }
  return 'end';
}
