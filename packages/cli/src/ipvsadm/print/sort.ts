/**
 * The order of listings. Addresses are compared by their 32-bit difference taken as a signed number, which is
 * not an order at all when addresses lie far apart: what comes out depends on the sorting algorithm, so that
 * is part of the language too (glibc's merge sort).
 */
import type { DestinationKey, Family, ServiceKey } from '@ipvs-ts/ipvs';
import { addressBytes } from '../parse/inet.js';

/** The numbers that place an item, in the order in which they count. */
interface SortKey {
  readonly head: readonly number[];
  /** 32-bit words: one for IPv4, four for IPv6. */
  readonly address: readonly number[];
  readonly port: number;
}

const PROTOCOL_NUMBERS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 };

/** Services by fwmark, family, protocol number, address and port. */
export function sortServices<T>(
  items: readonly T[],
  serviceOf: (item: T) => ServiceKey & { readonly family: Family },
): T[] {
  return sortBy(items, (item) => serviceSortKey(serviceOf(item)));
}

/** Destinations by address and port; the left one's family says how much of two addresses is compared. */
export function sortDestinations<T extends DestinationKey>(destinations: readonly T[]): T[] {
  return sortBy(destinations, ({ address, port }) => ({ head: [], address: addressWords(address), port }));
}

function serviceSortKey(service: ServiceKey & { readonly family: Family }): SortKey {
  const rank = service.family === 'ipv6' ? 1 : 0;
  if (service.fwmark !== undefined) return { head: [service.fwmark, rank, 0], address: [], port: 0 };
  const { protocol, address, port } = service;
  const number = PROTOCOL_NUMBERS[protocol] ?? Number(protocol.replace(/^protocol-/, ''));
  return { head: [0, rank, number], address: addressWords(address), port };
}

function addressWords(address: string): number[] {
  const bytes = addressBytes(address);
  return Array.from({ length: bytes.length / 4 }, (_, word) =>
    bytes.slice(4 * word, 4 * word + 4).reduce((value, byte) => value * 256 + byte, 0),
  );
}

function sortBy<T>(items: readonly T[], keyOf: (item: T) => SortKey): T[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  return mergeSort(keyed, (left, right) => compareKeys(left.key, right.key)).map(({ item }) => item);
}

function compareKeys(left: SortKey, right: SortKey): number {
  return (
    compareWords(left.head, right.head) || compareWords(left.address, right.address) || left.port - right.port
  );
}

function compareWords(left: readonly number[], right: readonly number[]): number {
  for (const [index, word] of left.entries()) {
    const difference = (word - (right[index] ?? 0)) | 0;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** glibc's merge sort: halves of n/2 and the rest, the left one taken on ties. */
export function mergeSort<T>(items: readonly T[], compare: (left: T, right: T) => number): T[] {
  if (items.length <= 1) return [...items];
  const middle = Math.floor(items.length / 2);
  const left = mergeSort(items.slice(0, middle), compare);
  const right = mergeSort(items.slice(middle), compare);
  const merged: T[] = [];
  let at = 0;
  for (const item of left) {
    for (let next = right[at]; next !== undefined && compare(item, next) > 0; next = right[at]) {
      merged.push(next);
      at++;
    }
    merged.push(item);
  }
  for (const item of right.slice(at)) merged.push(item);
  return merged;
}
