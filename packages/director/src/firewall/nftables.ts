import { any, device, network, perhaps, port, protocol, states } from './match.js';
import { type Chain, type Hook, known, type Match, not, type Rule, type Table, type Target } from './rule.js';

type Json = Readonly<Record<string, unknown>>;

const FAMILIES: Readonly<Record<string, readonly ('ipv4' | 'ipv6')[]>> = {
  ip: ['ipv4'],
  ip6: ['ipv6'],
  inet: ['ipv4', 'ipv6'],
};
const HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'];

/** Reads what `nft -j list ruleset` writes; tables of `bridge`, `arp` and `netdev` are passed over. */
export function readNftables(text: string): Table[] {
  const tables = new Map<
    string,
    Omit<Table, 'chains'> & { chains: Map<string, Chain & { rules: Rule[] }> }
  >();
  for (const item of (JSON.parse(text) as { nftables: Json[] }).nftables) {
    const [kind = '', body] = Object.entries(item)[0] ?? [];
    const entry = (body ?? {}) as Json;
    const nftFamily = String(entry['family']);
    const families = FAMILIES[nftFamily];
    if (families === undefined) continue;
    if (kind === 'table') {
      const name = String(entry['name']);
      tables.set(`${nftFamily} ${name}`, { tool: 'nft', name, families, nftFamily, chains: new Map() });
    }
    const table = tables.get(`${nftFamily} ${String(entry['table'])}`);
    if (kind === 'chain') table?.chains.set(String(entry['name']), readChain(entry));
    if (kind === 'rule') table?.chains.get(String(entry['chain']))?.rules.push(readRule(entry, nftFamily));
  }
  return [...tables.values()];
}

function readChain(entry: Json): Chain & { rules: Rule[] } {
  const hook = HOOKS.find((each) => each === entry['hook']);
  // Chains of type nat translate; they do not filter, except by a policy that nobody sets.
  const base = hook !== undefined && entry['type'] !== 'nat' ? { hook: hook as Hook } : {};
  return {
    name: String(entry['name']),
    rules: [],
    ...base,
    policy: entry['policy'] === 'drop' ? 'drop' : 'accept',
  };
}

function readRule(entry: Json, nftFamily: string): Rule {
  const matches: Match[] = [];
  let target: Target = { type: 'continue' };
  const expressions = (entry['expr'] ?? []) as Json[];
  for (const expression of expressions) {
    const [kind = '', body] = Object.entries(expression)[0] ?? [];
    if (kind === 'match') matches.push(readMatch(body as Json));
    else target = readTarget(kind, body) ?? target;
    if (kind === 'xt' || kind === 'limit' || kind === 'vmap') matches.push(perhaps);
  }
  return {
    matches,
    target,
    text: `${nftFamily} ${String(entry['table'])} ${String(entry['chain'])} handle ${String(entry['handle'])}`,
  };
}

function readTarget(kind: string, body: unknown): Target | undefined {
  switch (kind) {
    case 'accept':
    case 'drop':
    case 'reject':
    case 'return':
      return { type: kind };
    case 'jump':
    case 'goto':
      return { type: kind, chain: String((body as Json)['target']) };
    case 'snat':
    case 'dnat':
    case 'masquerade':
    case 'redirect':
      return { type: 'nat' };
    case 'mangle': {
      const { key, value } = body as { key: Json; value: unknown };
      const meta = key['meta'] as Json | undefined;
      return meta?.['key'] === 'mark' && typeof value === 'number'
        ? { type: 'mark', value }
        : { type: 'continue' };
    }
    case 'queue':
    case 'xt':
    case 'vmap':
      return { type: 'unknown' };
    default:
      return undefined;
  }
}

function readMatch({ left, op, right }: Json): Match {
  const match = matchOf((left ?? {}) as Json, values(right));
  if (op === '==' || op === 'in') return match;
  return op === '!=' ? (packet) => not(match(packet)) : perhaps;
}

/** The values of a right side as texts: `80`, `1:1024`, `192.0.2.0/24`. Named sets are not looked into. */
function values(right: unknown): readonly string[] | undefined {
  if (typeof right === 'number' || (typeof right === 'string' && !right.startsWith('@')))
    return [String(right)];
  if (Array.isArray(right)) return flat(right as unknown[]);
  if (typeof right !== 'object' || right === null) return undefined;
  const { set, range, prefix } = right as {
    set?: unknown[];
    range?: unknown[];
    prefix?: { addr: unknown; len: unknown };
  };
  if (set !== undefined) return flat(set);
  if (range !== undefined) return [range.join(':')];
  if (prefix !== undefined) return [`${String(prefix.addr)}/${String(prefix.len)}`];
  return undefined;
}

function flat(items: readonly unknown[]): readonly string[] | undefined {
  const all = items.map(values);
  return all.includes(undefined) ? undefined : all.flatMap((each) => each ?? []);
}

function matchOf(left: Json, right: readonly string[] | undefined): Match {
  if (right === undefined) return perhaps;
  const each = (make: (text: string) => Match): Match => any(right.map(make));
  const payload = left['payload'] as { protocol?: string; field?: string } | undefined;
  const meta = (left['meta'] as Json | undefined)?.['key'];
  if ((left['ct'] as Json | undefined)?.['key'] === 'state') return states(right);
  if (meta === 'iifname') return each((text) => device('input', text.replace(/\*$/, '+')));
  if (meta === 'oifname') return each((text) => device('output', text.replace(/\*$/, '+')));
  if (meta === 'l4proto') return each(protocol);
  if (meta === 'nfproto')
    return ({ family }) => known(family, (own) => right.includes(own === 'ipv4' ? 'ipv4' : 'ipv6'));
  if (payload?.field === 'protocol' || payload?.field === 'nexthdr') return each(protocol);
  // A transport field matches packets of its transport only: nft leaves the match of the protocol to it.
  const transport = protocol(payload?.protocol === 'th' ? 'all' : (payload?.protocol ?? ''));
  if (payload?.field === 'dport' || payload?.field === 'sport') {
    const side = payload.field === 'dport' ? 'destinationPort' : 'sourcePort';
    const ports = each((text) => port(side, text));
    return (packet) => (transport(packet) === 'no' ? 'no' : ports(packet));
  }
  if (payload?.field === 'saddr' || payload?.field === 'daddr') {
    const side = payload.field === 'saddr' ? 'source' : 'destination';
    const family = payload.protocol === 'ip6' ? 'ipv6' : 'ipv4';
    const networks = each((text) =>
      text.includes('-') || text.includes(':/') ? perhaps : network(side, text),
    );
    return (packet) => (packet.family === family ? networks(packet) : 'no');
  }
  return perhaps;
}
