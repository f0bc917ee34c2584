import { argumentsOf } from '../argument-checks.js';
import { type Answer, all } from './answer.js';
import type { Packet } from './packet.js';
import type { Chain, Hook, Rule, Table } from './rule.js';

/** Where something happens to a packet. `rule` is absent if it is the policy of the chain. */
export interface Place {
  readonly table: Table;
  /** The chain with a hook, in the order of its rules. */
  readonly chain: Chain;
  readonly rule?: Rule | undefined;
}

/** How deep chains may call one another; the kernel rejects loops. */
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

const FAMILIES: readonly string[] = ['ipv4', 'ipv6'];

/** Throws for invalid arguments. Tables are checked when they are first used. */
export function checkAsked(tables: readonly Table[], hook: Hook, packet: Packet): void {
  argumentsOf.is('tables', tables, 'list');
  argumentsOf.is('hook', hook, 'text');
  argumentsOf.is('packet', packet, 'object');
  if (!FAMILIES.includes(packet.family))
    throw argumentsOf.error('packet.family', 'ipv4 or ipv6', packet.family);
  argumentsOf.is('packet.protocol', packet.protocol, 'text');
}

/** The chains of a hook that see a packet, in the order in which they are called. */
export function chainsOf(
  tables: readonly Table[],
  hook: Hook,
  { family, arp, input, output }: Pick<Packet, 'family' | 'arp' | 'input' | 'output'>,
): readonly { readonly table: Table; readonly chain: Chain }[] {
  const all = indexOf(tables).get(`${hook} ${arp === undefined ? family : 'arp'}`) ?? NONE;
  const device = hook === 'ingress' ? input : hook === 'egress' ? output : undefined;
  return device === undefined
    ? all
    : all.filter(({ chain: { devices } }) => devices?.includes(device) !== false);
}

const NONE: readonly never[] = [];

/** Whether connections are followed at all: some rule needs it. Else no packet passes the chains that translate. */
export function isFollowed(tables: readonly Table[]): boolean {
  const known = followed.get(tables);
  if (known !== undefined) return known;
  const found = tables.some(({ chains }) =>
    [...chains.values()].some(({ rules }) => rules.some(({ conntrack }) => conntrack === true)),
  );
  followed.set(tables, found);
  return found;
}

const followed = new WeakMap<readonly Table[], boolean>();

type Index = ReadonlyMap<string, readonly { readonly table: Table; readonly chain: Chain }[]>;

/** Chains by hook and family, sorted once for thousands of packets. */
const indices = new WeakMap<readonly Table[], Index>();

function indexOf(tables: readonly Table[]): Index {
  const known = indices.get(tables);
  if (known !== undefined) return known;
  const index = new Map<string, { table: Table; chain: Chain }[]>();
  for (const table of tables) {
    argumentsOf.object('each of tables', table, { families: 'list', chains: 'object' });
    for (const family of table.families) {
      for (const chain of table.chains.values()) {
        if (chain.hook === undefined) continue;
        const key = `${chain.hook} ${family}`;
        index.set(key, [...(index.get(key) ?? []), { table, chain }]);
      }
    }
  }
  for (const list of index.values())
    list.sort((left, right) => (left.chain.priority ?? 0) - (right.chain.priority ?? 0));
  indices.set(tables, index);
  return index;
}
