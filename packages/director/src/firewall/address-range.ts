import { parseAddress } from '@ipvs-ts/ipvs';

/** Addresses from one to another, as numbers. */
export interface AddressRange {
  readonly family: 'ipv4' | 'ipv6';
  readonly low: bigint;
  readonly high: bigint;
}

/** Parsed addresses of packets: the same few are compared with every rule. */
const read = new Map<string, AddressRange | undefined>();

/** An address as a range of one; undefined for any other text. */
function addressOf(text: string): AddressRange | undefined {
  if (!read.has(text)) {
    if (read.size > 10_000) read.clear();
    read.set(text, readAddress(text));
  }
  return read.get(text);
}

function readAddress(text: string): AddressRange | undefined {
  const parsed = parseAddress(text);
  if (parsed === undefined) return undefined;
  const value = parsed.bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { family: parsed.family, low: value, high: value };
}

/** An address, a network (`192.0.2.0/24`, `192.0.2.0/255.255.255.0`) or a range (`192.0.2.1-192.0.2.9`). */
export function rangeOf(text: string): AddressRange | undefined {
  const [from = '', to] = text.split('-');
  if (to !== undefined) {
    const [low, high] = [addressOf(from), addressOf(to)];
    return low?.family === high?.family && low && high ? { ...low, high: high.high } : undefined;
  }
  const [address = '', length] = text.split('/');
  const parsed = addressOf(address);
  if (parsed === undefined || length === undefined) return parsed;
  const bits = parsed.family === 'ipv4' ? 32 : 128;
  const prefix = prefixLength(length, bits);
  if (prefix === undefined) return undefined;
  const rest = (1n << BigInt(bits - prefix)) - 1n;
  return { family: parsed.family, low: parsed.low & ~rest, high: parsed.low | rest };
}

/** Whether an address is in a range. */
export function within({ family, low, high }: AddressRange, address: string): boolean {
  const own = addressOf(address);
  return own?.family === family && own.low >= low && own.low <= high;
}

/** Whether a range contains every address of its family. */
export function isEverything({ family, low, high }: AddressRange): boolean {
  return low === 0n && high === (1n << (family === 'ipv4' ? 32n : 128n)) - 1n;
}

/** Reads a prefix length, or a contiguous mask; undefined for any other text. */
function prefixLength(text: string, bits: number): number | undefined {
  if (/^[0-9]+$/.test(text)) return Number(text) <= bits ? Number(text) : undefined;
  const mask = addressOf(text);
  if (mask === undefined) return undefined;
  const digits = mask.low.toString(2).padStart(bits, '0');
  const length = digits.includes('0') ? digits.indexOf('0') : bits;
  return digits.slice(length).includes('1') ? undefined : length;
}

/** Addresses that hosts on networks have: no loopback, multicast or link-local ones. */
const HOSTS: readonly AddressRange[] = ['1.0.0.0-126.255.255.255', '128.0.0.0-223.255.255.255']
  .concat('::2-fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff')
  .map((text) => rangeOf(text) as AddressRange);

/** An address of each part that ranges divide the hosts of a family into. */
export function representatives(family: AddressRange['family'], ranges: readonly AddressRange[]): string[] {
  const hosts = HOSTS.filter((each) => each.family === family);
  const starts = new Set(
    [...hosts, ...ranges].flatMap((each) => (each.family === family ? [each.low, each.high + 1n] : [])),
  );
  return [...starts]
    .filter((start) => hosts.some(({ low, high }) => start >= low && start <= high))
    .map((start) => textOf(start, family));
}

function textOf(value: bigint, family: AddressRange['family']): string {
  const [digits, width, separator, radix] = family === 'ipv4' ? [8, 4, '.', 10] : [16, 8, ':', 16];
  return Array.from({ length: width }, (_, at) =>
    ((value >> BigInt((width - 1 - at) * digits)) & ((1n << BigInt(digits)) - 1n)).toString(radix),
  ).join(separator);
}
