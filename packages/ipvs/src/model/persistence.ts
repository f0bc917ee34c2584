import { LITTLE_ENDIAN, type ReaderOf } from '@ipvs-ts/netlink';
import { type Address, type Family, parseAddress } from './address.js';
import { integerMistake, mistaken, type Mistake } from '../argument-checks.js';
import { SERVICE } from '../schema/service.js';
import { SERVICE_FLAG } from './service-flags.js';

/** For how long, and for which networks, clients keep their destination. */
export interface Persistence {
  /**
   * Seconds, 1 to 2678400. 0: the service is not persistent, and the kernel stores netmask and engine without using
   * them, as after `ipvsadm -M` without `-p`.
   */
  readonly timeout: number;
  /**
   * Clients of one network are treated as one. IPv4: dotted mask or prefix length 0 to 32. IPv6: prefix length 1 to
   * 128.
   */
  readonly netmask?: string | number | undefined;
  /** Persistence engine; the kernel has `sip`. */
  readonly engine?: string | undefined;
}

/** The same as the kernel has it: IPv4 masks dotted, IPv6 masks as prefix lengths. */
export interface StoredPersistence {
  readonly timeout: number;
  readonly netmask: string | number;
  readonly engine: string | undefined;
}

const ALL_ONES = 0xffff_ffff;

/** The NETMASK attribute of a service without a netmask: each client is separate. */
export function defaultNetmask(family: Family): number {
  return family === 'ipv4' ? ALL_ONES : 128;
}

/** The mistake in a netmask for services of `family`; undefined if there is none. */
export function netmaskMistake(family: Family, netmask: unknown): Mistake | undefined {
  if (family === 'ipv6') return integerMistake(netmask, 1, 128);
  if (typeof netmask === 'number') return integerMistake(netmask, 0, 32);
  const isMask = typeof netmask === 'string' && parseAddress(netmask)?.family === 'ipv4';
  if (isMask) return undefined;
  return mistaken(netmask, 'string', 'a dotted mask such as 255.255.255.0 or a prefix length from 0 to 32');
}

/** The NETMASK attribute for a netmask that was checked; undefined is the default. */
export function netmaskToWire(family: Family, netmask: string | number | undefined): number {
  if (netmask === undefined) return defaultNetmask(family);
  if (family === 'ipv6') return netmask as number;
  if (typeof netmask === 'number')
    return networkOrder(netmask === 0 ? 0 : (ALL_ONES << (32 - netmask)) >>> 0);
  const { bytes } = parseAddress(netmask) as Address;
  return networkOrder(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0));
}

/** The text or number of a NETMASK attribute. */
export function netmaskFromWire(family: Family, netmask: number): string | number {
  if (family === 'ipv6') return netmask;
  const mask = networkOrder(netmask);
  return `${mask >>> 24}.${(mask >>> 16) & 0xff}.${(mask >>> 8) & 0xff}.${mask & 0xff}`;
}

/** Converts between a number in network order and in native order. */
function networkOrder(number: number): number {
  if (!LITTLE_ENDIAN) return number;
  return (
    (((number & 0xff) << 24) | ((number & 0xff00) << 8) | ((number >>> 8) & 0xff00) | (number >>> 24)) >>> 0
  );
}

/** The persistence in a message about a service; undefined where nothing is stored. `flags`: its flag word. */
export function readPersistence(
  reader: ReaderOf<(typeof SERVICE)['attributes']>,
  family: Family,
  flags: number,
): StoredPersistence | undefined {
  const persistent = (flags & SERVICE_FLAG.persistent) !== 0;
  const netmask = reader.u32(SERVICE.numbers.netmask, defaultNetmask(family));
  const engine = reader.engine;
  if (!persistent && engine === undefined && netmask === defaultNetmask(family)) return undefined;
  return {
    timeout: persistent ? (reader.timeout ?? 0) : 0,
    netmask: netmaskFromWire(family, netmask),
    engine,
  };
}
