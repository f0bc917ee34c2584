/** Address families by the names of the API. */
import { wrongType } from '../argument-checks.js';
export type Family = 'ipv4' | 'ipv6';

/** Address families by their number in messages. */
export const AF = { ipv4: 2, ipv6: 10 } as const;

/** Bytes of an address on the wire by family. */
export const ADDRESS_BYTES = { ipv4: 4, ipv6: 16 } as const;

/** An address as bytes in network order: 4 for IPv4, 16 for IPv6. */
export interface Address {
  readonly family: Family;
  readonly bytes: Uint8Array;
}

/** Reads an address as inet_pton(3) does; undefined for anything else, scope ids and short forms included. */
export function parseAddress(text: string): Address | undefined {
  if (typeof text !== 'string') return undefined;
  const bytes = text.includes(':') ? parseIPv6(text) : parseIPv4(text);
  if (bytes === undefined) return undefined;
  return { family: bytes.length === ADDRESS_BYTES.ipv4 ? 'ipv4' : 'ipv6', bytes };
}

const ZERO = 48;
/** The code of a dot, counted from that of the digit 0. */
const DOT = -2;
/** The code of a colon, counted in the same way. */
const COLON = 10;

/** Four decimal numbers up to 255 without leading zeros, so each address has only one text. */
function parseIPv4(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(4);
  let index = 0;
  let digits = 0;
  let number = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (digits > 0 && number === 0) return undefined;
      number = number * 10 + digit;
      digits += 1;
      if (number > 255) return undefined;
      continue;
    }
    if (digit !== DOT || digits === 0 || index === 3) return undefined;
    bytes[index++] = number;
    digits = number = 0;
  }
  if (index !== 3 || digits === 0) return undefined;
  bytes[3] = number;
  return bytes;
}

function parseIPv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] as string, halves.length === 1);
  const tail = parseGroups(halves[1] ?? '', true);
  if (head === undefined || tail === undefined) return undefined;
  const given = head.length + tail.length;
  // `::` stands for at least one group of zeros.
  if (halves.length === 1 ? given !== 16 : given > 14) return undefined;
  const bytes = new Uint8Array(16);
  bytes.set(head, 0);
  bytes.set(tail, 16 - tail.length);
  return bytes;
}

/** Groups of up to four hexadecimal digits; at the end of the text the last one may be a dotted IPv4 address. */
function parseGroups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
      continue;
    }
    const dotted = last && index === groups.length - 1 ? parseIPv4(group) : undefined;
    if (dotted === undefined) return undefined;
    bytes.push(...dotted);
  }
  return bytes;
}

/** Writes the address at `at` as inet_ntop(3) does. */
export function formatAddress(family: Family, view: DataView, at: number): string {
  return family === 'ipv4' ? formatIPv4(view, at) : formatIPv6(view, at);
}

function formatIPv4(view: DataView, at: number): string {
  return `${view.getUint8(at)}.${view.getUint8(at + 1)}.${view.getUint8(at + 2)}.${view.getUint8(at + 3)}`;
}

function formatIPv6(view: DataView, at: number): string {
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(at + index * 2));
  const { start, length } = longestZeros(groups);
  const hex = (group: number): string => group.toString(16);
  if (length < 2) return groups.map(hex).join(':');
  // inet_ntop shows the last four bytes of IPv4-compatible and IPv4-mapped addresses dotted.
  if (start === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff))) {
    return `${length === 6 ? '::' : '::ffff:'}${formatIPv4(view, at + 12)}`;
  }
  return `${groups.slice(0, start).map(hex).join(':')}::${groups
    .slice(start + length)
    .map(hex)
    .join(':')}`;
}

/** The first of the longest runs of zero groups. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (end < groups.length && groups[end] === 0) end++;
    if (end - start > best.length) best = { start, length: end - start };
    start = Math.max(start, end);
  }
  return best;
}

/** Formats address bytes that are not in a message. */
export function addressText(address: Address): string {
  const { family, bytes } = (
    typeof (address as unknown) === 'object' && (address as unknown) !== null ? address : {}
  ) as Partial<Address>;
  if (family === undefined || !(bytes instanceof Uint8Array) || bytes.length !== ADDRESS_BYTES[family])
    throw wrongType('address', 'a family, and as many bytes as it has (4 of ipv4, 16 of ipv6)', address);
  return formatAddress(family, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0);
}

/**
 * An address that belongs to a text: as a value, as the number of an IPv4 address, which takes less memory, or not at all: then
 * it is worked out again where it is asked for.
 */
export type KeptAddress = Address | number | undefined;

/** In less memory. */
export function shortened(kept: KeptAddress): KeptAddress {
  return typeof kept === 'object' ? packIPv4(kept) : kept;
}

/** The address of `text` as a value. */
export function addressOf(kept: KeptAddress, text: string): Address {
  if (typeof kept === 'number') return unpackIPv4(kept);
  return kept ?? (parseAddress(text) as Address);
}

/** An IPv4 address as a number; undefined for IPv6. */
function packIPv4({ family, bytes }: Address): number | undefined {
  if (family !== 'ipv4') return undefined;
  const byte = (at: 0 | 1 | 2 | 3): number => (bytes[at] as number) << (24 - 8 * at);
  return byte(0) | byte(1) | byte(2) | byte(3);
}

function unpackIPv4(number: number): Address {
  const bytes = new Uint8Array(4);
  bytes[0] = number >>> 24;
  bytes[1] = number >>> 16;
  bytes[2] = number >>> 8;
  bytes[3] = number;
  return { family: 'ipv4', bytes };
}

/** An IPv4 address and a port in canonical form. */
export interface IPv4Endpoint {
  readonly address: string;
  /** The address as a number. */
  readonly bits: number;
  readonly port: number;
}

/**
 * Reads `192.0.2.1:80` from `from` to the end of a text: without leading zeros, so that no other text means the same.
 * Returns undefined for anything else. Most names of large documents are like this, and no arrays or objects are created on
 * the way.
 */
export function readIPv4Endpoint(text: string, from: number): IPv4Endpoint | undefined {
  let bits = 0;
  let dots = 0;
  let number = 0;
  let digits = 0;
  let end = 0;
  for (let at = from; at < text.length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (digits > 0 && number === 0) return undefined;
      number = number * 10 + digit;
      digits += 1;
      if (number > (end > 0 ? 0xffff : 255)) return undefined;
      continue;
    }
    if (digits === 0 || end > 0) return undefined;
    if (digit === DOT && dots < 3) dots += 1;
    else if (digit === COLON && dots === 3) end = at;
    else return undefined;
    bits = (bits << 8) | number;
    number = digits = 0;
  }
  if (end === 0 || digits === 0) return undefined;
  return { address: text.slice(from, end), bits, port: number };
}
