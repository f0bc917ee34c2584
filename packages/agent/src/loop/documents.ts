import type { Declared, DeclaredService } from '../declared/declared.js';
import { downMode } from '../health/down-mode.js';
import { inForceOf, type InForce, isLargeRemoval, removalOf, removalText } from '../source/removal.js';
import { subjectOf } from './desired.js';
import type { LoopEvent } from './events.js';
import { globalsOf } from './drifts.js';
import type { Subscriber } from './probe-set.js';
import type { SavedService } from './saved-state.js';
import { healthOf, probesOf, saveService, type ServiceState } from './service-state.js';
import { countUp } from './verdicts.js';
import { spacingOf } from './composing.js';
import type { World } from './world.js';

/** Handles a document without mistakes: it takes effect at the next reading, or becomes pending. */
export function receiveDocument(
  world: World,
  { declared, allowRemovals = false, hold }: LoopEvent & { readonly kind: 'document' },
  now: number,
): void {
  world.sourceTried = true;
  world.problems = [];
  world.problemRevision = undefined;
  const current = world.next ?? world.declared;
  if (declared.revision === current?.revision && sameAgent(declared, current)) {
    world.pending = undefined;
    return;
  }
  const removal = removalOf(inForce(world), declared);
  if (hold !== undefined || (!allowRemovals && isLargeRemoval(removal, declared.agent.limits.maxRemoval))) {
    if (world.pending?.declared.revision === declared.revision) return;
    world.pending = { declared, removal, hold };
    world.next = undefined;
    world.report({
      at: now,
      kind: 'document pending',
      text: `document ${declared.revision} ${hold === undefined ? `removes ${removalText(removal)}` : `is held: ${hold}`}; it waits for: ipvs-ts agent accept ${declared.revision}`,
    });
    return;
  }
  takeForce(world, declared);
}

/** Whether the settings of the agent are the same: with a store they are from another file. */
function sameAgent({ agent }: Declared, other: Declared): boolean {
  return JSON.stringify(agent) === JSON.stringify(other.agent);
}

/** Accepts the pending document; returns false if `revision` is not its revision. */
export function acceptDocument(world: World, revision: string): boolean {
  if (world.pending?.declared.revision !== revision) return false;
  takeForce(world, world.pending.declared);
  return true;
}

function takeForce(world: World, declared: Declared): void {
  world.pending = undefined;
  world.next = declared;
  world.nextLook = -Infinity;
}

/** Destinations that a document without them would remove; after a restart, those of the ledger. */
function inForce({ declared, next, ledger }: World): InForce {
  const current = next ?? declared;
  if (current !== undefined) return inForceOf(current);
  return new Map(
    ledger.services.map((service) => [
      service,
      ledger.destinations(service).filter((each) => ledger.get(service, each)?.leavingSince === undefined),
    ]),
  );
}

/** Puts the next document into force after the table was read. */
export function enforce(world: World, now: number): void {
  const { next: declared, table } = world;
  if (declared === undefined || table === undefined) return;
  world.next = undefined;
  const before = new Map(world.services);
  const past = new Map<string, SavedService | undefined>();
  for (const [name, state] of before) {
    past.set(name, saveService(state));
    unsubscribe(world, state);
  }
  forgetTolerance(world, declared);
  hurryDown(world, before, declared);
  world.services.clear();
  world.declared = declared;
  world.loadedAt = now;
  const { inFlight, startsPerSecond } = declared.agent.limits;
  world.probes.limit({ inFlight: Math.min(inFlight, world.mostInFlight), startsPerSecond }, now);
  world.globalsDue = globalsOf(world) !== undefined;
  world.globalsApplied = false;
  world.globalsReported = false;
  for (const service of declared.services.values()) {
    const saved = past.get(service.name) ?? world.saved?.services[service.name];
    world.services.set(service.name, buildService(world, service, saved, before.get(service.name), now));
  }
  world.probes.sweep();
  world.longestInterval = longestInterval(declared);
  world.spacing = spacingOf(declared);
  world.report({
    at: now,
    kind: 'document',
    text: `document ${declared.revision} is in force: ${counted(declared.services.size, 'service')}, ${counted(world.probes.size, 'check')}`,
  });
  world.emit({ kind: 'save', now: true });
}

function buildService(
  world: World,
  declared: DeclaredService,
  saved: SavedService | undefined,
  before: ServiceState | undefined,
  now: number,
): ServiceState {
  const { name, destinations = [] } = declared;
  const seen = world.table?.get(name);
  const probes = probesOf(declared);
  const returning = destinations.filter(
    (each) => world.ledger.get(name, each.name)?.leavingSince !== undefined,
  );
  const health = healthOf(declared, probes, { seen: without(seen, returning), saved }, now);
  adopt(world, declared, seen);
  const state: ServiceState = {
    declared,
    probes,
    health,
    firstSight: saved?.firstSight ?? now,
    mode: downMode(declared, world.expiry.expiresTemplates),
    memory: saved?.memory,
    // For a service that the agent managed before, changes by others are found by comparing with what it knew.
    known: before?.known ?? undefined,
    wasSeen: before?.wasSeen ?? false,
    composed: before?.composed,
    composedAt: before?.composedAt ?? -Infinity,
    applied: undefined,
  };
  for (const { name: destination, address } of destinations) {
    countUp(world, address, undefined, health.get(destination));
    for (const [index, probe] of (probes.get(destination) ?? []).entries()) {
      const verdict = health.get(destination)?.verdicts[index];
      const subscriber: Subscriber = { service: name, destination, index };
      if (verdict !== undefined) world.probes.subscribe(probe, subscriber, verdict, now);
    }
  }
  world.dirty.add(name);
  return state;
}

/**
 * A service in the table without destinations that are being removed: their weight 0 says nothing about their health.
 */
function without(
  seen: ReturnType<NonNullable<World['table']>['get']>,
  leaving: readonly { readonly name: string }[],
): typeof seen {
  if (seen === undefined || leaving.length === 0) return seen;
  const destinations = new Map(seen.destinations);
  for (const { name } of leaving) destinations.delete(name);
  return { ...seen, destinations };
}

/**
 * Adopts what the document names. An existing weight 0 counts as the agent's own; a weight above 0 shows that a
 * recorded own zero was not sent, or has ended.
 */
function adopt(
  world: World,
  { name, destinations = [] }: DeclaredService,
  seen: ReturnType<NonNullable<World['table']>['get']>,
): void {
  world.ledger.ownService(name);
  for (const destination of destinations) {
    const weight = seen?.destinations.get(destination.name)?.weight;
    const entry = world.ledger.get(name, destination.name);
    if (entry?.leavingSince === undefined && entry?.drainTimeout !== undefined)
      world.ledger.set(name, destination.name, { drainTimeout: undefined });
    if (entry === undefined) world.ledger.set(name, destination.name, weight === 0 ? { zero: 'own' } : {});
    else if (
      entry.zero === 'own' &&
      weight !== undefined &&
      weight > 0 &&
      !world.isTouched(name, destination.name)
    )
      world.ledger.set(name, destination.name, { zero: undefined });
  }
}

function unsubscribe(world: World, { declared, probes, health }: ServiceState): void {
  for (const { name: destination, address } of declared.destinations ?? []) {
    countUp(world, address, health.get(destination), undefined);
    for (const [index, { key }] of (probes.get(destination) ?? []).entries())
      world.probes.unsubscribe(key, { service: declared.name, destination, index });
  }
}

/**
 * Deletes a destination at once if it is removed while it is down: its server does not answer, so there is nothing to
 * drain.
 */
function hurryDown(
  { ledger, table, saved }: World,
  before: ReadonlyMap<string, ServiceState>,
  next: Declared,
): void {
  for (const service of ledger.services)
    for (const destination of ledger.destinations(service)) {
      if (next.services.get(service)?.destinations?.some(({ name }) => name === destination) === true)
        continue;
      if (ledger.get(service, destination)?.leavingSince !== undefined) continue;
      const health = (before.get(service) ?? saved?.services[service])?.health;
      const state = (health instanceof Map ? health.get(destination) : health?.[destination])?.state;
      if (state === 'down' && table?.get(service)?.destinations.get(destination)?.weight === 0)
        ledger.set(service, destination, { drainTimeout: 0 });
    }
}

/** Forgets tolerated changes if the document changed. */
function forgetTolerance(world: World, next: Declared): void {
  for (const [name, state] of world.services) {
    const after = next.services.get(name);
    if (JSON.stringify(state.declared.options) !== JSON.stringify(after?.options))
      world.tolerance.delete(subjectOf(name));
    for (const each of state.declared.destinations ?? []) {
      const same = after?.destinations?.find((other) => other.name === each.name);
      if (JSON.stringify(each.options) !== JSON.stringify(same?.options))
        world.tolerance.delete(subjectOf(name, each.name));
    }
  }
}

function longestInterval({ services }: Declared): number {
  let longest = 0;
  for (const { destinations = [] } of services.values())
    for (const { checks } of destinations)
      for (const { interval } of checks) longest = Math.max(longest, interval);
  return longest === 0 ? 5000 : longest;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
