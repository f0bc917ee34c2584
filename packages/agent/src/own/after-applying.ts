import type { ServiceOptions } from '@ipvs-ts/ipvs';
import type { ComposedService } from '../compose/composed.js';
import type { SeenDestination, SeenService } from './seen.js';

/** What was applied without failures. */
export interface Applied {
  readonly composed: ComposedService;
  /** The declared settings of the service. */
  readonly options: ServiceOptions;
  /** Whether a change by others of a destination, or of the service, is tolerated. */
  readonly isTolerated: (destination?: string) => boolean;
}

/**
 * A service after it was applied, `seen` when it was read then. What somebody else changed in between is left for the
 * next look, which finds it by comparing: what is missing now is there, and weights are as they were applied.
 */
export function afterApplying(
  { composed, options, isTolerated }: Applied,
  seen: SeenService | undefined,
): SeenService | undefined {
  if (seen === undefined && isTolerated()) return undefined;
  const destinations = new Map(seen?.destinations);
  for (const each of composed.destinations ?? []) {
    if (!each.present || isTolerated(each.name)) continue;
    const found = destinations.get(each.name);
    if (found?.weight === each.weight) continue;
    const { forwarding = 'route', upperThreshold = 0, lowerThreshold = 0, tunnel } = each.options;
    const { type = 'ipip', port = 0, checksum = 'none' } = tunnel ?? {};
    const added: SeenDestination = {
      weight: each.weight,
      forwarding,
      upperThreshold,
      lowerThreshold,
      tunnel: forwarding === 'tunnel' ? { type, port, checksum } : undefined,
      activeConnections: 0,
      inactiveConnections: 0,
    };
    destinations.set(each.name, found === undefined ? added : { ...found, weight: each.weight });
  }
  return { options, ...seen, destinations };
}
