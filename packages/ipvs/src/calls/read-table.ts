import { isUnanswered } from './batch.js';
import type { Call } from './call.js';
import type { Calls } from './calls.js';
import type { Read, ReadFields, Uncounted } from '../model/counters.js';
import type { Destination, DestinationOptions } from '../model/destination.js';
import { IpvsError } from '../errors.js';
import {
  type DestinationName,
  destinationKeyText,
  parseDestinationKey,
  parseServiceKey,
  type ServiceName,
  serviceKeyText,
} from '../model/key.js';
import { Keys } from './keys.js';
import { eachOf, ITEMS_A_BREATH, perform, type Procedure } from './procedure.js';
import type { Service, ServiceOptions } from '../model/service.js';
import { daemonId, type DaemonState } from '../model/sync-daemon.js';

/** A service with its destinations. `O`: how they were read. */
export interface TableEntry<O = unknown> {
  readonly service: Read<Service, O>;
  readonly destinations: readonly Read<Destination, O>[];
}

/** How much a reading of the table must be relied on. */
export type Consistency =
  /**
   * Read once, and again where an entry came twice. Under change, a table that does not fit one message may still lack
   * entries, and nothing tells.
   */
  | 'single'
  /** Read until two readings in a row agree, counters aside. ERR_IPVS_UNSTABLE after ten that do not. */
  | 'verified';

/** How a reading is made. */
export interface ReadOptions extends ReadFields {
  /** `single` by default. */
  readonly consistency?: Consistency | undefined;
}

const MAX_READINGS = 10;
const MAX_DISTURBED = 4;

/** All services, each once: a dump that spans several messages may repeat entries while the table changes. */
export function services<O extends ReadOptions>(calls: Calls, options?: O): Procedure<Read<Service, O>[]> {
  const once = (): Procedure<Read<Service, O>[]> => undisturbed(calls.services(options));
  return options?.consistency === 'verified' ? verified('list the services', once, serviceSettings) : once();
}

/** The destinations of a service, each once. The kernel answers an empty list for a missing service: that is told apart. */
export function* destinations<O extends ReadOptions>(
  calls: Calls,
  name: ServiceName,
  options?: O,
): Procedure<Read<Destination, O>[]> {
  const call = calls.destinations(name, options);
  if (options?.consistency === 'verified')
    return yield* verified(call.words, () => readDestinations(calls, name, call), destinationSettings);
  return yield* readDestinations(calls, name, call);
}

/** Every service with its destinations. A service that goes while this reads is left out. */
export function table<O extends ReadOptions>(calls: Calls, options?: O): Procedure<TableEntry<O>[]> {
  const once = (): Procedure<TableEntry<O>[]> => readTable(calls, options);
  return options?.consistency === 'verified' ? verified('read the table', once, tableSettings) : once();
}

/** Reads until two readings have the same settings. */
function* verified<T>(
  words: string,
  once: () => Procedure<T[]>,
  settings: (item: T) => string,
): Procedure<T[]> {
  let seen = yield* fingerprint(yield* once(), settings);
  for (let readings = 1; readings < MAX_READINGS; readings++) {
    const items = yield* once();
    const now = yield* fingerprint(items, settings);
    if (now === seen) return items;
    seen = now;
  }
  throw new IpvsError(
    'ERR_IPVS_UNSTABLE',
    `cannot ${words}: it changed each of ${MAX_READINGS} times that it was read; try again when there is less change`,
    { operation: words },
  );
}

function* fingerprint<T>(items: readonly T[], settings: (item: T) => string): Procedure<string> {
  const lines: string[] = [];
  yield* eachOf(items, (item) => lines.push(settings(item)));
  return lines.sort().join('\n');
}

function tableSettings({ service, destinations: found }: TableEntry<ReadOptions>): string {
  return [serviceSettings(service), ...found.map(destinationSettings).sort()].join();
}

function serviceSettings({ key, scheduler, rawFlags, persistence }: Uncounted<Service>): string {
  return JSON.stringify([key, scheduler, rawFlags, persistence]);
}

function destinationSettings({
  key,
  forwarding,
  weight,
  upperThreshold,
  lowerThreshold,
  tunnel,
}: Uncounted<Destination>): string {
  return JSON.stringify([key, forwarding, weight, upperThreshold, lowerThreshold, tunnel]);
}

function* readDestinations<T extends Listed>(
  calls: Calls,
  name: ServiceName,
  call: Call<T[]>,
): Procedure<T[]> {
  const found = yield* undisturbed(call);
  if (found.length === 0) yield* perform(calls.service(name));
  return found;
}

function* readTable<O extends ReadOptions>(calls: Calls, options?: O): Procedure<TableEntry<O>[]> {
  const entries: TableEntry<O>[] = [];
  for (const service of yield* undisturbed(calls.services(options))) {
    const found = yield* undisturbed(calls.destinations(service, options));
    if (found.length > 0 || (yield* exists(calls, service))) entries.push({ service, destinations: found });
  }
  return entries;
}

/** What lists are made of. */
interface Listed {
  readonly key: string;
}

/**
 * What a dump lists, each entry once. One that lists an entry twice was disturbed, and may lack others: it is made
 * again, a few times. From Linux 7.1 on that happens without any writer, in the moment after many services were added,
 * when the kernel moves them to a larger table.
 */
function* undisturbed<T extends Listed>(dump: Call<T[]>): Procedure<T[]> {
  for (let readings = 1; ; readings++) {
    const items = (yield dump) as T[];
    const found = items.length <= ITEMS_A_BREATH ? distinct(items) : yield* distinctOfMany(items);
    if (found.length === items.length || readings === MAX_DISTURBED) return found;
  }
}

function distinct<T extends Listed>(items: readonly T[]): T[] {
  const seen = new Set<string>();
  return items.filter(({ key }) => seen.size !== seen.add(key).size);
}

function* distinctOfMany<T extends Listed>(items: readonly T[]): Procedure<T[]> {
  const seen = new Keys();
  const found: T[] = [];
  yield* eachOf(items, (item) => {
    if (seen.add(item.key)) found.push(item);
  });
  return found;
}

function* exists(calls: Calls, service: ServiceName): Procedure<boolean> {
  try {
    yield* perform(calls.service(service));
    return true;
  } catch (error) {
    if (IpvsError.is(error, 'ERR_IPVS_SERVICE_NOT_FOUND')) return false;
    throw error;
  }
}

/** Changes what `changes` names and keeps the rest. The kernel itself can only replace everything. */
export function* updateService(calls: Calls, name: ServiceName, changes: ServiceOptions): Procedure<void> {
  const { scheduler, flags, onePacket, persistence } = yield* perform(calls.service(name));
  yield* perform(calls.setService(name, { scheduler, flags, onePacket, persistence, ...named(changes) }));
}

/** Changes what `changes` names and keeps the rest. */
export function* updateDestination(
  calls: Calls,
  service: ServiceName,
  name: DestinationName,
  changes: DestinationOptions,
): Procedure<void> {
  const key = destinationKeyText(parseDestinationKey(name));
  const found = (yield* destinations(calls, service)).find((destination) => destination.key === key);
  if (found === undefined) throw destinationNotFound(service, key);
  const { forwarding, weight, upperThreshold, lowerThreshold, tunnel } = found;
  const kept = { forwarding, weight, upperThreshold, lowerThreshold };
  const merged = { ...kept, ...named(changes) };
  // A tunnel that is kept belongs to the forwarding that is kept.
  const options =
    merged.forwarding === 'tunnel' && merged.tunnel === undefined ? { ...merged, tunnel } : merged;
  yield* perform(calls.setDestination(service, key, options));
}

/**
 * Stops a sync daemon. The kernel stops it and never answers where its thread had not run yet: then the list of
 * daemons tells whether it is gone.
 */
export function* stopDaemon(calls: Calls, state: DaemonState): Procedure<void> {
  const call = calls.stopDaemon(state);
  try {
    yield* perform(call);
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    yield* confirmStopped(calls, call, error);
  }
}

/** Throws `error` if the daemon that `call` was to stop still runs. */
export function* confirmStopped(calls: Calls, call: Call, error: unknown): Procedure<void> {
  const stopped = call.values.daemon?.state;
  if ((yield* perform(calls.daemons())).some(({ state }) => daemonId(state).state === stopped)) throw error;
}

/** Without the keys whose value is undefined: they name nothing. */
function named<T extends object>(changes: T): T {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as T;
}

function destinationNotFound(serviceName: ServiceName, destination: string): IpvsError {
  const service = serviceKeyText(parseServiceKey(serviceName));
  const operation = `update destination ${destination} of service ${service}`;
  return new IpvsError(
    'ERR_IPVS_DESTINATION_NOT_FOUND',
    `cannot ${operation}: the service has no such destination; add it first, or list what there is`,
    { operation, service, destination, errno: 2 },
  );
}
