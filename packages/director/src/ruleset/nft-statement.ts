import type { Json } from './nft-key.js';
import type { MarkChange, Rule } from '../firewall/rule.js';

type Effects = Pick<Rule, 'target'> & Partial<Rule>;

/** What the statements of a rule do to packets that match; undefined if none is known here. */
export function nftEffects(statements: readonly Json[]): Effects | undefined {
  let target: Rule['target'] | undefined;
  const mark: MarkChange[] = [];
  const connectionMark: (Exclude<MarkChange, 'connection'> | 'packet')[] = [];
  let untrack = false;
  let known = false;
  for (const statement of statements) {
    const [kind = '', body] = Object.entries(statement)[0] ?? [];
    const decided = targetOf(kind, body);
    if (decided !== undefined) target = decided;
    else if (kind === 'notrack') untrack = true;
    else if (kind === 'mangle') {
      const { key, value } = body as { key: Json; value: unknown };
      if (keyName(key, 'meta') === 'mark') mark.push(packetMark(value));
      if (keyName(key, 'ct') === 'mark') connectionMark.push(storedMark(value));
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

function targetOf(kind: string, body: unknown): Rule['target'] | undefined {
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
    case 'queue':
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
  if (typeof value === 'object' && value !== null && keyName(value as Json, 'ct') === 'mark')
    return 'connection';
  return bitChange(value, 'meta');
}

function storedMark(value: unknown): Exclude<MarkChange, 'connection'> | 'packet' {
  if (typeof value === 'object' && value !== null && keyName(value as Json, 'meta') === 'mark')
    return 'packet';
  return bitChange(value, 'ct');
}

/** How a number, or an operation on the mark itself, changes it. */
function bitChange(value: unknown, kind: string): Exclude<MarkChange, 'connection'> {
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
