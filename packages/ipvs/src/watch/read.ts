import type { Calls } from '../calls/calls.js';
import type { Destination } from '../model/destination.js';
import type { ServiceName } from '../model/key.js';
import { perform, type Procedure, unlessGone } from '../calls/procedure.js';
import { type Consistency, destinations, services } from '../calls/read-table.js';
import type { Service } from '../model/service.js';

/** A service with its destinations, and when each was read, in milliseconds of a monotonic clock. */
export interface TimedEntry {
  readonly service: Service;
  readonly serviceAt: number;
  readonly destinations: readonly Destination[];
  readonly destinationsAt: number;
}

/** Reads services, all or the named ones, with their destinations. Services that do not exist are left out. */
export function* readTimed(
  calls: Calls,
  names: readonly ServiceName[] | undefined,
  consistency: Consistency | undefined,
): Procedure<TimedEntry[]> {
  const entries: TimedEntry[] = [];
  if (names !== undefined) {
    for (const name of names) {
      const service = yield* unlessGone(perform(calls.service(name)));
      if (service !== undefined) yield* readEntry(calls, service, performance.now(), consistency, entries);
    }
    return entries;
  }
  const all = yield* services(calls, { consistency });
  const now = performance.now();
  for (const service of all) yield* readEntry(calls, service, now, consistency, entries);
  return entries;
}

function* readEntry(
  calls: Calls,
  service: Service,
  serviceAt: number,
  consistency: Consistency | undefined,
  entries: TimedEntry[],
): Procedure<void> {
  const found = yield* unlessGone(destinations(calls, service, { consistency }));
  if (found !== undefined)
    entries.push({ service, serviceAt, destinations: found, destinationsAt: performance.now() });
}
