import { argumentsOf } from '../argument-checks.js';
import { detectionTime } from '../check/check.js';
import type { DeclaredDestination, DeclaredService } from '../declared/declared.js';
import { type AllDownMemory, allDown, type Candidate, PATIENCE } from '../health/all-down.js';
import { type DestinationHealth, isHeld, shareOf } from '../health/destination-health.js';
import type { DownMode } from '../health/down-mode.js';
import { keptByFloor } from '../health/floor.js';
import { ramp } from '../health/slow-start.js';
import type { Maintenance } from '../override/maintenance.js';
import type { ComposedDestination, ComposedService, Guard } from './composed.js';
import { healthReason, maintenanceReason } from './reasons.js';
import { sorryDestinations } from './sorry.js';

/** Everything that decides the desired state of a service. Times are milliseconds of a monotonic clock. */
export interface ComposeInput {
  readonly service: DeclaredService;
  readonly mode: DownMode;
  /** The health of every declared destination, by name. */
  readonly health: ReadonlyMap<string, DestinationHealth>;
  readonly maintenance: ReadonlyMap<string, Maintenance>;
  /** When a manual weight of 0 was first respected, by destination. */
  readonly manual: ReadonlyMap<string, number>;
  /** The weights in the table; undefined if it does not have the service. */
  readonly table: ReadonlyMap<string, number> | undefined;
  readonly memory: AllDownMemory | undefined;
  /** When the agent first saw the service. */
  readonly firstSight: number;
  /** Until when nothing is taken out; undefined without a doubt. */
  readonly doubtUntil: number | undefined;
}

/**
 * Computes the desired state of a service from the document, verdicts, overrides and the time, with a reason for every
 * destination.
 */
export function compose(input: ComposeInput, now: number): ComposedService {
  if ((input as Partial<ComposeInput> | null | undefined)?.service === undefined || typeof now !== 'number')
    checkInput(input, now);
  const { service } = input;
  const { name, destinations } = service;
  if (destinations === undefined)
    return { name, destinations, guard: undefined, capacity: 1, memory: undefined, wakeAt: undefined };
  const guarded = guard(input, destinations, now);
  const composed = destinations.map((each) => composeDestination(input, guarded, each, now));
  const sorry = guarded.sorry ? sorryDestinations(service, guarded.memory?.since ?? now) : [];
  const total = destinations.reduce((sum, { options }) => sum + options.weight, 0);
  const inService = composed.reduce(
    (sum, { weight, declaredWeight }) => sum + Math.min(weight, declaredWeight),
    0,
  );
  return {
    name,
    destinations: [...composed, ...sorry],
    guard: guarded.guard,
    capacity: total === 0 ? 0 : inService / total,
    memory: guarded.memory,
    wakeAt: nextChange(input, destinations, guarded, now),
  };
}

/** What the guards decided. */
interface Guarded {
  readonly candidates: readonly Candidate[];
  /** Destinations that may be in service. */
  readonly usable: ReadonlySet<string>;
  /** Destinations that stay in service although they are down, and the guard that keeps them. */
  readonly kept: ReadonlyMap<string, Guard>;
  readonly guard: Guard | undefined;
  readonly memory: AllDownMemory | undefined;
  readonly sorry: boolean;
}

function guard(input: ComposeInput, destinations: readonly DeclaredDestination[], now: number): Guarded {
  const { service, firstSight, doubtUntil } = input;
  const { whenAllDown, floor } = service.health;
  const candidates = destinations.flatMap((each) => candidate(input, each, now));
  const anyUp = candidates.some(({ state }) => state === 'up');
  const usable = new Set(
    candidates.filter(({ state }) => state === 'up' || (state === 'held' && !anyUp)).map(({ name }) => name),
  );
  const window = Math.max(0, ...destinations.flatMap(({ checks }) => checks.map(detectionTime)));
  const memory = allDown(candidates, input.memory, { window, firstSight, now });
  const kept = new Map<string, Guard>();
  if (doubtUntil !== undefined && doubtUntil > now)
    for (const { name, inService } of candidates) if (inService && !usable.has(name)) kept.set(name, 'doubt');
  const doubted = kept.size > 0;
  if (memory !== undefined && whenAllDown === 'keep' && !isUpButOut(input, destinations))
    for (const name of memory.kept) if (!kept.has(name)) kept.set(name, 'all down');
  if (memory === undefined || whenAllDown === 'keep') {
    const out = candidates.filter(({ name }) => !usable.has(name) && !kept.has(name));
    const weight = candidates.reduce(
      (sum, each) => (usable.has(each.name) || kept.has(each.name) ? sum + each.weight : sum),
      0,
    );
    const total = destinations.reduce((sum, { options }) => sum + options.weight, 0);
    for (const name of keptByFloor(out, floor, total, weight)) kept.set(name, 'floor');
  }
  const decided = doubted ? 'doubt' : memory !== undefined ? 'all down' : kept.size > 0 ? 'floor' : undefined;
  const sorry = memory !== undefined && whenAllDown === 'sorry' && !doubted;
  return { candidates, usable, kept, guard: decided, memory, sorry };
}

/** Whether a destination that an operator took out passes its checks, so that failures of others are not doubted. */
function isUpButOut(
  { health, maintenance, manual }: ComposeInput,
  destinations: readonly DeclaredDestination[],
): boolean {
  return destinations.some(
    ({ name, options, checks }) =>
      options.weight > 0 &&
      checks.length > 0 &&
      (maintenance.has(name) || manual.has(name)) &&
      health.get(name)?.state === 'up',
  );
}

/** A destination as the guards see it; undefined if the document, maintenance or a manual 0 takes it out. */
function candidate(
  { health, maintenance, manual, table }: ComposeInput,
  { name, options }: DeclaredDestination,
  now: number,
): Candidate[] {
  if (options.weight === 0 || maintenance.has(name) || manual.has(name)) return [];
  const own = health.get(name) as DestinationHealth;
  const drained = own.state === 'up' && shareOf(own) === 0;
  return [
    {
      name,
      weight: options.weight,
      state: drained ? 'down' : isHeld(own, now) ? 'held' : own.state,
      since: own.since,
      everUp: own.everUp,
      inService: (table?.get(name) ?? 0) > 0,
    },
  ];
}

function composeDestination(
  input: ComposeInput,
  { usable, kept }: Guarded,
  declared: DeclaredDestination,
  now: number,
): ComposedDestination {
  const { name, options } = declared;
  const own = input.health.get(name) as DestinationHealth;
  const base = { name, declaredWeight: options.weight, weight: 0, present: true, options, since: own.since };
  const maintenance = input.maintenance.get(name);
  if (maintenance !== undefined)
    return {
      ...base,
      state: 'maintenance',
      reason: maintenanceReason(maintenance),
      since: maintenance.since,
    };
  const manualSince = input.manual.get(name);
  if (manualSince !== undefined)
    return { ...base, state: 'manual', reason: 'weight 0 was set by hand', since: manualSince };
  const reason = healthReason(declared, own);
  if (options.weight === 0)
    return { ...base, state: own.state, reason: `${reason}; the document says weight 0` };
  if (usable.has(name)) {
    const weight = serviceWeight(input.service, declared, own, now);
    const flaps = isHeld(own, now) ? '; it flaps, but no other destination is up' : '';
    return {
      ...base,
      weight,
      state: 'up',
      reason: `${reason}${flaps}${weightReason(weight, options.weight, own)}`,
    };
  }
  const keeper = kept.get(name);
  if (keeper !== undefined)
    return {
      ...base,
      weight: options.weight,
      state: 'kept',
      reason: `${reason}; ${keptReason(keeper, input)}`,
    };
  if (own.state === 'unknown') {
    const present = input.mode.mode === 'quiesce' || input.table === undefined || input.table.has(name);
    return { ...base, present, state: 'unknown', reason };
  }
  if (own.state === 'up' && shareOf(own) === 0)
    return { ...base, state: 'draining', reason: 'the server asks for no new connections' };
  const present = input.mode.mode === 'quiesce';
  if (isHeld(own, now))
    return {
      ...base,
      present,
      state: 'down',
      reason: `passes its checks, but went down three times in ten minutes`,
    };
  return { ...base, present, state: 'down', reason };
}

/** The weight of a destination in service, reduced by its server's request and its slow start. Never 0. */
function serviceWeight(
  { health }: DeclaredService,
  { options }: DeclaredDestination,
  own: DestinationHealth,
  now: number,
): number {
  const share = shareOf(own);
  return ramp(Math.max(Math.round(options.weight * share), 1), own.rampFrom, health.slowStart, now).weight;
}

function weightReason(weight: number, declared: number, own: DestinationHealth): string {
  if (weight === declared) return '';
  const share = shareOf(own);
  return share === 1 ? '; it starts slowly' : `; its server asks for ${Math.round(share * 100)}%`;
}

function keptReason(keeper: Guard, { service }: ComposeInput): string {
  switch (keeper) {
    case 'doubt':
      return 'kept in service, since so many failures at once make the checks doubtful';
    case 'all down':
      return 'kept in service, since every destination is down';
    case 'floor':
      return `kept in service by the floor of ${Math.round(service.health.floor * 100)}%`;
  }
}

/** When the result changes by time alone. */
function nextChange(
  input: ComposeInput,
  destinations: readonly DeclaredDestination[],
  { candidates, usable, memory }: Guarded,
  now: number,
): number | undefined {
  const times: (number | undefined)[] = [input.doubtUntil];
  if (memory === undefined && usable.size === 0 && candidates.some(({ state }) => state === 'unknown'))
    times.push(input.firstSight + PATIENCE);
  for (const { name, options } of destinations) {
    const own = input.health.get(name) as DestinationHealth;
    if (isHeld(own, now)) times.push(own.flaps.until);
    if (usable.has(name))
      times.push(ramp(options.weight, own.rampFrom, input.service.health.slowStart, now).nextAt);
  }
  const future = times.filter((time) => time !== undefined && time > now) as number[];
  return future.length === 0 ? undefined : Math.min(...future);
}

/** Throws for invalid arguments. */
function checkInput(input: ComposeInput, now: number): void {
  argumentsOf.object('input', input, { service: 'object' });
  argumentsOf.is('now', now, 'number');
}
