import { addressText, type Family, parseAddress } from '@ipvs-ts/ipvs';
import type { Remarks } from '../remarks.js';
import type { Node } from './syntax/tree.js';
import { dropChildren } from './words/context.js';
import { readDigits, readInteger } from './words/values.js';

/** An entry of a group: what makes a service. */
export type GroupEntry =
  | { readonly kind: 'address'; readonly family: Family; readonly address: string; readonly port: number }
  | { readonly kind: 'fwmark'; readonly fwmark: number; readonly family: Family | undefined };

/** The most addresses of one range, and of one group: each becomes a service. */
const MOST_ENTRIES = 65_536;

/** Reads the entries of a `virtual_server_group`; undefined if keepalived ignores the group. */
export function readGroup(node: Node, remarks: Remarks): readonly GroupEntry[] | undefined {
  const entries: GroupEntry[] = [];
  for (const child of node.children ?? []) {
    dropChildren(child, 'dropped', remarks);
    const read = child.word === 'fwmark' ? readMark(child.values) : readRange(child.word, child.values);
    if (typeof read === 'string') remarks.dropped(child, `${child.text}: ${read}; keepalived ignores it too`);
    else if (entries.length + read.length > MOST_ENTRIES)
      remarks.dropped(
        child,
        `${child.text}: the group has more than ${MOST_ENTRIES} addresses, each a service; mark the packets, and use one service for the mark`,
      );
    else {
      remarks.takenOver(
        child,
        `${child.text}: ${read.length === 1 ? 'a service' : `${read.length} services`} for each server of the group`,
      );
      for (const each of read) entries.push(each);
    }
  }
  if (isAmbiguous(node, entries)) {
    remarks.leaveOut(node, 'it has IPv4, IPv6 and marks without a family, so keepalived ignores the group');
    return undefined;
  }
  return entries;
}

/** Whether keepalived cannot decide the family of a mark. A mark that is not a number counts as 0. */
function isAmbiguous({ children = [] }: Node, entries: readonly GroupEntry[]): boolean {
  const families = new Set(entries.map(({ family }) => family).filter((family) => family !== undefined));
  return (
    families.size === 2 && children.some(({ word, values }) => word === 'fwmark' && values[1] === undefined)
  );
}

function readMark([mark, family]: readonly string[]): readonly GroupEntry[] | string {
  const fwmark = readDigits(mark, 1, 0xffff_ffff);
  if (typeof fwmark === 'string') return fwmark;
  if (family !== undefined && family !== 'inet' && family !== 'inet6')
    return `${family} is neither inet nor inet6`;
  return [
    {
      kind: 'fwmark',
      fwmark,
      family: family === undefined ? undefined : family === 'inet' ? 'ipv4' : 'ipv6',
    },
  ];
}

/** `10.0.0.1`, `10.0.0.1-20`, `10.0.0.1-10.0.1.20`, `10.0.0.0/24`, and the same of IPv6. */
function readRange(text: string, [portText]: readonly string[]): readonly GroupEntry[] | string {
  const port = portText === undefined || /^0+$/.test(portText) ? 0 : readDigits(portText, 1, 0xffff);
  if (typeof port === 'string') return port;
  const [, base = '', end, length] = /^([^-/]*)(?:-(.*)|\/(.*))?$/.exec(text) ?? [];
  const first = parseAddress(base);
  if (first === undefined) return `${base} is not an address`;
  const { family } = first;
  const from = toNumber(first.bytes);
  const bits = BigInt(first.bytes.length * 8);
  let to: bigint;
  if (length !== undefined) {
    const prefix = readInteger(length, 1, Number(bits));
    if (typeof prefix === 'string') return prefix;
    const size = 1n << (bits - BigInt(prefix));
    if (from % size !== 0n) return 'its host bits are not zero';
    to = from + size - 1n;
  } else {
    const last = end === undefined ? from : lastOf(from, end, family);
    if (typeof last === 'string') return last;
    to = last;
  }
  if (to - from >= BigInt(MOST_ENTRIES)) return `it has more than ${MOST_ENTRIES} addresses`;
  const entries: GroupEntry[] = [];
  for (let each = from; each <= to; each += 1n)
    entries.push({ kind: 'address', family, address: toText(family, each), port });
  return entries;
}

/** The end of a range: an address, or the last part of one. */
function lastOf(from: bigint, end: string, family: Family): bigint | string {
  const whole = parseAddress(end);
  if (whole?.family === family) {
    const to = toNumber(whole.bytes);
    return to > from ? to : 'the end of the range is not greater than its start';
  }
  const partBits = family === 'ipv4' ? 8n : 16n;
  const digits = family === 'ipv4' ? /^\d{1,3}$/ : /^[0-9a-fA-F]{1,4}$/;
  const part = digits.test(end) ? parseInt(end, family === 'ipv4' ? 10 : 16) : NaN;
  if (Number.isNaN(part) || BigInt(part) >> partBits !== 0n) return `${end} is not the end of a range`;
  const to = ((from >> partBits) << partBits) + BigInt(part);
  return to > from ? to : 'the end of the range is not greater than its start';
}

function toNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) + BigInt(byte), 0n);
}

function toText(family: Family, value: bigint): string {
  const bytes = new Uint8Array(family === 'ipv4' ? 4 : 16);
  for (let at = bytes.length - 1, rest = value; at >= 0; at -= 1, rest >>= 8n)
    bytes[at] = Number(rest & 0xffn);
  return addressText({ family, bytes });
}
