import { rangeOf, within } from '../firewall/address-range.js';
import { type Answer, all, any } from '../firewall/answer.js';
import { flagsOf, type Json, keyOf } from './nft-key.js';
import type { Key, Value } from './nft-value.js';
import { portIn } from '../firewall/match.js';
import { type Packet, protocolOf } from '../firewall/packet.js';

/** Named sets and maps of a table, with their elements as nft lists them. Rules fill dynamic ones. */
export type NamedSets = ReadonlyMap<
  string,
  { readonly elements: readonly unknown[]; readonly dynamic: boolean }
>;

/** The keys of `tcp dport`, or of a concatenation such as `ip daddr . tcp dport`. */
export function keysOf(expression: unknown): readonly Key[] {
  const parts = (expression as Json | undefined)?.['concat'];
  return Array.isArray(parts) ? parts.map(keyOf) : [keyOf(expression)];
}

/** Whether keys of a packet match the right side of a match. Also `no` if the packet does not have a key. */
export function matches(
  keys: readonly Key[],
  operator: string,
  right: unknown,
  sets: NamedSets,
  packet: Packet,
): Answer {
  const values = keys.map(({ read }) => read(packet));
  // A packet without the key never matches.
  if (values.includes('absent')) return 'no';
  const found = compare(keys, values, operator, right, sets, packet);
  if (operator !== '!=' && operator !== '!') return found;
  return found === 'yes' ? 'no' : found === 'no' ? 'yes' : found;
}

/** Whether values are an element. Sets that are not listed are unknown. */
function compare(
  keys: readonly Key[],
  values: readonly Value[],
  operator: string,
  right: unknown,
  sets: NamedSets,
  packet: Packet,
): Answer {
  const [key] = keys as [Key];
  const [value] = values as [Value];
  if (typeof right === 'string' && right.startsWith('@')) {
    const set = sets.get(right.slice(1));
    if (set === undefined) return 'perhaps';
    const found = any(set.elements.map((element) => holds(keys, values, element, packet)));
    if (found !== 'no' || !set.dynamic) return found;
    // Rules put into it what they have seen: which clients, or whether this packet.
    return values.includes('some') ? 'some' : 'perhaps';
  }
  const literal = (right as Json | null)?.['set'];
  if (Array.isArray(literal)) {
    // For flags and states, a list means any of them.
    return any(literal.map((element) => holds(keys, values, element, packet)));
  }
  if (key.kind === 'flags') return flags(value, operator, right);
  if (['<', '>', '<=', '>='].includes(operator)) return ordered(value, operator, right, packet);
  if (Array.isArray(right)) return any(right.map((element) => holds(keys, values, element, packet)));
  return holds(keys, values, right, packet);
}

/** Whether values are one element of a set: a value, a range, a prefix, a concatenation of them. */
function holds(keys: readonly Key[], values: readonly Value[], element: unknown, packet: Packet): Answer {
  const inner = (element as Json | null)?.['elem'] as Json | undefined;
  if (inner !== undefined) return holds(keys, values, inner['val'], packet);
  if (element === '*') return 'yes';
  const parts = (element as Json | null)?.['concat'];
  if (Array.isArray(parts))
    return all(parts.map((part, index) => one(keys[index], values[index], part, packet)));
  return one(keys[0], values[0], element, packet);
}

function one(key: Key | undefined, value: Value | undefined, element: unknown, packet: Packet): Answer {
  if (key === undefined || value === undefined || value === 'absent') return 'no';
  const inner = (element as Json | null)?.['elem'] as Json | undefined;
  if (inner !== undefined) return one(key, value, inner['val'], packet);
  const range = (element as Json | null)?.['range'] as [unknown, unknown] | undefined;
  if (typeof value === 'string') {
    if (everything(element)) return 'yes';
    const compared = key.side === undefined ? undefined : rangeOf(addressesText(element));
    if (key.side !== undefined && compared !== undefined) packet.compared?.(key.side, compared);
    return value;
  }
  switch (key.kind) {
    case 'address': {
      const addresses = rangeOf(addressesText(element));
      return addresses === undefined ? 'perhaps' : yes(within(addresses, String(value.value)));
    }
    case 'number': {
      const [low, high] = (range ?? [element, element]).map((each) => portNumber(each));
      if (low === undefined || high === undefined) return 'perhaps';
      return inRange(value, low, high, packet);
    }
    case 'protocol':
      return yes(protocolOf(String(value.value)) === protocolOf(String(element)));
    case 'flags':
      return flags(value, 'in', element);
    case 'name': {
      const name = element === 'unicast' ? 'host' : String(element);
      const own = value.value === 'unicast' ? 'host' : String(value.value);
      return yes(name.endsWith('*') ? own.startsWith(name.slice(0, -1)) : own === name);
    }
  }
}

/** A prefix of length 0 contains every value, known or not. */
function everything(element: unknown): boolean {
  return ((element as Json | null)?.['prefix'] as Json | undefined)?.['len'] === 0;
}

function flags(value: Value, operator: string, right: unknown): Answer {
  if (typeof value === 'string') return value === 'absent' ? 'no' : value;
  const own = [value.value].flat().map(String);
  const wanted = right === 0 ? [] : flagsOf(right);
  if (operator === '==' || operator === '!=')
    return yes(wanted.length === own.length && wanted.every((flag) => own.includes(flag)));
  return yes(wanted.some((flag) => own.includes(flag)));
}

function ordered(value: Value, operator: string, right: unknown, packet: Packet): Answer {
  const limit = portNumber(right);
  if (typeof value === 'string') return value === 'absent' ? 'no' : value;
  if (limit === undefined) return 'perhaps';
  const most = value.value === 'client' ? 0xffff : 0xffffffff;
  if (operator === '<' || operator === '<=')
    return inRange(value, 0, operator === '<' ? limit - 1 : limit, packet);
  return inRange(value, operator === '>' ? limit + 1 : limit, most, packet);
}

/** Whether a number, or the port of a client, lies in a range. */
function inRange({ value }: Exclude<Value, string>, low: number, high: number, packet: Packet): Answer {
  if (value === 'client') return portIn(packet, value, low, high);
  return yes(Number(value) >= low && Number(value) <= high);
}

/** An address, a prefix or a range as text. */
function addressesText(element: unknown): string {
  const range = (element as Json | null)?.['range'] as [unknown, unknown] | undefined;
  const prefix = (element as Json | null)?.['prefix'] as Json | undefined;
  if (range !== undefined) return `${String(range[0])}-${String(range[1])}`;
  return prefix === undefined ? String(element) : `${String(prefix['addr'])}/${String(prefix['len'])}`;
}

/** Services that nft may list by name. */
const SERVICES: Readonly<Record<string, number>> = {
  ...{
    'ftp-data': 20,
    ftp: 21,
    ssh: 22,
    telnet: 23,
    smtp: 25,
    domain: 53,
    http: 80,
    pop3: 110,
    ntp: 123,
    imap2: 143,
  },
  ...{
    snmp: 161,
    https: 443,
    ldap: 389,
    submission: 587,
    ldaps: 636,
    imaps: 993,
    pop3s: 995,
    mysql: 3306,
    'http-alt': 8080,
  },
};

function portNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const text = String(value);
  if (/^(0x[0-9a-f]+|[0-9]+)$/i.test(text)) return Number(text);
  return SERVICES[text];
}

function yes(holdsTrue: boolean): Answer {
  return holdsTrue ? 'yes' : 'no';
}
