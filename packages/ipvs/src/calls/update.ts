import { ERRNO } from '@ipvs-ts/netlink';
import { checkObject } from '../argument-checks.js';
import type { Call } from './call.js';
import type { Calls } from './calls.js';
import type { DestinationOptions } from '../model/destination.js';
import { IpvsError } from '../errors.js';
import { isUnanswered } from './explain.js';
import {
  type DestinationName,
  destinationKeyText,
  parseDestinationKey,
  parseServiceKey,
  type ServiceName,
  serviceKeyText,
} from '../model/key.js';
import { perform, type Procedure } from './procedure.js';
import { destinations } from './read-table.js';
import type { ServiceOptions } from '../model/service.js';
import { daemonId, type DaemonState } from '../model/sync-daemon.js';

/** Changes what `changes` names and keeps the rest. The kernel itself can only replace everything. */
export function* updateService(calls: Calls, name: ServiceName, changes: ServiceOptions): Procedure<void> {
  checkObject('options', changes);
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
  checkObject('options', changes);
  const key = destinationKeyText(parseDestinationKey(name));
  const found = (yield* destinations(calls, service)).find((destination) => destination.key === key);
  if (found === undefined) throw destinationNotFound(service, key);
  const { forwarding, weight, upperThreshold, lowerThreshold, tunnel } = found;
  const kept = { forwarding, weight, upperThreshold, lowerThreshold };
  const merged = { ...kept, ...named(changes) };
  // A tunnel is kept only together with its forwarding.
  const options =
    merged.forwarding === 'tunnel' && merged.tunnel === undefined ? { ...merged, tunnel } : merged;
  yield* perform(calls.setDestination(service, key, options));
}

/**
 * Stops a sync daemon. If the daemon's thread has not run yet, the kernel stops it without an answer: the list of
 * daemons shows then whether it is gone.
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

/** Throws `error` if the daemon that `call` should have stopped is still running. */
export function* confirmStopped(calls: Calls, call: Call, error: unknown): Procedure<void> {
  const stopped = call.values.daemon?.state;
  if ((yield* perform(calls.daemons())).some(({ state }) => daemonId(state).state === stopped)) throw error;
}

/** Removes the keys whose value is undefined: they change nothing. */
function named<T extends object>(changes: T): T {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as T;
}

function destinationNotFound(serviceName: ServiceName, destination: string): IpvsError {
  const service = serviceKeyText(parseServiceKey(serviceName));
  const operation = `update destination ${destination} of service ${service}`;
  return new IpvsError(
    'ERR_IPVS_DESTINATION_NOT_FOUND',
    `cannot ${operation}: the service has no such destination; add it first, or list what there is`,
    { operation, service, destination, errno: ERRNO.ENOENT },
  );
}
