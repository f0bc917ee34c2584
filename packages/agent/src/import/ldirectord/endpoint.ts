import { addressText, type Family, parseAddress } from '@ipvs-ts/ipvs';

/** Looks names up; no name is known by default. */
export interface LookUp {
  /** The IPv4 address of a host, as text. */
  readonly address?: (name: string) => string | undefined;
  /** The port of a service. */
  readonly port?: (name: string, protocol: string) => number | undefined;
}

/** Reads an address in its canonical form, looked up if it is a name; undefined if there is none of `family`. */
export function readHost(text: string, family: Family, lookUp: LookUp): string | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  const found =
    parseAddress(bare) ?? (family === 'ipv4' ? parseAddress(lookUp.address?.(bare) ?? '') : undefined);
  return found?.family === family ? addressText(found) : undefined;
}

/** Reads a port from 0 to 65535, looked up if it is a name. */
export function readPort(text: string, protocol: string, lookUp: LookUp): number | undefined {
  const port = /^\d+$/.test(text) ? Number(text) : lookUp.port?.(text, protocol);
  return port !== undefined && port <= 0xffff ? port : undefined;
}

/** The addresses from the first to the second, both included; at most `most`. */
export function addressRange(from: string, to: string, most: number): readonly string[] | undefined {
  const [first, last] = [parseAddress(from), parseAddress(to)];
  if (first?.family !== 'ipv4' || last?.family !== 'ipv4') return undefined;
  const [start, end] = [toNumber(first.bytes), toNumber(last.bytes)];
  if (start > end || end - start >= most) return undefined;
  return Array.from({ length: end - start + 1 }, (_, index) => toText(start + index));
}

function toNumber(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
}
