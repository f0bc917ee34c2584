import { argumentsOf } from '../argument-checks.js';
import { addressText, parseAddress } from '@ipvs-ts/ipvs';

/** Whether `address` is in the network of `network` (any address in it) and a prefix length. */
export function contains(network: string, prefixLength: number, address: string): boolean {
  const left = parseAddress(network);
  const right = parseAddress(address);
  if (left === undefined || right?.family !== left.family) return false;
  return masked(left.bytes, prefixLength).every(
    (byte, index) => byte === masked(right.bytes, prefixLength)[index],
  );
}

/** The network of an address as text: `192.0.2.0/24`. Throws `RangeError` for an invalid address. */
export function networkText(address: string, prefixLength: number): string {
  const parsed = parseAddress(address);
  if (parsed === undefined) throw argumentsOf.error('address', 'an IPv4 or IPv6 address', address, 'range');
  return `${addressText({ family: parsed.family, bytes: masked(parsed.bytes, prefixLength) })}/${prefixLength}`;
}

function masked(bytes: Uint8Array, prefixLength: number): Uint8Array {
  return bytes.map(
    (byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, prefixLength - index * 8))) & 0xff,
  );
}
