import type { World } from '../loop/world.js';
import type { CheckTicks } from './check-ticks.js';
import { shortened } from './service-rows.js';
import type { CheckDetails, DestinationDetails } from './wire.js';

/**
 * The details of destinations that a page shows; undefined if there is no such service. Unknown destinations are left
 * out.
 */
export function destinationDetails(
  world: World,
  ticks: CheckTicks,
  service: string,
  destinations: readonly string[],
): DestinationDetails[] | undefined {
  const state = world.services.get(service);
  if (state === undefined) return undefined;
  const { declared, health, known, probes } = state;
  return destinations.flatMap((name): DestinationDetails[] => {
    const own = declared.destinations?.find((each) => each.name === name);
    const seen = known?.destinations.get(name);
    if (own === undefined && seen === undefined) return [];
    const verdicts = health.get(name)?.verdicts ?? [];
    return [
      {
        destination: name,
        active: seen?.activeConnections ?? null,
        inactive: seen?.inactiveConnections ?? null,
        forwarding: seen?.forwarding ?? own?.options.forwarding ?? 'masq',
        checks: (own?.checks ?? []).map((check, index): CheckDetails => {
          const last = verdicts[index]?.last;
          const probe = probes.get(name)?.[index]?.key;
          return {
            name: check.name,
            result: last?.outcome ?? null,
            reason: shortened(last?.reason ?? 'not checked yet'),
            milliseconds:
              last?.milliseconds === undefined ? null : Math.round(last.milliseconds * 1000) / 1000,
            at: last === undefined ? null : Math.round(last.at),
            ticks: probe === undefined ? [] : ticks.of(probe),
          };
        }),
      },
    ];
  });
}
