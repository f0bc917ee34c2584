import { canonicalOrder } from '../declared/order.js';
import { subjectOf } from './desired.js';
import type { Seen } from './events.js';
import type { SeenService } from '../own/seen.js';
import type { World } from './world.js';

/** The longest drain of a destination if no document sets it any more, in milliseconds. */
const DEFAULT_DRAIN = 600_000;

/** Drains owned destinations that are no longer declared, and stops drains of those that are declared again. */
export function departures(world: World, service: string, now: number): void {
  // After a restart it is not known what to remove until a document is in force.
  if (world.declared === undefined) return;
  const state = world.services.get(service);
  if (state !== undefined && state.composed === undefined) return;
  if (state?.declared.destinations === undefined && state !== undefined) return;
  const wanted = new Set([
    ...(state?.declared.destinations?.map(({ name }) => name) ?? []),
    ...(state?.composed?.destinations?.map(({ name }) => name) ?? []),
  ]);
  const table = state === undefined ? world.table?.get(service) : state.known;
  const moving = world.ledger
    .destinations(service)
    .filter((name) => !wanted.has(name) || world.ledger.get(service, name)?.leavingSince !== undefined);
  for (const destination of canonicalOrder(moving)) {
    if (wanted.has(destination)) comeBack(world, service, destination);
    else if (table?.destinations.has(destination) === true) leave(world, service, destination, now);
    else if (
      !world.draining.has(subjectOf(service, destination)) &&
      // It may have just been added.
      !world.isTouched(service, destination)
    )
      world.ledger.delete(service, destination);
  }
}

function comeBack(world: World, service: string, destination: string): void {
  world.ledger.set(service, destination, { leavingSince: undefined, drainTimeout: undefined });
  if (world.draining.delete(subjectOf(service, destination)))
    world.emit({ kind: 'stop drain', service, destination });
}

function leave(world: World, service: string, destination: string, now: number): void {
  const subject = subjectOf(service, destination);
  if (world.observe || world.draining.has(subject) || now < world.retryAt) return;
  const entry = world.ledger.get(service, destination);
  const since = entry?.leavingSince ?? now;
  const drainTimeout =
    entry?.drainTimeout ?? world.services.get(service)?.declared.health.drainTimeout ?? DEFAULT_DRAIN;
  world.ledger.set(service, destination, {
    zero: 'own',
    manualSince: undefined,
    leavingSince: since,
    drainTimeout,
  });
  world.draining.add(subject);
  world.emit({ kind: 'save', now: true });
  world.emit({
    kind: 'drain',
    service,
    destination,
    timeout: Math.max(0, Math.ceil(since + drainTimeout - now)),
  });
}

/**
 * Services that are owned, not declared, and without destinations: they are to be deleted. `freshlySeen`: those that
 * were just read; an older reading does not show what others added since.
 */
export function emptiedServices(world: World, freshlySeen: Seen, now: number): string[] {
  if (world.observe || world.declared === undefined) return [];
  return world.ledger.services.filter((service) => {
    if (!freshlySeen.has(service)) return false;
    if (world.services.has(service) || world.ledger.destinations(service).length > 0) return false;
    const seen = freshlySeen.get(service);
    if (seen === undefined || seen.destinations.size > 0) {
      world.ledger.deleteService(service);
      if (seen !== undefined)
        world.report({
          at: now,
          kind: 'warning',
          service,
          text: 'it left the document, but has destinations that somebody else added, so it stays',
        });
      return false;
    }
    return true;
  });
}

/** Handles the end of a drain. */
export function drained(
  world: World,
  event: {
    readonly service: string;
    readonly destination: string;
    readonly outcome: 'deleted' | 'gone' | 'stopped' | 'failed';
    readonly left: number;
    readonly reason?: string | undefined;
  },
  now: number,
): void {
  const { service, destination, outcome, left, reason } = event;
  world.draining.delete(subjectOf(service, destination));
  if (outcome === 'stopped') return;
  if (outcome === 'failed') {
    world.retryAt = now + 5000;
    world.report({
      at: now,
      kind: 'warning',
      service,
      destination,
      text: `cannot drain it: ${reason ?? 'unknown'}`,
    });
    return;
  }
  const entry = world.ledger.get(service, destination);
  // It was declared again while it was being deleted: it is added again like a missing one.
  if (entry?.leavingSince !== undefined) world.ledger.delete(service, destination);
  const table = world.table?.get(service);
  if (table !== undefined) world.table?.set(service, withoutDestination(table, destination));
  const text =
    outcome === 'gone'
      ? 'it left the document, and somebody else deleted it'
      : `it left the document and was deleted with ${left} connection${left === 1 ? '' : 's'} left`;
  world.report({ at: now, kind: 'drained', service, destination, text });
  const state = world.services.get(service);
  if (state !== undefined) {
    if (state.known !== undefined) state.known = withoutDestination(state.known, destination);
    state.applied = undefined;
    world.dirty.add(service);
  }
  world.emit({ kind: 'save', now: true });
}

function withoutDestination(service: SeenService, gone: string): SeenService {
  return { ...service, destinations: new Map([...service.destinations].filter(([name]) => name !== gone)) };
}
