import type { DesiredService } from '@ipvs-ts/ipvs';
import { type ComposedService, signature } from '../compose/composed.js';
import { downMode } from '../health/down-mode.js';
import { sysctlAdvice } from '../health/sysctl-advice.js';
import { departures, emptiedServices } from './departures.js';
import { deletionsOf, desiredService, subjectOf } from './desired.js';
import { enforce } from './documents.js';
import { globalsLookedAt, globalsOf, lookedAt } from './drifts.js';
import type { LoopEvent, Seen } from './events.js';
import { afterApplying } from '../own/after-applying.js';
import type { SeenService } from '../own/seen.js';
import type { ServiceState } from './service-state.js';
import type { World } from './world.js';

/** Milliseconds between two readings of the whole table: the longest time that a change by others is not noticed. */
const LOOK_INTERVAL = 5000;
const FIRST_RETRY = 1000;
const LONGEST_RETRY = 5000;

/** Handles a reading of the table. Returns every service that is known now, including those that do not exist. */
export function looked(world: World, event: LoopEvent & { readonly kind: 'looked' }, now: number): Seen {
  world.kernel = 'idle';
  if (world.kernelProblem !== undefined) {
    world.kernelProblem = undefined;
    world.report({ at: now, kind: 'kernel', text: 'the table can be read again' });
    for (const state of world.services.values()) state.applied = undefined;
  }
  if (event.all) {
    world.nextLook = now + LOOK_INTERVAL;
    world.table = new Map();
  }
  const seen = new Map(event.seen);
  for (const [name, destinations] of world.touched) {
    const state = world.services.get(name);
    const found = seen.get(name);
    if (state !== undefined && found !== undefined)
      seen.set(name, withKnown(found, state.known, destinations));
  }
  remember(world, seen);
  if (event.expiry.expiresTemplates !== world.expiry.expiresTemplates)
    for (const [name, state] of world.services) {
      state.mode = downMode(state.declared, event.expiry.expiresTemplates);
      world.dirty.add(name);
    }
  world.expiry = event.expiry;
  globalsLookedAt(world, event.globals, now);
  if (event.all) {
    enforce(world, now);
    warn(world, now);
  }
  for (const [name, state] of world.services)
    if (event.all || seen.has(name)) lookedAt(world, state, seen.get(name), now);
  if (!event.all) return seen;
  const names = new Set([...seen.keys(), ...world.services.keys(), ...world.ledger.services]);
  return new Map([...names].map((name) => [name, seen.get(name)]));
}

/** Reports what an operator should change, once. */
function warn(world: World, now: number): void {
  const warnings = sysctlAdvice(world.services.values(), world.expiry);
  for (const text of warnings)
    if (!world.warnings.includes(text)) world.report({ at: now, kind: 'warning', text });
  world.warnings = warnings;
}

/** A reading in which these destinations are as they are known: it may be older than what was sent of them. */
function withKnown(
  seen: SeenService,
  known: SeenService | undefined,
  names: ReadonlySet<string>,
): SeenService {
  const destinations = new Map(seen.destinations);
  for (const name of names) {
    const own = known?.destinations.get(name);
    if (own === undefined) destinations.delete(name);
    else destinations.set(name, own);
  }
  return { ...seen, destinations };
}

function remember(world: World, seen: Seen): void {
  for (const [name, service] of seen)
    if (service === undefined) world.table?.delete(name);
    else world.table?.set(name, service);
}

/** Handles a failed reading of the table, which is tried again. */
export function lookFailed(world: World, reason: string, now: number): void {
  world.kernel = 'idle';
  world.nextLook = now + LONGEST_RETRY;
  world.retryAt = now + LONGEST_RETRY;
  if (world.kernelProblem !== reason)
    world.report({ at: now, kind: 'kernel', text: `cannot read the table: ${reason}` });
  world.kernelProblem = reason;
}

/** Handles changes that were applied. */
export function applied(world: World, event: LoopEvent & { readonly kind: 'applied' }, now: number): void {
  world.kernel = 'idle';
  remember(world, event.seen);
  for (const [name, seen] of event.seen) {
    const state = world.services.get(name);
    if (state === undefined) {
      if (seen === undefined) world.ledger.deleteService(name);
      continue;
    }
    const whole = event.failures.length === 0 ? world.applying.get(name) : undefined;
    state.known = knownAfter(world, state, whole, seen, now);
    for (const [destination, { weight }] of seen?.destinations ?? [])
      if (weight > 0 && world.ledger.get(name, destination)?.zero === 'own')
        world.ledger.set(name, destination, { zero: undefined });
    state.applied = whole && signature(whole);
    world.dirty.add(name);
  }
  for (const name of event.overtaken) world.dirty.add(name);
  if (event.changes.length > 0) reportChanges(world, event.changes, now);
  if (event.failures.length > 0) {
    world.globalsDue = world.globalsSent;
    refused(world, event.failures, now);
  } else {
    world.retryPause = 0;
    world.retryAt = -Infinity;
    world.globalsApplied ||= world.globalsSent;
  }
  world.emit({ kind: 'save', now: false });
}

/** What is known of a service after it was applied; `whole`: without failures. */
function knownAfter(
  world: World,
  state: ServiceState,
  whole: ComposedService | undefined,
  seen: SeenService | undefined,
  now: number,
): SeenService | undefined {
  const { name, options } = state.declared;
  const isTolerated = (destination?: string): boolean =>
    (world.tolerance.get(subjectOf(name, destination))?.until ?? 0) > now;
  const after =
    whole === undefined || world.observe
      ? seen
      : afterApplying({ composed: whole, options, isTolerated }, seen);
  return after && withoutForeign(world, state, after);
}

/** What others added during an apply is left for the next reading, which reports it. */
function withoutForeign(world: World, { declared, known }: ServiceState, seen: SeenService): SeenService {
  const added = [...seen.destinations.keys()].filter(
    (name) => world.ledger.get(declared.name, name) === undefined && known?.destinations.has(name) !== true,
  );
  if (added.length === 0) return seen;
  const destinations = new Map(seen.destinations);
  for (const name of added) destinations.delete(name);
  return { ...seen, destinations };
}

/** Handles changes that the kernel rejected: they are tried again after a growing pause. */
export function refused(world: World, failures: readonly string[], now: number): void {
  for (const failure of failures) world.report({ at: now, kind: 'kernel', text: failure });
  world.count('changes', { kind: 'any', outcome: 'failed' }, failures.length);
  world.retryPause = Math.min(LONGEST_RETRY, (world.retryPause || FIRST_RETRY / 2) * 2);
  world.retryAt = now + world.retryPause;
}

/** Reports what was changed in the table: each change begins with its verb. */
export function reportChanges(world: World, changes: readonly string[], now: number): void {
  const shown = changes.slice(0, 20);
  const more = changes.length > shown.length ? [`and ${changes.length - shown.length} more`] : [];
  if (!world.observe)
    for (const change of changes)
      world.count('changes', { kind: change.split(' ')[0] ?? '', outcome: 'done' });
  const verb = world.observe ? 'would change' : 'changed';
  world.report({ at: now, kind: 'changes', text: `${verb}: ${[...shown, ...more].join('; ')}` });
}

/** Decides the next request to the kernel, besides direct changes: one at a time, after a reading. */
export function kernelTurn(world: World, freshlySeen: Seen | undefined, now: number): void {
  for (const name of freshlySeen?.keys() ?? [])
    if (world.ledger.hasService(name)) departures(world, name, now);
  if (world.kernel !== 'idle') return;
  if (now >= world.nextLook) {
    look(world, 'all');
    return;
  }
  if (now < world.retryAt || world.declared === undefined) return;
  const emptied = freshlySeen === undefined ? [] : emptiedServices(world, freshlySeen, now);
  const unapplied = [...world.unapplied].filter(
    (name) => world.services.has(name) && !world.sending.has(name),
  );
  if (unapplied.length === 0 && emptied.length === 0 && !world.globalsDue) return;
  if (unapplied.every((name) => freshlySeen?.has(name) === true) && freshlySeen !== undefined)
    apply(world, unapplied, emptied, now);
  else look(world, unapplied);
}

function look(world: World, services: readonly string[] | 'all'): void {
  world.kernel = 'looking';
  world.touched.clear();
  for (const [name, changes] of world.sending) world.touch(name, changes);
  const globals = services === 'all' && world.globalsApplied ? globalsOf(world) : undefined;
  world.emit({ kind: 'look', services, ...(globals && { globals }) });
}

function apply(world: World, names: readonly string[], deleteServices: readonly string[], now: number): void {
  const services: Record<string, DesiredService> = {};
  const deleteDestinations: { service: string; destination: string }[] = [];
  const from = new Map<string, ReturnType<Seen['get']>>();
  world.applying = new Map();
  const removesForeign = world.declared?.agent.drift.foreign === 'remove';
  for (const name of names) {
    const state = world.services.get(name);
    if (state?.composed === undefined) continue;
    world.applying.set(name, state.composed);
    from.set(name, state.known);
    const desired = desiredService(state, world.tolerance, now);
    if (desired === undefined) continue;
    services[name] = desired;
    recordOwn(world, name);
    for (const destination of deletionsOf(state, world.ledger, removesForeign))
      deleteDestinations.push({ service: name, destination });
  }
  for (const name of deleteServices) from.set(name, world.table?.get(name));
  if (world.ledger.takeChanged()) world.emit({ kind: 'save', now: true });
  world.unapplied.clear();
  world.kernel = 'applying';
  const desired = { services, ...(world.globalsDue && globalsOf(world)) };
  world.globalsSent = world.globalsDue;
  world.globalsDue = false;
  world.emit({ kind: 'apply', desired, from, deleteDestinations, deleteServices });
}

/** Records every zero of the agent before it is sent, so that it is never mistaken for a manual one. */
export function recordOwn(world: World, service: string): void {
  for (const { name, weight, present } of world.services.get(service)?.composed?.destinations ?? []) {
    const manual = world.ledger.get(service, name)?.zero === 'manual';
    world.ledger.set(service, name, present && weight === 0 && !manual ? { zero: 'own' } : {});
  }
}
