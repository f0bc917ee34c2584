import type { Json } from './nft-key.js';
import { copyMark } from '../firewall/mark.js';
import type { Bits, MarkChange, Rule } from '../firewall/rule.js';
import { type Queues, queueTarget } from './queue.js';

type Effects = Pick<Rule, 'target'> & Partial<Rule>;

/** What the statements of a rule do to packets that match; undefined if none is known here. */
export function nftEffects(statements: readonly Json[], queues?: Queues): Effects | undefined {
  let target: Rule['target'] | undefined;
  const mark: MarkChange[] = [];
  const connectionMark: MarkChange[] = [];
  let untrack = false;
  let known = false;
  for (const statement of statements) {
    const [kind = '', body] = Object.entries(statement)[0] ?? [];
    const decided = targetOf(kind, body, queues);
    if (decided !== undefined) target = decided;
    else if (kind === 'notrack') untrack = true;
    else if (kind === 'mangle') {
      const { key, value } = body as { key: Json; value: unknown };
      if (keyName(key, 'meta') === 'mark') mark.push(packetMark(value));
      if (keyName(key, 'ct') === 'mark') connectionMark.push(storedMark(value));
      // Packets go elsewhere then, and to where is not followed.
      const field = (key['payload'] as Json | undefined)?.['field'];
      if (field === 'daddr' || field === 'dport') target ??= { type: 'unknown' };
    } else continue;
    known = true;
  }
  if (!known) return undefined;
  return {
    target: target ?? { type: 'continue' },
    ...(mark.length > 0 && { mark }),
    ...(connectionMark.length > 0 && { connectionMark }),
    ...(untrack && { untrack }),
  };
}

function targetOf(kind: string, body: unknown, queues: Queues): Rule['target'] | undefined {
  const entry = (body ?? {}) as Json;
  switch (kind) {
    case 'accept':
    case 'drop':
    case 'reject':
    case 'return':
      return { type: kind };
    case 'continue':
      return { type: 'continue' };
    case 'jump':
    case 'goto':
      return { type: kind, chain: String(entry['target']) };
    case 'snat':
    case 'masquerade':
      return { type: 'snat', ...to(entry) };
    case 'dnat':
      return { type: 'dnat', ...to(entry) };
    case 'redirect':
      return {
        type: 'dnat',
        to: typeof entry['port'] === 'number' ? `port ${entry['port']} of this host` : 'this host',
      };
    case 'queue': {
      const num = entry['num'] ?? 0;
      const [low, high] = ((num as Json)['range'] as [number, number] | undefined) ?? [num, num];
      if (typeof low !== 'number' || typeof high !== 'number') return { type: 'unknown' };
      return queueTarget({ low, high, bypass: [entry['flags']].flat().includes('bypass') }, queues);
    }
    case 'tproxy':
    case 'synproxy':
    case 'fwd':
      return { type: 'unknown' };
    case 'xt':
      // A match of xtables has no effect; a target may do anything.
      return entry['type'] === 'match' ? undefined : { type: 'unknown' };
    default:
      return undefined;
  }
}

function to({ addr, port }: Json): { to?: string } {
  if (typeof addr !== 'string') return {};
  return { to: typeof port === 'number' ? `${addr.includes(':') ? `[${addr}]` : addr}:${port}` : addr };
}

function keyName(expression: Json, kind: string): unknown {
  return (expression[kind] as Json | undefined)?.['key'];
}

/** A value for the mark of a packet: a number, `mark | 0x1` and such, or that of the connection. */
function packetMark(value: unknown): MarkChange {
  return markCopy(value, 'ct') ?? bitChange(value, 'meta');
}

function storedMark(value: unknown): MarkChange {
  return markCopy(value, 'meta') ?? bitChange(value, 'ct');
}

/** The other mark as a value, or bits of it. */
function markCopy(value: unknown, kind: string): MarkChange | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (keyName(value as Json, kind) === 'mark') return copyMark();
  const [left, bits] = ((value as Json)['&'] ?? []) as [unknown?, unknown?];
  if (typeof left !== 'object' || left === null || typeof bits !== 'number') return undefined;
  return keyName(left as Json, kind) === 'mark' ? copyMark(0xffffffff, bits) : undefined;
}

/** How a number, or an operation on the mark itself, changes it. */
function bitChange(value: unknown, kind: string): Bits | 'unknown' {
  if (typeof value === 'number') return { keep: 0, flip: value >>> 0 };
  const [operator = '', parts] = Object.entries((value ?? {}) as Json)[0] ?? [];
  const [left, bits] = Array.isArray(parts) ? (parts as [Json, unknown]) : [];
  if (typeof bits !== 'number' || left === undefined) return 'unknown';
  const inner = keyName(left, kind) === 'mark' ? { keep: 0xffffffff, flip: 0 } : bitChange(left, kind);
  if (inner === 'unknown') return 'unknown';
  const { keep, flip } = inner;
  switch (operator) {
    case '&':
      return { keep: (keep & bits) >>> 0, flip: (flip & bits) >>> 0 };
    case '|':
      return { keep: (keep & ~bits) >>> 0, flip: (flip | bits) >>> 0 };
    case '^':
      return { keep, flip: (flip ^ bits) >>> 0 };
    default:
      return 'unknown';
  }
}
