import {
  type DestinationSettings,
  type Difference,
  differences,
  type ServiceSettings,
  storedDestinationSettings,
  storedServiceSettings,
} from '../model/settings.js';
import type { Rates, Stats } from '../model/counters.js';
import type { Destination } from '../model/destination.js';
import { eachOf, type Procedure } from '../calls/procedure.js';
import type { Service } from '../model/service.js';
import type { TimedEntry } from './read.js';

/** How the counters of a service or destination have changed since the last sample. */
export interface Measured {
  /**
   * Per second since the last sample, from the totals and the elapsed time. Undefined if there is nothing to compare
   * with: in the first sample, for additions, and after a reset. The kernel updates totals every two seconds, so over
   * shorter intervals these rates change in steps. The kernel's own averages are in `service.rates`.
   */
  readonly rates: Rates | undefined;
  /** Whether a total decreased: it was zeroed, or deleted and added again. */
  readonly reset: boolean;
}

/** A service in a sample. */
export interface WatchedService extends Measured {
  readonly service: Service;
  readonly destinations: readonly WatchedDestination[];
}

/** A destination in a sample. */
export interface WatchedDestination extends Measured {
  readonly destination: Destination;
}

/** A difference from the last sample. */
export interface WatchChange {
  readonly kind: 'added' | 'removed' | 'edited';
  /** The service concerned, as text. */
  readonly service: string;
  /** The destination concerned, as text; absent for the service itself. */
  readonly destination?: string;
  /** The previous settings; absent for additions. */
  readonly from?: ServiceSettings | DestinationSettings;
  /** The current settings; absent for removals. */
  readonly to?: ServiceSettings | DestinationSettings;
  /** For edits: the fields that differ, each with its old and new value. */
  readonly differences: readonly Difference[];
}

/** One reading of a watch. */
export interface WatchSample {
  /** When it was complete. */
  readonly time: Date;
  /** Milliseconds since the last sample; undefined for the first. */
  readonly elapsed: number | undefined;
  readonly services: readonly WatchedService[];
  /** Additions, removals and edits since the last sample; none in the first. */
  readonly changes: readonly WatchChange[];
  /** The sum of the rates of all services in it; undefined in the first sample. */
  readonly rates: Rates | undefined;
}

/** A reading, and when it was complete. */
export interface Reading {
  readonly entries: readonly TimedEntry[];
  readonly at: number;
}

const NAMES = ['connections', 'inPackets', 'outPackets', 'inBytes', 'outBytes'] as const;

/** A sample, and the reading that the next one is compared with. */
export interface Sampled {
  readonly sample: WatchSample;
  readonly reading: Reading;
}

/** Compares the result of `read` with the previous reading. */
export function* takeSample(
  read: Procedure<readonly TimedEntry[]>,
  last: Reading | undefined,
): Procedure<Sampled> {
  const entries = yield* read;
  const reading = { entries, at: performance.now() };
  const time = new Date();
  const before = new Map(last?.entries.map((entry) => [entry.service.key, entry]));
  const services: WatchedService[] = [];
  const changes: WatchChange[] = [];
  yield* eachOf(entries, (entry) => {
    const old = before.get(entry.service.key);
    services.push(measureEntry(old, entry));
    if (last !== undefined) changes.push(...entryChanges(old, entry));
    before.delete(entry.service.key);
  });
  for (const old of before.values()) changes.push(...entryChanges(old, undefined));
  const elapsed = last === undefined ? undefined : reading.at - last.at;
  const rates = last === undefined ? undefined : sum(services);
  return { sample: { time, elapsed, services, changes, rates }, reading };
}

function measureEntry(old: TimedEntry | undefined, entry: TimedEntry): WatchedService {
  const { service, serviceAt, destinationsAt } = entry;
  const olds = new Map(old?.destinations.map((each) => [each.key, each.stats]));
  const ms = destinationsAt - (old?.destinationsAt ?? destinationsAt);
  return {
    service,
    ...measure(old?.service.stats, service.stats, serviceAt - (old?.serviceAt ?? serviceAt)),
    destinations: entry.destinations.map((destination) => ({
      destination,
      ...measure(olds.get(destination.key), destination.stats, ms),
    })),
  };
}

/** Rates from two totals and the milliseconds between them. */
function measure(from: Stats | undefined, to: Stats, ms: number): Measured {
  if (from === undefined || ms <= 0) return { rates: undefined, reset: false };
  if (NAMES.some((name) => to[name] < from[name])) return { rates: undefined, reset: true };
  return { rates: perName((name) => (Number(to[name] - from[name]) * 1000) / ms), reset: false };
}

function sum(all: readonly Measured[]): Rates {
  return perName((name) => all.reduce((total, { rates }) => total + (rates?.[name] ?? 0), 0));
}

function perName(value: (name: keyof Rates) => number): Rates {
  return {
    connections: value('connections'),
    inPackets: value('inPackets'),
    outPackets: value('outPackets'),
    inBytes: value('inBytes'),
    outBytes: value('outBytes'),
  };
}

/** The changes of a service and its destinations: additions start with the service, removals end with it. */
function* entryChanges(
  old: TimedEntry | undefined,
  entry: TimedEntry | undefined,
): Generator<WatchChange, void, undefined> {
  const service = (entry ?? old)?.service.key ?? '';
  const from = old === undefined ? undefined : storedServiceSettings(old.service);
  const to = entry === undefined ? undefined : storedServiceSettings(entry.service);
  if (to !== undefined) yield* changeOf({ service }, from, to);
  yield* destinationChanges(service, old?.destinations ?? [], entry?.destinations ?? []);
  if (to === undefined) yield* changeOf({ service }, from, to);
}

function* destinationChanges(
  service: string,
  before: readonly Destination[],
  now: readonly Destination[],
): Generator<WatchChange> {
  const settings = (all: readonly Destination[]): Map<string, DestinationSettings> =>
    new Map(all.map((each) => [each.key, storedDestinationSettings(each)]));
  const [olds, news] = [settings(before), settings(now)];
  for (const destination of new Set([...news.keys(), ...olds.keys()]))
    yield* changeOf({ service, destination }, olds.get(destination), news.get(destination));
}

function* changeOf<T extends ServiceSettings | DestinationSettings>(
  names: { readonly service: string; readonly destination?: string },
  from: T | undefined,
  to: T | undefined,
): Generator<WatchChange> {
  if (from === undefined && to !== undefined) yield { kind: 'added', ...names, to, differences: [] };
  else if (from !== undefined && to === undefined) yield { kind: 'removed', ...names, from, differences: [] };
  else if (from !== undefined && to !== undefined) {
    const differing = differences<object>(from, to);
    if (differing.length > 0) yield { kind: 'edited', ...names, from, to, differences: differing };
  }
}
