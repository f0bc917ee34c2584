import { detectionTime } from '../check/check.js';
import type { DeclaredDestination } from '../declared/declared.js';
import { writeDuration } from '../fields/duration.js';
import type { ServiceState } from '../loop/service-state.js';
import type { World } from '../loop/world.js';
import { type DestinationStatus, statusOf } from './status.js';

/** The explanation of a service's state, as `ipvs-ts explain --json` prints it. */
export interface Explanation {
  readonly version: 1;
  readonly service: string;
  /** What happens to its destinations that are down, and why. */
  readonly whenDown: { readonly mode: 'quiesce' | 'remove'; readonly why: string };
  readonly whenAllDown: string;
  readonly floor: number;
  readonly capacity: number;
  readonly guard: string | null;
  readonly destinations: readonly ExplainedDestination[];
}

/** Why a destination is in or out of service, and what would change that. */
export interface ExplainedDestination extends DestinationStatus {
  readonly inService: boolean;
  readonly changes: string;
}

/** Explains a service, or one of its destinations; undefined if the document in force does not have it. */
export function explain(
  world: World,
  service: string,
  destination: string | undefined,
  now: number,
  time: (at: number) => string,
): Explanation | undefined {
  const state = world.services.get(service);
  const status = statusOf(world, { id: '', namespace: '' }, now, time).services.find(
    (each) => each.service === service,
  );
  if (state === undefined || status === undefined) return undefined;
  const destinations = status.destinations.filter(
    (each) => destination === undefined || each.destination === destination,
  );
  if (destination !== undefined && destinations.length === 0) return undefined;
  const { health } = state.declared;
  return {
    version: 1,
    service,
    whenDown: { mode: state.mode.mode, why: state.mode.why },
    whenAllDown: health.whenAllDown,
    floor: health.floor,
    capacity: status.capacity,
    guard: status.guard,
    destinations: destinations.map((each) => ({
      ...each,
      inService: (each.weight ?? 0) > 0,
      changes: whatChanges(state, each),
    })),
  };
}

/** What would bring a destination in or take it out: a sentence without a full stop. */
function whatChanges(
  state: ServiceState,
  { destination, state: now, declaredWeight }: DestinationStatus,
): string {
  const declared = state.declared.destinations?.find(({ name }) => name === destination);
  switch (now) {
    case 'up':
      if (declared === undefined) return 'it goes when another destination is up';
      if (declaredWeight === 0) return 'it gets what weight the document says';
      return declared.checks.length === 0
        ? 'it has no check, so it stays'
        : `it goes after ${failures(declared)}`;
    case 'kept':
      return 'it goes once another destination is up, or the guard ends';
    case 'down':
    case 'unknown':
      return `it comes back after ${passes(state, declared)}`;
    case 'maintenance':
      return `it comes back with: ipvs-ts maintenance end ${state.declared.name} ${destination}`;
    case 'manual':
      return 'it comes back when its weight is raised by hand';
    case 'draining':
      return 'it is deleted when its connections have ended, or its time is over';
  }
}

function failures({ checks }: DeclaredDestination): string {
  return checks
    .map(
      (check) =>
        `${check.fall} failures of ${check.name} in a row, within ${writeDuration(detectionTime(check))}`,
    )
    .join(', or ');
}

function passes({ health }: ServiceState, declared: DeclaredDestination | undefined): string {
  const verdicts = declared === undefined ? undefined : health.get(declared.name)?.verdicts;
  const needed = (declared?.checks ?? []).flatMap((check, index) => {
    const verdict = verdicts?.[index];
    if (verdict === undefined || verdict.state === 'up') return [];
    const rise = verdict.everUp ? check.rise : 1;
    const more = Math.max(1, rise - verdict.passes);
    return [`${more} ${more === 1 ? 'pass' : 'passes'} of ${check.name} in a row`];
  });
  return needed.length === 0 ? 'its time of being held down' : needed.join(' and ');
}
