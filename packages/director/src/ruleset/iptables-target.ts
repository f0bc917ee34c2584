import { copyMark, setMark, setXmark } from '../firewall/mark.js';
import type { MarkChange, Rule } from '../firewall/rule.js';
import { type Queues, queueTarget } from './queue.js';

/** Targets that let a packet continue with the next rule, without changes that rules can match. */
const PASSING = new Set([
  ...['LOG', 'NFLOG', 'ULOG', 'TCPMSS', 'TCPOPTSTRIP', 'TOS', 'DSCP', 'ECN', 'TTL', 'HL', 'TRACE', 'AUDIT'],
  ...[
    'CLASSIFY',
    'CHECKSUM',
    'SET',
    'TEE',
    'IDLETIMER',
    'LED',
    'RATEEST',
    'SECMARK',
    'CONNSECMARK',
    'NFACCT',
  ],
]);

type Effects = Pick<Rule, 'target'> & Partial<Rule>;

/** What a rule of iptables does, by its jump, the name after it and the target's options. */
export function iptablesTarget(
  jump: string,
  name: string,
  options: readonly string[],
  queues?: Queues,
): Effects {
  const option = (pattern: RegExp): string | undefined => {
    const at = options.findIndex((each) => pattern.test(each));
    return at < 0 ? undefined : (options[at + 1] ?? '');
  };
  const passing: Effects = { target: { type: 'continue' } };
  switch (name) {
    case 'ACCEPT':
      return { target: { type: 'accept' } };
    case 'DROP':
    case 'STEAL':
      return { target: { type: 'drop' } };
    case 'REJECT':
    case 'TARPIT':
      return { target: { type: 'reject' } };
    case 'RETURN':
      return { target: { type: 'return' } };
    case 'NETMAP':
      return { target: { type: 'netmap', ...to(option(/^--to$/)) } };
    case 'SNAT':
    case 'MASQUERADE':
      return { target: { type: 'snat', ...to(option(/^--to-source$/)) } };
    case 'DNAT':
      return { target: { type: 'dnat', ...to(option(/^--to-destination$/)) } };
    case 'REDIRECT': {
      const ports = option(/^--to-ports$/);
      return {
        target: { type: 'dnat', to: ports === undefined ? 'this host' : `port ${ports} of this host` },
      };
    }
    case 'MARK':
      return { ...passing, mark: [markChange(options)] };
    case 'CONNMARK':
      return connmark(options);
    case 'HMARK':
      return { ...passing, mark: ['unknown'] };
    case 'NOTRACK':
      return { ...passing, untrack: true };
    case 'CT':
      return { ...passing, ...(options.includes('--notrack') && { untrack: true }) };
    case 'NFQUEUE': {
      const [low = 0, high = low] = (option(/^--queue-(num|balance)$/) ?? '0').split(':').map(Number);
      return { target: queueTarget({ low, high, bypass: options.includes('--queue-bypass') }, queues) };
    }
    case 'QUEUE':
    case 'SYNPROXY':
    case 'TPROXY':
      return { target: { type: 'unknown' } };
    default:
      if (name === '' || PASSING.has(name)) return passing;
      // A name in capitals that is not a chain is an extension's target; judge() finds no chain of that name.
      return { target: { type: jump === '-g' ? 'goto' : 'jump', chain: name } };
  }
}

function to(text: string | undefined): { to?: string } {
  return text === undefined ? {} : { to: text };
}

/** `--set-xmark 0x7/0xff`, `--or-mark 0x1`: how a mark is changed. */
function markChange(options: readonly string[]): MarkChange {
  const [name = '', text = ''] = options;
  const [value = NaN, mask = 0xffffffff] = text.split('/').map(Number);
  if (Number.isNaN(value) || Number.isNaN(mask)) return 'unknown';
  switch (name) {
    case '--set-xmark':
      return setXmark(value, mask);
    case '--set-mark':
      return setMark(value, mask);
    case '--and-mark':
      return { keep: value >>> 0, flip: 0 };
    case '--or-mark':
      return { keep: ~value >>> 0, flip: value >>> 0 };
    case '--xor-mark':
      return { keep: 0xffffffff, flip: value >>> 0 };
    default:
      return 'unknown';
  }
}

function connmark(options: readonly string[]): Effects {
  const target = { type: 'continue' } as const;
  const mask = (name: string): number | undefined => {
    const at = options.indexOf(name);
    return at < 0 ? undefined : Number(options[at + 1]) >>> 0;
  };
  const [ours, theirs] = [mask('--nfmask') ?? mask('--mask'), mask('--ctmask') ?? mask('--mask')];
  if (options[0] === '--restore-mark') return { target, mark: [copyMark(ours, theirs)] };
  if (options[0] === '--save-mark') return { target, connectionMark: [copyMark(theirs, ours)] };
  return { target, connectionMark: [markChange(options)] };
}
