import type { Call } from './call.js';
import type { Calls } from './calls.js';
import type { Destination, DestinationOptions } from './destination.js';
import { IpvsError } from './errors.js';
import {
  type DestinationName,
  destinationKeyText,
  parseDestinationKey,
  parseServiceKey,
  type ServiceName,
  serviceKeyText,
} from './key.js';
import type { Service, ServiceOptions } from './service.js';
import type { DaemonState } from './sync-daemon.js';

/**
 * What takes more than one call, written once for both faces: a generator that yields calls and is given their
 * values. It waits for nothing itself; who runs it does.
 */
export type Procedure<T> = Generator<Call, T, unknown>;

/** A service with its destinations. */
export interface TableEntry {
  readonly service: Service;
  readonly destinations: readonly Destination[];
}

function* perform<T>(call: Call<T>): Generator<Call, T, unknown> {
  return (yield call) as T;
}

/** All services, each once: a dump that spans several messages may repeat entries while the table changes. */
export function* services(calls: Calls): Procedure<Service[]> {
  return unique(yield* perform(calls.services()));
}

/** The destinations of a service, each once. The kernel answers an empty list for a missing service: that is told apart. */
export function* destinations(calls: Calls, name: ServiceName): Procedure<Destination[]> {
  const found = unique(yield* perform(calls.destinations(name)));
  if (found.length === 0) yield* perform(calls.service(name));
  return found;
}

/** Every service with its destinations. A service that goes while this reads is left out. */
export function* table(calls: Calls): Procedure<TableEntry[]> {
  const entries: TableEntry[] = [];
  for (const service of yield* services(calls)) {
    const found = unique(yield* perform(calls.destinations(service)));
    if (found.length > 0 || (yield* exists(calls, service))) entries.push({ service, destinations: found });
  }
  return entries;
}

function* exists(calls: Calls, service: Service): Procedure<boolean> {
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
  try {
    yield* perform(calls.stopDaemon(state));
  } catch (error) {
    const unanswered = IpvsError.is(error, 'ERR_IPVS_NETLINK') && isNoAnswer(error.cause);
    if (!unanswered || (yield* perform(calls.daemons())).some((daemon) => daemon.state === state))
      throw error;
  }
}

function isNoAnswer(cause: unknown): boolean {
  return (cause as { code?: unknown } | undefined)?.code === 'ERR_NETLINK_NO_ANSWER';
}

/** The last of those that have the same key, at the place of the first. */
function unique<T extends { readonly key: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [item.key, item])).values()];
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
