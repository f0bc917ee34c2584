import { argumentsOf } from '../argument-checks.js';
import type { IpSet } from './ipset.js';
import { inverse, matchOf, matchOfModule } from './iptables-match.js';
import { iptablesTarget } from './iptables-target.js';
import { portRange } from '../firewall/match.js';
import type { Queues } from './queue.js';
import type { Chain, Hook, Match, Rule, Selection, Table } from '../firewall/rule.js';

const HOOKS: Readonly<Record<string, Hook>> = {
  PREROUTING: 'prerouting',
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
  POSTROUTING: 'postrouting',
};

const FAMILIES: readonly string[] = ['ipv4', 'ipv6'];

/** Priorities of tables, by which the kernel orders them. */
const PRIORITIES: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0, security: 50 };

/** Modules and targets that make the kernel follow connections. */
const CONNTRACK = new Set([
  ...['conntrack', 'state', 'connmark', 'connbytes', 'connlabel', 'connlimit', 'helper', 'cluster'],
  ...[
    'CT',
    'NOTRACK',
    'CONNMARK',
    'CONNSECMARK',
    'SNAT',
    'DNAT',
    'MASQUERADE',
    'REDIRECT',
    'NETMAP',
    'SYNPROXY',
  ],
]);

/** Options that do not affect whether a rule matches, and how many words follow them. */
const IDLE: Readonly<Record<string, number>> = { '--comment': 1, '-c': 2 };

/** Reads the output of `iptables-save` or `ip6tables-save`. `tool` is the program that changes such tables. */
export function readIptables(
  text: string,
  tool: string,
  family: 'ipv4' | 'ipv6',
  sets?: ReadonlyMap<string, IpSet>,
  queues?: Queues,
): Table[] {
  argumentsOf.is('text', text, 'text');
  argumentsOf.is('tool', tool, 'text');
  if (!FAMILIES.includes(family)) throw argumentsOf.error('family', 'ipv4 or ipv6', family);
  if (sets !== undefined) argumentsOf.object('sets', sets, { get: 'function' });
  if (queues !== undefined) argumentsOf.object('queues', queues, { has: 'function' });
  const tables: Table[] = [];
  let name = '';
  let chains = new Map<string, Chain & { rules: Rule[] }>();
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) {
      chains = new Map<string, Chain & { rules: Rule[] }>();
      name = line.slice(1).trim();
      tables.push({ tool, name, families: [family], nftFamily: family === 'ipv4' ? 'ip' : 'ip6', chains });
    } else if (line.startsWith(':')) {
      const chain = readChain(line, name);
      chains.set(chain.name, chain);
    } else if (/^(\[[0-9:]+\] )?-A /.test(line)) {
      const bare = line.replace(/^\[[0-9:]+\] /, '');
      const words = splitWords(bare);
      const packets = /^\[([0-9]+):/.exec(line)?.[1];
      const rule = readRule(words.slice(2), bare, sets, queues);
      chains
        .get(words[1] ?? '')
        ?.rules.push({ ...rule, packets: packets === undefined ? undefined : Number(packets) });
    }
  }
  return tables;
}

/** `:INPUT DROP [3:180]`. */
function readChain(line: string, table: string): Chain & { rules: Rule[] } {
  const [name = '', policy = '-', counters] = line.slice(1).split(' ');
  const hook = policy === '-' ? undefined : HOOKS[name];
  const packets = /^\[([0-9]+):/.exec(counters ?? '')?.[1];
  if (hook === undefined) return { name, rules: [] };
  const nat = hook === 'prerouting' || hook === 'output' ? -100 : 100;
  return {
    name,
    rules: [],
    hook,
    priority: table === 'nat' ? nat : (PRIORITIES[table] ?? 0),
    ...(table === 'nat' && { translates: true }),
    policy: policy === 'DROP' ? 'drop' : 'accept',
    packets: packets === undefined ? undefined : Number(packets),
  };
}

/** Words as the shell would split them: iptables-save quotes comments. */
function splitWords(line: string): string[] {
  return Array.from(line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1'),
  );
}

function readRule(
  words: readonly string[],
  text: string,
  sets: ReadonlyMap<string, IpSet> | undefined,
  queues: Queues,
): Rule {
  const matches: Match[] = [];
  const selection: Writable<Selection> = {};
  let effects: Pick<Rule, 'target'> & Partial<Rule> = { target: { type: 'continue' } };
  let inverted = false;
  let module = '';
  for (let at = 0; at < words.length; at++) {
    const name = words[at] as string;
    if (name === '!') {
      inverted = true;
      continue;
    }
    if (name === '-j' || name === '-g') {
      // The rest are the target's own options.
      effects = iptablesTarget(name, words[at + 1] ?? '', words.slice(at + 2), queues);
      break;
    }
    if (name === '-m') {
      module = words[++at] ?? '';
      const next = words[at + 1] ?? '-j';
      const alone = next === '-j' || next === '-g' || next === '-m';
      const whole = alone ? matchOfModule(module) : undefined;
      if (whole !== undefined) matches.push(whole);
      continue;
    }
    const idle = IDLE[name];
    if (idle !== undefined) {
      at += idle;
      continue;
    }
    const values: string[] = [];
    while (at + 1 < words.length && !/^(-{1,2}[A-Za-z]|!$)/.test(words[at + 1] as string))
      values.push(words[++at] as string);
    const match = matchOf({ module, name, values }, sets);
    matches.push(inverted ? inverse(match) : match);
    if (!inverted) select(selection, name, values[0] ?? '');
    inverted = false;
  }
  return {
    matches,
    ...effects,
    text,
    ...(Object.keys(selection).length > 0 && { selects: selection }),
    ...(words.includes('ipvs') && { ipvs: true }),
    ...(words.some((word) => CONNTRACK.has(word)) && { conntrack: true }),
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Adds what an option of a rule selects. */
function select(selection: Writable<Selection>, name: string, value: string): void {
  if (name === '-p') selection.protocols = [value];
  else if (name === '-d') selection.destinations = [value];
  else if (name === '--dport' || name === '--dports') {
    const ranges = value.split(',').map(portRange);
    selection.ports = ranges.filter((range) => range !== undefined);
  }
}
