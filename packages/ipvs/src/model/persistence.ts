import { LITTLE_ENDIAN } from '@ipvs-ts/netlink';
import { type Family, parseAddress } from './address.js';
import {
  checkInteger,
  type Checks,
  checkOptions,
  nameCheck,
  outOfRange,
  wrongType,
} from '../argument-checks.js';

/** Longest persistence timeout: 31 days, ipvsadm's own limit. The kernel's wraps silently further up. */
export const MAX_TIMEOUT = 31 * 24 * 3600;

/** How long and how widely clients keep the destination that they were given. */
export interface Persistence {
  /**
   * Seconds, 1 to 2678400. 0: the service is not persistent, and the kernel stores netmask and engine without using
   * them, as after `ipvsadm -M` without `-p`.
   */
  readonly timeout: number;
  /** Clients of one network count as one. IPv4: dotted mask or prefix length 0 to 32. IPv6: prefix length 1 to 128. */
  readonly netmask?: string | number | undefined;
  /** Persistence engine: `sip` is the one in the kernel. */
  readonly engine?: string | undefined;
}

/** The same as the kernel has it: IPv4 masks dotted, IPv6 masks as prefix lengths. */
export interface StoredPersistence {
  readonly timeout: number;
  readonly netmask: string | number;
  readonly engine: string | undefined;
}

const ALL_ONES = 0xffff_ffff;

/** The NETMASK attribute of a service without a netmask of its own: every client counts for itself. */
export function defaultNetmask(family: Family): number {
  return family === 'ipv4' ? ALL_ONES : 128;
}

/** Checks persistence options; `undefined` netmask is the default. */
export function persistenceToWire(
  family: Family,
  options: Persistence,
  checks: Checks,
): { timeout: number; netmask: number; engine: string | undefined } {
  const path = 'options.persistence';
  checkOptions(path, options, ['timeout', 'netmask', 'engine']);
  const timeout = checkInteger(`${path}.timeout`, options.timeout, 0, MAX_TIMEOUT);
  const netmask =
    options.netmask === undefined
      ? defaultNetmask(family)
      : netmaskToWire(family, options.netmask, `${path}.netmask`);
  const engine =
    options.engine === undefined ? undefined : nameCheck(checks)(`${path}.engine`, options.engine, 16);
  return { timeout, netmask, engine };
}

function netmaskToWire(family: Family, netmask: string | number, path: string): number {
  if (family === 'ipv6') return checkInteger(path, netmask, 1, 128);
  if (typeof netmask === 'number') {
    checkInteger(path, netmask, 0, 32);
    return networkOrder(netmask === 0 ? 0 : (ALL_ONES << (32 - netmask)) >>> 0);
  }
  const allowed = 'a dotted mask such as 255.255.255.0 or a prefix length from 0 to 32';
  if (typeof netmask !== 'string') throw wrongType(path, allowed, netmask);
  const mask = parseAddress(netmask);
  if (mask?.family !== 'ipv4') throw outOfRange(path, allowed, netmask);
  return networkOrder(new DataView(mask.bytes.buffer).getUint32(0));
}

/** The text or number of a NETMASK attribute. */
export function netmaskFromWire(family: Family, netmask: number): string | number {
  if (family === 'ipv6') return netmask;
  const mask = networkOrder(netmask);
  return `${mask >>> 24}.${(mask >>> 16) & 0xff}.${(mask >>> 8) & 0xff}.${mask & 0xff}`;
}

/** Between a number in host order and the same four bytes read in native order. */
function networkOrder(number: number): number {
  if (!LITTLE_ENDIAN) return number;
  return (
    (((number & 0xff) << 24) | ((number & 0xff00) << 8) | ((number >>> 8) & 0xff00) | (number >>> 24)) >>> 0
  );
}
