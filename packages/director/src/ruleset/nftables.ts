import { argumentsOf } from '../argument-checks.js';
import { perhaps } from '../firewall/match.js';
import { flagsOf, type Json, unknownKeys } from './nft-key.js';
import { nftEffects } from './nft-statement.js';
import { type NftListing, readListing } from './nft-listing.js';
import { keysOf, matches, type NamedSets } from './nft-set.js';
import { eachOfMaps, mayStop } from './nft-map.js';
import type { Queues } from './queue.js';
import type { Chain, Hook, Match, Rule, Selection, Table } from '../firewall/rule.js';

const FAMILIES: Readonly<Record<string, Table['families']>> = {
  ip: ['ipv4'],
  ip6: ['ipv6'],
  inet: ['ipv4', 'ipv6'],
  netdev: ['ipv4', 'ipv6', 'arp'],
  bridge: ['ipv4', 'ipv6', 'arp'],
  arp: ['arp'],
};
const HOOKS = ['ingress', 'prerouting', 'input', 'forward', 'output', 'postrouting', 'egress'];

interface Draft extends Omit<Table, 'chains'> {
  readonly chains: Map<string, Chain & { rules: Rule[] }>;
  readonly sets: Map<string, { elements: unknown[]; dynamic: boolean }>;
}

/** Reads the output of `nft -j list ruleset`. `listing` is the output of `nft -a list ruleset`: the rules as text. */
export function readNftables(text: string, listing?: string, queues?: Queues): Table[] {
  argumentsOf.is('text', text, 'text');
  if (listing !== undefined) argumentsOf.is('listing', listing, 'text');
  if (queues !== undefined) argumentsOf.object('queues', queues, { has: 'function' });
  const { texts, dormant, devices } = readListing(listing ?? '');
  const tables = new Map<string, Draft>();
  const items = itemsOf(text);
  const of = (kind: string): [Json, Draft | undefined][] =>
    items.flatMap((item) => {
      const entry = item[kind] as Json | undefined;
      if (entry === undefined) return [];
      const table = String(entry[kind === 'table' ? 'name' : 'table']);
      return [[entry, tables.get(`${String(entry['family'])} ${table}`)]];
    });
  for (const [entry] of of('table')) {
    const nftFamily = String(entry['family']);
    const families = FAMILIES[nftFamily];
    const name = String(entry['name']);
    // A dormant table has no effect.
    if (families === undefined || flagsOf(entry['flags']).includes('dormant')) continue;
    if (dormant.has(`${nftFamily} ${name}`)) continue;
    tables.set(`${nftFamily} ${name}`, {
      tool: 'nft',
      name,
      families,
      nftFamily,
      chains: new Map(),
      sets: new Map(),
    });
  }
  const filled = new Set(of('rule').flatMap(([entry]) => filledBy(entry)));
  for (const [entry, table] of [...of('set'), ...of('map')]) {
    const flags = flagsOf(entry['flags']);
    const elements = [entry['elem'] ?? []].flat();
    table?.sets.set(String(entry['name']), {
      elements,
      dynamic: flags.includes('dynamic') || filled.has(setKey(entry, String(entry['name']))),
    });
  }
  for (const [entry, table] of of('chain'))
    table?.chains.set(String(entry['name']), readChain(entry, devices));
  for (const [entry, table] of of('rule'))
    table?.chains.get(String(entry['chain']))?.rules.push(...readRules(entry, table, texts, queues));
  return [...tables.values()];
}

/** The items of the listing. */
function itemsOf(text: string): Json[] {
  let listed: { readonly nftables?: unknown } | null | undefined;
  try {
    listed = JSON.parse(text) as { readonly nftables?: unknown } | null;
  } catch {
    listed = undefined;
  }
  const items = listed?.nftables;
  if (!Array.isArray(items))
    throw argumentsOf.error('text', 'the output of nft -j list ruleset', text, 'range');
  return items as Json[];
}

/** The sets that a rule puts packets into. */
function filledBy(entry: Json): string[] {
  return ((entry['expr'] ?? []) as Json[]).flatMap((expression) => {
    const body = (expression['set'] ?? expression['map']) as Json | undefined;
    const name = body?.['set'] ?? body?.['map'];
    return typeof name === 'string' ? [setKey(entry, name.replace('@', ''))] : [];
  });
}

function setKey(entry: Json, name: string): string {
  return `${String(entry['family'])} ${String(entry['table'])} ${name}`;
}

function readChain(entry: Json, devices: NftListing['devices']): Chain & { rules: Rule[] } {
  const hook = HOOKS.find((each) => each === entry['hook']);
  const name = String(entry['name']);
  if (hook === undefined) return { name, rules: [] };
  const listed = devices.get(`${String(entry['family'])} ${String(entry['table'])} ${name}`);
  const bound = entry['dev'] === undefined ? listed : [entry['dev']].flat().map(String);
  return {
    name,
    rules: [],
    hook: (entry['family'] === 'bridge' ? `bridge ${hook}` : hook) as Hook,
    priority: Number(entry['prio'] ?? 0),
    ...(entry['type'] === 'nat' && { translates: true }),
    ...(bound !== undefined && { devices: bound }),
    policy: entry['policy'] === 'drop' ? 'drop' : 'accept',
  };
}

/** Statements that neither match nor decide. */
const IDLE = new Set(['counter', 'log', 'notrack', 'set', 'map', 'flow', 'dup', 'comment', 'ct helper']);
const DECIDES = new Set(['accept', 'drop', 'reject', 'return', 'jump', 'goto', 'continue', 'snat', 'dnat']);

/** Reads a rule; where it looks values up in maps it returns one rule for each of their elements. */
function readRules(entry: Json, table: Draft, texts: ReadonlyMap<string, string>, queues: Queues): Rule[] {
  const expressions = (entry['expr'] ?? []) as Json[];
  return eachOfMaps(expressions, table.sets).flatMap((each) => readRule(entry, each, table, texts, queues));
}

function readRule(
  entry: Json,
  expressions: readonly Json[],
  { nftFamily, name, sets }: Draft,
  texts: ReadonlyMap<string, string>,
  queues: Queues,
): Rule[] {
  const conditions: Match[] = [];
  const selects: { -readonly [K in keyof Selection]: Selection[K] } = {};
  let packets: number | undefined;
  let verdicts: Json | undefined;
  const unknown: string[] = [];
  for (const expression of expressions) {
    const [kind = '', body] = Object.entries(expression)[0] ?? [];
    const each = (body ?? {}) as Json;
    if (kind === 'match') {
      const { left, op, right } = each;
      const keys = keysOf(left);
      conditions.push((packet) => matches(keys, String(op), right, sets, packet));
      unknown.push(...unknownKeys(left));
      if (op === '==' || op === 'in') select(selects, left, right, sets);
    } else if (mayStop(kind, body)) conditions.push(perhaps);
    else if (kind === 'vmap') verdicts = each;
    else if (kind === 'counter') packets = typeof each['packets'] === 'number' ? each['packets'] : undefined;
    else if (kind === 'xt') {
      conditions.push(perhaps);
      unknown.push(typeof each['name'] === 'string' ? `xt ${each['name']}` : 'xt');
    } else if (!IDLE.has(kind) && !DECIDES.has(kind) && nftEffects([expression], queues) === undefined) {
      conditions.push(perhaps);
      unknown.push(kind);
    }
  }
  const handle = `handle ${String(entry['handle'])}`;
  const listed = texts.get(`${nftFamily} ${name} ${handle}`) ?? `${String(entry['chain'])} ${handle}`;
  const named = unknown.length === 0 ? '' : ` (unknown here: ${[...new Set(unknown)].join(', ')})`;
  const text = `${listed}${named}`;
  const effects = nftEffects(expressions, queues) ?? { target: { type: 'continue' } };
  const rule: Rule = {
    matches: conditions,
    ...effects,
    ...(usesConntrack(expressions) && { conntrack: true }),
    text,
    packets,
    ...(Object.keys(selects).length > 0 && { selects }),
  };
  return verdicts === undefined ? [rule] : mapRules(rule, verdicts, sets);
}

/** Whether a rule makes the kernel follow connections. */
function usesConntrack(expressions: readonly Json[]): boolean {
  return /"(ct|ct [a-z]+|snat|dnat|masquerade|redirect|notrack|synproxy)":/.test(JSON.stringify(expressions));
}

/** The rules that are equivalent to a verdict map. */
function mapRules(rule: Rule, { key, data }: Json, sets: NamedSets): Rule[] {
  const keys = keysOf(key);
  const named = typeof data === 'string' ? sets.get(data.replace('@', '')) : undefined;
  const elements: unknown = named?.elements ?? (data as Json | null)?.['set'];
  if (!Array.isArray(elements)) return [{ ...rule, target: { type: 'unknown' } }];
  // The element for all other values comes last.
  const last = (element: unknown): number => Number((element as unknown[])[0] === '*');
  return [...(elements as unknown[])]
    .sort((left, right) => last(left) - last(right))
    .map((element) => {
      const [value, verdict] = element as [unknown, Json];
      return {
        ...rule,
        // Each element has only a part of the rule's count.
        packets: rule.packets === 0 ? 0 : undefined,
        matches: [...rule.matches, (packet) => matches(keys, '==', { set: [value] }, sets, packet)],
        ...(nftEffects([verdict]) ?? { target: { type: 'unknown' } }),
      };
    });
}

/** Adds what a match selects. */
function select(
  selects: { -readonly [K in keyof Selection]: Selection[K] },
  left: unknown,
  right: unknown,
  sets: NamedSets,
): void {
  const parts = (left as Json | null)?.['concat'] as unknown[] | undefined;
  const [only, more] = ((right as Json | null)?.['set'] as unknown[] | undefined) ?? [];
  const values = (only as Json | null)?.['concat'] as unknown[] | undefined;
  if (parts !== undefined) {
    // Of several elements the parts belong together.
    if (more === undefined) parts.forEach((part, at) => select(selects, part, values?.[at], sets));
    return;
  }
  const payload = (left as Json | null)?.['payload'] as Json | undefined;
  const meta = ((left as Json | null)?.['meta'] as Json | undefined)?.['key'];
  const literal =
    typeof right === 'string' && right.startsWith('@') ? sets.get(right.slice(1))?.elements : undefined;
  const elements = literal ?? ((right as Json | null)?.['set'] as unknown[] | undefined) ?? [right];
  if (payload?.['field'] === 'daddr') selects.destinations = elements.map(addressText);
  if (payload?.['field'] === 'dport') {
    if (payload['protocol'] !== 'th') selects.protocols = [String(payload['protocol'])];
    selects.ports = elements.flatMap((element) => {
      const [low, high] = ((element as Json | null)?.['range'] as number[] | undefined) ?? [element, element];
      return typeof low === 'number' && typeof high === 'number' ? [[low, high] as const] : [];
    });
  }
  if (meta === 'l4proto' || payload?.['field'] === 'protocol') selects.protocols = elements.map(String);
}

function addressText(element: unknown): string {
  const prefix = (element as Json | null)?.['prefix'] as Json | undefined;
  return prefix === undefined ? String(element) : `${String(prefix['addr'])}/${String(prefix['len'])}`;
}
