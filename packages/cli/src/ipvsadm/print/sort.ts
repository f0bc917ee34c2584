/**
 * The order of listings. Addresses are compared by their 32-bit difference taken as a signed number, which is not a
 * total order if addresses are far apart. The result depends on the sorting algorithm (glibc's merge sort), which is
 * therefore part of the language.
 */
import type { DestinationKey, Family, ServiceKey } from '@ipvs-ts/ipvs';
import { parseAddress, protocolNumber } from '@ipvs-ts/ipvs/verbs-sync';

/** The numbers to sort by, in order of precedence. */
interface SortKey {
  readonly fwmark: number;
  readonly family: number;
  readonly protocol: number;
  /** 32-bit words: one for IPv4, four for IPv6, none for a mark. */
  readonly address: readonly number[];
  readonly port: number;
}

const NO_ADDRESS: readonly number[] = [];

/** Services by fwmark, family, protocol number, address and port. */
export function sortServices<T>(
  items: readonly T[],
  serviceOf: (item: T) => ServiceKey & { readonly family: Family },
): T[] {
  return sortBy(items, (item) => serviceSortKey(serviceOf(item)));
}

/** Destinations by address and port; the family of the left one decides how much of two addresses is compared. */
export function sortDestinations<T extends DestinationKey>(destinations: readonly T[]): T[] {
  return sortBy(destinations, ({ address, port }) => ({
    fwmark: 0,
    family: 0,
    protocol: 0,
    address: addressWords(address),
    port,
  }));
}

function serviceSortKey(service: ServiceKey & { readonly family: Family }): SortKey {
  const family = service.family === 'ipv6' ? 1 : 0;
  if (service.fwmark !== undefined)
    return { fwmark: service.fwmark, family, protocol: 0, address: NO_ADDRESS, port: 0 };
  const { protocol, address, port } = service;
  const number = protocolNumber(protocol) ?? 0;
  return { fwmark: 0, family, protocol: number, address: addressWords(address), port };
}

function addressWords(address: string): number[] {
  if (!address.includes(':')) return [dottedWord(address)];
  const bytes = parseAddress(address)?.bytes ?? new Uint8Array();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, word) => view.getUint32(4 * word));
}

const ZERO = 48;

/** Reads an address as the library formats it: without a colon it is four decimal numbers between dots. */
function dottedWord(address: string): number {
  let word = 0;
  let byte = 0;
  for (let at = 0; at < address.length; at++) {
    const digit = address.charCodeAt(at) - ZERO;
    if (digit >= 0) byte = byte * 10 + digit;
    else {
      word = word * 256 + byte;
      byte = 0;
    }
  }
  return word * 256 + byte;
}

function sortBy<T>(items: readonly T[], keyOf: (item: T) => SortKey): T[] {
  if (items.length < 2) return [...items];
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  return mergeSort(keyed, (left, right) => compareKeys(left.key, right.key)).map(({ item }) => item);
}

function compareKeys(left: SortKey, right: SortKey): number {
  return (
    (left.fwmark - right.fwmark) | 0 ||
    left.family - right.family ||
    (left.protocol - right.protocol) | 0 ||
    compareAddresses(left.address, right.address) ||
    left.port - right.port
  );
}

function compareAddresses(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < left.length; index++) {
    const difference = ((left[index] as number) - (right[index] ?? 0)) | 0;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** glibc's merge sort: splits into n/2 and the rest, and takes the left item on ties. */
export function mergeSort<T>(items: readonly T[], compare: (left: T, right: T) => number): T[] {
  const sorted = [...items];
  sortPart(sorted, [...items], 0, sorted.length, compare);
  return sorted;
}

/** Sorts `items` from `start` to `end`; `spare` is an array of the same size. */
function sortPart<T>(
  items: T[],
  spare: T[],
  start: number,
  end: number,
  compare: (left: T, right: T) => number,
): void {
  if (end - start < 2) return;
  const middle = start + ((end - start) >> 1);
  sortPart(items, spare, start, middle, compare);
  sortPart(items, spare, middle, end, compare);
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const fromLeft = right === end || (left < middle && compare(items[left] as T, items[right] as T) <= 0);
    spare[at] = items[fromLeft ? left++ : right++] as T;
  }
  for (let at = start; at < end; at++) items[at] = spare[at] as T;
}
