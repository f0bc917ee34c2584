import type { ServiceState } from '../loop/service-state.js';
import type { World } from '../loop/world.js';
import { leavingDestinations } from '../report/status.js';
import type { DestinationRow, ServiceChange, ServiceRow } from './wire.js';

/** The most characters of a reason on a page. */
const LONGEST_REASON = 500;

/** A service on the page. */
export function serviceRow(world: World, { declared, composed, known }: ServiceState): ServiceRow {
  const destinations = (composed?.destinations ?? []).map(
    ({ name, state, declaredWeight, since, reason }): DestinationRow => [
      name,
      state,
      known?.destinations.get(name)?.weight ?? null,
      declaredWeight,
      Math.round(since),
      shortened(reason),
    ],
  );
  for (const { destination, weight, reason, since } of leavingDestinations(world, {
    declared,
    composed,
    known,
  }))
    destinations.push([destination, 'draining', weight, 0, Math.round(since), reason]);
  return {
    name: declared.name,
    scheduler: declared.options.scheduler ?? 'wlc',
    capacity: composed?.capacity ?? 0,
    guard: composed?.guard ?? null,
    destinations,
  };
}

/** The difference between two rows of a service; undefined if there is none. */
export function serviceChange(before: ServiceRow | undefined, after: ServiceRow): ServiceChange | undefined {
  if (before === undefined) return after;
  const { destinations, ...head } = after;
  const sameNames =
    before.destinations.length === destinations.length &&
    destinations.every(([name], index) => before.destinations[index]?.[0] === name);
  if (!sameNames) return after;
  const changed = destinations.filter((row, index) => {
    const old = before.destinations[index] as DestinationRow;
    return row.some((value, column) => value !== old[column]);
  });
  const sameHead =
    before.scheduler === after.scheduler &&
    before.capacity === after.capacity &&
    before.guard === after.guard;
  if (sameHead && changed.length === 0) return undefined;
  return { ...head, ...(changed.length > 0 && { changed }) };
}

/** Clips a text for the page. */
export function shortened(text: string, most = LONGEST_REASON): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}
