import { type Answer, all } from './answer.js';
import type { Packet } from './packet.js';
import type { Chain, Hook, Rule, Table } from './rule.js';

/** Where something happens to a packet. `rule` is absent where it is the policy of the chain. */
export interface Place {
  readonly table: Table;
  /** The chain with a hook: what goes first there is seen first. */
  readonly chain: Chain;
  readonly rule?: Rule | undefined;
}

/** How deep chains may call one another; the kernel itself refuses loops. */
export const DEPTH = 64;

/** How certain it is that something happens. */
export type Certainty = Exclude<Answer, 'no'>;

/** Whether all matches of a rule hold for a packet. */
export function matching(rule: Rule, packet: Packet): Answer {
  return all(answers(rule, packet));
}

function* answers(rule: Rule, packet: Packet): Generator<Answer, void, undefined> {
  for (const match of rule.matches) yield match(packet);
}

/** The chains of a hook that see packets of a family, in the order in which they are called. */
export function chainsOf(
  tables: readonly Table[],
  hook: Hook,
  { family, input }: Packet,
): { table: Table; chain: Chain }[] {
  return tables
    .filter(({ families }) => families.includes(family))
    .flatMap((table) => [...table.chains.values()].map((chain) => ({ table, chain })))
    .filter(
      ({ chain: { hook: own, devices } }) =>
        own === hook && (devices === undefined || input === undefined || devices.includes(input)),
    )
    .sort((left, right) => (left.chain.priority ?? 0) - (right.chain.priority ?? 0));
}
