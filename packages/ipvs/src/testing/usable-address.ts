import { AF } from '../model/address.js';

/**
 * Whether the kernel accepts `address` for a new destination: IPv4 unless it is 0.0.0.0, multicast or 255.255.255.255;
 * IPv6 if it is unicast and not link-local. The broadcast addresses of interfaces, which a kernel refuses too, are not
 * known here.
 */
export function isUsable(family: number, address: Uint8Array): boolean {
  return family === AF.ipv6 ? isUsableIPv6(address) : isUsableIPv4(address);
}

function isUsableIPv4(address: Uint8Array): boolean {
  const bytes = address.subarray(0, 4);
  const first = bytes[0] as number;
  return (first & 0xf0) !== 0xe0 && !all(bytes, 0) && !all(bytes, 0xff);
}

function isUsableIPv6(address: Uint8Array): boolean {
  const [first, second] = address as unknown as [number, number];
  if (first === 0xff || (first === 0xfe && (second & 0xc0) === 0x80)) return false;
  const mapped = all(address.subarray(0, 10), 0) && all(address.subarray(10, 12), 0xff);
  return !mapped && !all(address, 0);
}

function all(bytes: Uint8Array, value: number): boolean {
  return bytes.every((byte) => byte === value);
}
