import type { Globals } from '../declared/declared.js';
import { type Drift, driftOf } from '../own/drift.js';
import type { SeenService } from '../own/seen.js';
import { subjectOf } from './desired.js';
import type { ServiceState } from './service-state.js';
import type { World } from './world.js';

/** Finds the changes by others in a service that was read, and decides what to do about them. */
export function lookedAt(
  world: World,
  state: ServiceState,
  seen: SeenService | undefined,
  now: number,
): void {
  const service = state.declared.name;
  const { known, wasSeen } = state;
  const drifts = driftOf({ service, known, wasSeen, ledger: world.ledger }, seen);
  const first = !wasSeen;
  state.known = seen;
  state.wasSeen = true;
  if (first || drifts.length > 0) world.dirty.add(service);
  for (const drift of drifts) settle(world, state, drift, now);
  forgetZeros(world, service, seen);
}

/** A weight above 0 proves that an own zero on record was not sent, or is over: the next zero is somebody else's. */
function forgetZeros(world: World, service: string, seen: SeenService | undefined): void {
  for (const [destination, { weight }] of seen?.destinations ?? []) {
    if (weight === 0 || world.isTouched(service, destination)) continue;
    const entry = world.ledger.get(service, destination);
    if (entry?.zero === 'own' && entry.leavingSince === undefined)
      world.ledger.set(service, destination, { zero: undefined });
  }
}

function settle(world: World, state: ServiceState, drift: Drift, now: number): void {
  const settings = world.declared?.agent.drift;
  switch (drift.kind) {
    case 'weight zero':
      if (settings?.weightZero === 'restore') restore(world, state, drift, now);
      else setManual(world, drift, now);
      return;
    case 'weight raised':
      world.ledger.set(drift.service, drift.destination as string, {
        zero: undefined,
        manualSince: undefined,
      });
      world.count('foreign changes', { service: drift.service, action: 'respected' });
      note(world, drift, 'its weight was raised by hand, so checks decide again', now);
      return;
    case 'service edited':
    case 'destination edited':
      if (settings?.edited === 'report') tolerate(world, drift, now);
      else restore(world, state, drift, now);
      return;
    case 'service missing':
    case 'destination missing':
      if (settings?.missing === 'report') tolerate(world, drift, now);
      else restore(world, state, drift, now);
      return;
    case 'foreign':
      // The document leaves the destinations to others.
      if (state.declared.destinations === undefined) return;
      if (settings?.foreign !== 'remove') {
        world.count('foreign changes', { service: drift.service, action: 'reported' });
        note(world, drift, 'somebody else added it; it stays as it is', now);
        return;
      }
      world.count('foreign changes', { service: drift.service, action: 'restored' });
      note(world, drift, 'somebody else added it; it is removed', now);
      state.applied = undefined;
  }
}

function setManual(world: World, { service, destination }: Drift, now: number): void {
  world.count('foreign changes', { service, action: 'respected' });
  world.ledger.set(service, destination as string, { zero: 'manual', manualSince: now });
  world.emit({ kind: 'save', now: true });
}

function restore(world: World, state: ServiceState, drift: Drift, now: number): void {
  const subject = subjectOf(drift.service, drift.destination);
  switch (world.conflicts.changed(subject, now)) {
    case 'restore':
      world.count('foreign changes', { service: drift.service, action: 'restored' });
      note(world, drift, `${what(drift)} by somebody else; it is restored`, now);
      state.applied = undefined;
      return;
    case 'pause':
      world.count('foreign changes', { service: drift.service, action: 'reported' });
      world.tolerance.set(subject, { until: now + 60_000 });
      note(
        world,
        drift,
        `${what(drift)} by somebody else although it was restored three times in a minute; it stays so for a minute`,
        now,
      );
      world.emit({ kind: 'find writers' });
      return;
    case 'wait':
  }
}

function tolerate(world: World, drift: Drift, now: number): void {
  world.count('foreign changes', { service: drift.service, action: 'reported' });
  world.tolerance.set(subjectOf(drift.service, drift.destination), { until: Infinity });
  note(world, drift, `${what(drift)} by somebody else; it stays so until the document changes`, now);
}

function what({ kind, fields }: Drift): string {
  if (kind.endsWith('missing')) return 'it was deleted';
  return `${fields.join(', ')} ${fields.length === 1 ? 'was' : 'were'} changed`;
}

function note(world: World, { service, destination }: Drift, text: string, now: number): void {
  world.report({ at: now, kind: 'drift', service, destination, text });
}

/** The subject of drift that does not concern a service. */
const GLOBALS = 'timeouts and sync daemons';

/** The timeouts and sync daemons of the document in force; undefined if it has none. */
export function globalsOf({ declared }: Pick<World, 'declared'>): Globals | undefined {
  if (declared?.timeouts === undefined && declared?.daemons === undefined) return undefined;
  const { timeouts, daemons } = declared;
  return { ...(timeouts && { timeouts }), ...(daemons && { daemons }) };
}

/** Handles a reading of timeouts and sync daemons; `differences` are the changes that would make them as declared. */
export function globalsLookedAt(world: World, differences: readonly string[] | undefined, now: number): void {
  // Differences are not changes by others until they were applied once.
  if (differences === undefined || world.globalsDue || !world.globalsApplied) return;
  if (differences.length === 0) {
    world.globalsReported = false;
    return;
  }
  const text = `somebody else changed them (${differences.join('; ')})`;
  if (world.declared?.agent.drift.edited === 'report') {
    if (!world.globalsReported) noteGlobals(world, `${text}; they stay so until the document changes`, now);
    world.globalsReported = true;
    return;
  }
  switch (world.conflicts.changed(GLOBALS, now)) {
    case 'restore':
      noteGlobals(world, `${text}; they are restored`, now);
      world.globalsDue = true;
      return;
    case 'pause':
      noteGlobals(
        world,
        `${text} although they were restored three times in a minute; they stay so for a minute`,
        now,
      );
      world.emit({ kind: 'find writers' });
      return;
    case 'wait':
  }
}

function noteGlobals(world: World, text: string, now: number): void {
  world.report({ at: now, kind: 'drift', text: `${GLOBALS}: ${text}` });
}
