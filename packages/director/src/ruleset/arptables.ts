import { argumentsOf } from '../argument-checks.js';
import { always, device, network, perhaps } from '../firewall/match.js';
import type { Chain, Hook, Match, Rule, Table, Target } from '../firewall/rule.js';
import { inverse } from './iptables-match.js';

const HOOKS: Readonly<Record<string, Hook>> = { INPUT: 'input', OUTPUT: 'output' };

/** Targets that a rule ends with, by their names. Others call a chain, or are not known here. */
const TARGETS: Readonly<Record<string, Target>> = {
  ACCEPT: { type: 'accept' },
  DROP: { type: 'drop' },
  RETURN: { type: 'return' },
  CONTINUE: { type: 'continue' },
  // It changes the packet, which is not followed here.
  mangle: { type: 'unknown' },
};

/** What ARP of IPv4 over Ethernet always has. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  '--h-length': ['6'],
  '--h-type': ['1', 'Ethernet'],
  '--proto-type': ['0x800', '2048', 'IPv4'],
};

/** Reads the output of `arptables-legacy -L -n -v`; its `-save` lists the other variant. */
export function readArptables(text: string): Table[] {
  argumentsOf.is('text', text, 'text');
  const chains = new Map<string, Chain & { rules: Rule[] }>();
  let current: (Chain & { rules: Rule[] }) | undefined;
  const lines = text.split('\n');
  const names = new Set(lines.flatMap((line) => /^Chain (\S+) /.exec(line)?.[1] ?? []));
  for (const line of lines) {
    const [, name, policy, packets] = /^Chain (\S+) \((?:policy (\S+) ([0-9]+) packets)?/.exec(line) ?? [];
    if (name !== undefined) {
      const hook = HOOKS[name];
      const base = hook && {
        hook,
        priority: 0,
        policy: policy === 'DROP' ? ('drop' as const) : ('accept' as const),
        packets: packets === undefined ? undefined : Number(packets),
      };
      current = { name, rules: [], ...(policy !== undefined && base) };
      chains.set(name, current);
    } else if (line.trim() !== '') current?.rules.push(readRule(line, names));
  }
  if (chains.size === 0) return [];
  return [{ tool: 'arptables-legacy', name: 'filter', families: ['arp'], nftFamily: 'arp', chains }];
}

/** `-j DROP -i eth0 -o * ! -s 192.0.2.0/24 --opcode 1 , pcnt=0 -- bcnt=0`. */
function readRule(line: string, chains: ReadonlySet<string>): Rule {
  const [listed = '', counters = ''] = line.split(' , ');
  const text = listed
    .trim()
    .split(' ')
    .filter((word, at, words) => word !== '*' && words[at + 1] !== '*')
    .join(' ');
  const words = text.split(' ');
  const matches: Match[] = [];
  let target: Target = { type: 'continue' };
  let isInverted = false;
  for (let at = 0; at < words.length; at++) {
    const name = words[at] as string;
    if (name === '!') isInverted = true;
    else if (name === '-j') {
      const to = words[++at] as string;
      target = TARGETS[to] ?? (chains.has(to) ? { type: 'jump', chain: to } : { type: 'unknown' });
    } else {
      const values: string[] = [];
      while (at + 1 < words.length && !/^(-|!$)/.test(words[at + 1] as string))
        values.push(words[++at] as string);
      const match = matchOf(name, values[0] ?? '');
      matches.push(isInverted ? inverse(match) : match);
      isInverted = false;
    }
  }
  const packets = /pcnt=([0-9]+)/.exec(counters)?.[1];
  return { matches, target, text, packets: packets === undefined ? undefined : Number(packets) };
}

function matchOf(name: string, value: string): Match {
  switch (name) {
    case '-s':
      return network('source', value);
    case '-d':
      return network('destination', value);
    case '-i':
      return device('input', value);
    case '-o':
      return device('output', value);
    case '--opcode':
      return ({ arp }) => (value === (arp === 'request' ? '1' : '2') ? 'yes' : 'no');
    // Options of targets decide nothing.
    case '--mangle-ip-s':
    case '--mangle-ip-d':
    case '--mangle-mac-s':
    case '--mangle-mac-d':
    case '--mangle-target':
      return always;
    default:
      return USUAL[name]?.includes(value) === true ? always : perhaps;
  }
}
