import { any, device, network, perhaps, port, protocol, states } from './match.js';
import { type Chain, type Hook, known, type Match, not, type Rule, type Table, type Target } from './rule.js';

const HOOKS: Readonly<Record<string, Hook>> = {
  PREROUTING: 'prerouting',
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
  POSTROUTING: 'postrouting',
};

/** Options without an effect on whether a rule matches, and how many words they take. */
const IDLE: Readonly<Record<string, number>> = { '-m': 1, '--comment': 1, '-c': 2 };

/** Targets that let a packet go on to the next rule. */
const PASSING = new Set([
  'LOG',
  'NFLOG',
  'CT',
  'NOTRACK',
  'TCPMSS',
  'TOS',
  'DSCP',
  'TTL',
  'TRACE',
  'AUDIT',
  'CONNMARK',
]);

/** Reads what `iptables-save` or `ip6tables-save` writes. `tool` is the program that changes such tables. */
export function readIptables(text: string, tool: string, family: 'ipv4' | 'ipv6'): Table[] {
  const tables: Table[] = [];
  let chains = new Map<string, { name: string; rules: Rule[]; hook?: Hook; policy?: 'accept' | 'drop' }>();
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) {
      chains = new Map<string, Chain & { rules: Rule[] }>();
      const nftFamily = family === 'ipv4' ? 'ip' : 'ip6';
      tables.push({ tool, name: line.slice(1).trim(), families: [family], nftFamily, chains });
    } else if (line.startsWith(':')) {
      const [name = '', policy] = line.slice(1).split(' ');
      const hook = policy === '-' ? undefined : HOOKS[name];
      chains.set(name, {
        name,
        rules: [],
        ...(hook !== undefined && { hook, policy: policy === 'DROP' ? 'drop' : 'accept' }),
      });
    } else if (/^(\[[0-9:]+\] )?-A /.test(line)) {
      const words = splitWords(line.replace(/^\[[0-9:]+\] /, ''));
      chains.get(words[1] ?? '')?.rules.push(readRule(words.slice(2), line));
    }
  }
  return tables;
}

/** Words as the shell would split them: iptables-save quotes comments. */
function splitWords(line: string): string[] {
  return Array.from(line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1'),
  );
}

function readRule(words: readonly string[], text: string): Rule {
  const matches: Match[] = [];
  let target: Target = { type: 'continue' };
  let inverted = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === '!') {
      inverted = true;
      continue;
    }
    if (word === '-j' || word === '-g') {
      // The rest are the target's own options.
      target = readTarget(word, words[at + 1] ?? '', words.slice(at + 2));
      break;
    }
    const idle = IDLE[word];
    if (idle !== undefined) {
      at += idle;
      continue;
    }
    const match = readMatch(word, words[at + 1] ?? '');
    if (match.values === 1) at += 1;
    else while (at + 1 < words.length && !/^(-|!$)/.test(words[at + 1] as string)) at += 1;
    matches.push(inverted ? (packet) => not(match.match(packet)) : match.match);
    inverted = false;
  }
  return { matches, target, text, ...(words.includes('ipvs') && { ipvs: true }) };
}

/** A match by its option, and how many words it takes; undefined for options that are not understood here. */
function readMatch(option: string, value: string): { match: Match; values: number | undefined } {
  const one = (match: Match): { match: Match; values: number } => ({ match, values: 1 });
  const list = value.split(',');
  switch (option) {
    case '-s':
      return one(network('source', value));
    case '-d':
      return one(network('destination', value));
    case '-p':
      return one(protocol(value));
    case '-i':
      return one(device('input', value));
    case '-o':
      return one(device('output', value));
    case '--dport':
      return one(port('destinationPort', value));
    case '--sport':
      return one(port('sourcePort', value));
    case '--dports':
      return one(any(list.map((each) => port('destinationPort', each))));
    case '--sports':
      return one(any(list.map((each) => port('sourcePort', each))));
    case '--state':
    case '--ctstate':
      return one(states(list));
    case '--icmp-type':
    case '--icmpv6-type':
      return one(({ icmpType }) =>
        /^[0-9]+$/.test(value) ? known(icmpType, (type) => type === Number(value)) : 'perhaps',
      );
    case '--vaddr':
      // Of a packet of a connection of IPVS; its virtual address is not looked up again.
      return one(({ ipvs }) => known(ipvs, (own) => own));
    case '--vport':
    case '--vproto':
      return one(() => 'yes');
    case '--ipvs':
      return { match: ({ ipvs }) => known(ipvs, (own) => own), values: 0 };
    default:
      return { match: perhaps, values: undefined };
  }
}

function readTarget(jump: string, name: string, options: readonly string[]): Target {
  switch (name) {
    case 'ACCEPT':
      return { type: 'accept' };
    case 'DROP':
      return { type: 'drop' };
    case 'REJECT':
      return { type: 'reject' };
    case 'RETURN':
      return { type: 'return' };
    case 'SNAT':
    case 'MASQUERADE':
    case 'DNAT':
    case 'REDIRECT':
      return { type: 'nat' };
    case 'MARK': {
      const value = options[options.findIndex((option) => /^--set-x?mark$/.test(option)) + 1] ?? '';
      return { type: 'mark', value: Number(value.split('/')[0]) };
    }
    case 'NFQUEUE':
      return { type: 'unknown' };
    default:
      if (PASSING.has(name)) return { type: 'continue' };
      // A name in capitals that is no chain is the target of an extension; judge() finds no chain of that name.
      return { type: jump === '-g' ? 'goto' : 'jump', chain: name };
  }
}
