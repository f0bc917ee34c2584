import type { Counters } from '../model/counters.js';
import type { Destination } from '../model/destination.js';
import type { TableEntry } from '../calls/read-table.js';
import type { Service } from '../model/service.js';
import type { WatchChange, WatchSample } from './sample.js';

/**
 * The type of a value without bigints: totals are decimal strings, since they exceed the exact range of JSON numbers.
 */
export type Json<T> = T extends bigint
  ? string
  : T extends Uint8Array | Date
    ? string
    : T extends readonly (infer Item)[]
      ? Json<Item>[]
      : T extends object
        ? { [K in keyof T]: Json<T[K]> }
        : T;

/**
 * Results of this package as values for `JSON.stringify`, which refuses bigints: totals become decimal strings,
 * raw bytes hexadecimal text, times ISO 8601 in UTC; everything else is unchanged.
 */
export function toJson<
  T extends
    | Service
    | Destination
    | TableEntry
    | Counters<bigint>
    | readonly TableEntry[]
    | readonly Service[]
    | readonly Destination[]
    | WatchSample
    | WatchChange,
>(value: T): Json<T> {
  return convert(value) as Json<T>;
}

function convert(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  // As `JSON.stringify`: null for a time that is none.
  if (value instanceof Date) return value.toJSON();
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, convert(each)]));
}
