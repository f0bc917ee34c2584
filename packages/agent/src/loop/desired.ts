import type { DesiredService, DestinationOptions } from '@ipvs-ts/ipvs';
import type { Ledger } from '../own/ledger.js';
import type { SeenDestination } from '../own/seen.js';
import type { ServiceState } from './service-state.js';

/** A change by others that is tolerated: `missing`, or with these settings. */
export interface Tolerated {
  /** Until when; Infinity: until the document changes. */
  readonly until: number;
}

/** Changes by others that the agent tolerates, by {@link subjectOf}. */
export type Tolerance = ReadonlyMap<string, Tolerated>;

/** A name for a service or a destination in a {@link Tolerance}. */
export function subjectOf(service: string, destination?: string): string {
  return destination === undefined ? service : `${service} ${destination}`;
}

/** A composed service for a plan, with tolerated changes kept; undefined if the service must not be added. */
export function desiredService(
  { declared, composed, known }: ServiceState,
  tolerance: Tolerance,
  now: number,
): DesiredService | undefined {
  const { name } = declared;
  const isTolerated = (destination?: string): boolean =>
    (tolerance.get(subjectOf(name, destination))?.until ?? 0) > now;
  if (isTolerated() && known === undefined) return undefined;
  const options = isTolerated() && known !== undefined ? known.options : declared.options;
  if (composed?.destinations === undefined) return { ...options };
  const destinations: Record<string, DestinationOptions> = {};
  for (const each of composed.destinations) {
    if (!each.present) continue;
    const found = known?.destinations.get(each.name);
    if (!isTolerated(each.name)) destinations[each.name] = { ...each.options, weight: each.weight };
    else if (found !== undefined) destinations[each.name] = optionsOf(found, each.weight === 0);
  }
  return { ...options, destinations };
}

/**
 * The current settings of a destination. `out`: with weight 0, since a destination that is down stays out even if
 * others edit it.
 */
function optionsOf(seen: SeenDestination, out: boolean): DestinationOptions {
  const { forwarding, weight, upperThreshold, lowerThreshold, tunnel } = seen;
  return {
    forwarding,
    weight: out ? 0 : weight,
    upperThreshold,
    lowerThreshold,
    ...(tunnel !== undefined && { tunnel }),
  };
}

/**
 * Destinations of a service that are to go: out by checks where weight 0 does not take them out, and those of others
 * where the document says so.
 */
export function deletionsOf(
  { declared, composed, known }: ServiceState,
  ledger: Ledger,
  removesForeign: boolean,
): string[] {
  if (composed?.destinations === undefined) return [];
  const foreign = removesForeign
    ? [...(known?.destinations.keys() ?? [])].filter((name) => ledger.get(declared.name, name) === undefined)
    : [];
  const out = composed.destinations
    .filter(({ name, present }) => !present && known?.destinations.has(name) === true)
    .filter(({ name }) => ledger.get(declared.name, name) !== undefined)
    .map(({ name }) => name);
  return [...out, ...foreign];
}
