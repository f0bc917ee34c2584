import { compose } from '../compose/compose.js';
import { type ComposedService, signature } from '../compose/composed.js';
import type { Declared } from '../declared/declared.js';
import type { ServiceState } from './service-state.js';
import type { World } from './world.js';

/** Milliseconds between two compositions of a service for changes that bring destinations into service. */
const SPACING = 50;
/** The same for each destination of the document, if that is more. */
const SPACING_EACH = 0.05;

/** Returns the minimum time between two such compositions of a service, in milliseconds. */
export function spacingOf({ services }: Declared): number {
  let destinations = 0;
  for (const { destinations: own = [] } of services.values()) destinations += own.length;
  return Math.max(SPACING, destinations * SPACING_EACH);
}

/**
 * Composes a service in this turn or, if it was composed a short time ago, a short time later with all its changes until
 * then. Use it only for changes that take no destination out of service.
 */
export function composeSpaced(
  world: World,
  { declared: { name }, composedAt }: ServiceState,
  now: number,
): void {
  const at = composedAt + world.spacing;
  if (at <= now) world.dirty.add(name);
  else if (!world.soon.has(name)) world.soon.set(name, at);
}

/** Composes every service that has changed, reports transitions, and records which services must be applied. */
export function composeDirty(world: World, now: number): void {
  for (let name = world.soon.take(now); name !== undefined; name = world.soon.take(now))
    world.dirty.add(name);
  for (const name of world.dirty) {
    const state = world.services.get(name);
    if (state?.wasSeen === true) composeService(world, state, now);
  }
  world.dirty.clear();
}

function composeService(world: World, state: ServiceState, now: number): void {
  const { declared, known } = state;
  const { name } = declared;
  const before = state.composed;
  const composed = compose(
    {
      service: declared,
      mode: state.mode,
      health: state.health,
      maintenance: world.overrides.of(name),
      manual: world.manualZeros(name, now),
      table: known && new Map([...known.destinations].map(([each, { weight }]) => [each, weight])),
      memory: state.memory,
      firstSight: state.firstSight,
      doubtUntil: world.doubt.at(now)?.until,
    },
    now,
  );
  state.composed = composed;
  state.composedAt = now;
  world.soon.delete(name);
  if (JSON.stringify(state.memory) !== JSON.stringify(composed.memory))
    world.emit({ kind: 'save', now: false });
  state.memory = composed.memory;
  if (composed.wakeAt === undefined) world.wakes.delete(name);
  else world.wakes.set(name, composed.wakeAt);
  if (before !== undefined) reportChanges(world, before, composed, now);
  else reportFirst(world, composed, now);
  if (state.applied !== signature(composed)) world.unapplied.add(name);
  else world.unapplied.delete(name);
}

function reportChanges(world: World, before: ComposedService, after: ComposedService, now: number): void {
  const { name: service } = after;
  const states = new Map(before.destinations?.map((each) => [each.name, each.state]));
  for (const { name, state, reason } of after.destinations ?? []) {
    const was = states.get(name);
    if (was === state) continue;
    world.count('transitions', { service, to: state });
    world.report({
      at: now,
      kind: 'state',
      service,
      destination: name,
      text: `${was ?? 'new'} → ${state}: ${reason}`,
    });
  }
  if (before.guard !== after.guard) reportGuard(world, after, now);
}

/** After the first reading only what an operator must know is reported. */
function reportFirst(world: World, composed: ComposedService, now: number): void {
  for (const { name, state, reason } of composed.destinations ?? [])
    if (state !== 'up' && state !== 'unknown')
      world.report({
        at: now,
        kind: 'state',
        service: composed.name,
        destination: name,
        text: `${state}: ${reason}`,
      });
  if (composed.guard !== undefined) reportGuard(world, composed, now);
}

function reportGuard(
  world: World,
  { name: service, guard, destinations = [] }: ComposedService,
  now: number,
): void {
  const kept = destinations.filter(({ state }) => state === 'kept').length;
  const text =
    guard === undefined
      ? 'no guard is needed any more'
      : `guard ${guard}: ${kept} destination${kept === 1 ? ' stays' : 's stay'} in service although down`;
  world.report({ at: now, kind: 'guard', service, text });
}
