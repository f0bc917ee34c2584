/** Sends many new services with their destinations. */
import type { BatchResult } from '../calls/batch-error.js';
import type { Change } from './change.js';
import type { Ledger } from './ledger.js';

/**
 * From this number of new services on, each is followed by its destinations. To add a destination, the kernel looks for
 * its service in a table of 256 chains, newest first. If all services were sent first, it would pass hundreds of others
 * each time. Fewer services are sent before all destinations, so that those of a service that failed are not sent.
 */
const MANY = 1000;

/** The destinations to send with their services: those of new ones, if there are many. */
export function destinationsOfNew(services: readonly Change[], destinations: readonly Change[]): Set<Change> {
  const added = new Set<string>();
  for (const { kind, service = '' } of services) if (kind === 'addService') added.add(service);
  const found = new Set<Change>();
  if (added.size < MANY) return found;
  for (const change of destinations)
    if (change.kind === 'addDestination' && added.has(change.service ?? '')) found.add(change);
  return found;
}

/** The changes of services, each addition followed by those of its destinations. */
export function interleaved(services: readonly Change[], destinations: Iterable<Change>): Change[] {
  const below = new Map<string, Change[]>();
  for (const change of destinations) {
    const list = below.get(change.service ?? '');
    if (list === undefined) below.set(change.service ?? '', [change]);
    else list.push(change);
  }
  const all: Change[] = [];
  for (const change of services) {
    all.push(change);
    if (change.kind !== 'addService') continue;
    for (const each of below.get(change.service ?? '') ?? []) all.push(each);
  }
  return all;
}

/**
 * Records the results of services, then those of their destinations. Destinations that the kernel refused because their
 * service had failed are recorded as not sent, with `reason`. Returns whether the table had changed.
 */
export function noteTogether(
  ledger: Ledger,
  changes: readonly Change[],
  results: readonly BatchResult[],
  reason: string,
): boolean {
  const hasMoved = ledger.note(changes, results, isOfService);
  const isHeld = (change: Change, index: number): boolean =>
    results[index]?.ok === false && !isOfService(change) && ledger.isBroken(change);
  const held = new Set(changes.filter(isHeld));
  ledger.leaveOut([...held], reason);
  const isOther = (change: Change): boolean => !isOfService(change) && !held.has(change);
  return ledger.note(changes, results, isOther) || hasMoved;
}

function isOfService({ destination }: Change): boolean {
  return destination === undefined;
}
