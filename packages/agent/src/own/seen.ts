import { argumentsOf } from '../argument-checks.js';
import type { Destination, Forwarding, Service, ServiceOptions, Tunnel } from '@ipvs-ts/ipvs';

/** A destination as the kernel's table has it. */
export interface SeenDestination {
  readonly weight: number;
  readonly forwarding: Forwarding;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  readonly tunnel: Tunnel | undefined;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
}

/** A service as the kernel's table has it. */
export interface SeenService {
  readonly options: ServiceOptions;
  readonly destinations: ReadonlyMap<string, SeenDestination>;
}

/** The parts of an entry of the table that the agent needs. */
export function seenService(entry: {
  readonly service: Pick<Service, 'scheduler' | 'flags' | 'onePacket' | 'persistence'>;
  readonly destinations: readonly Omit<Destination, 'stats' | 'rates'>[];
}): SeenService {
  argumentsOf.object('entry', entry, { service: 'object', destinations: 'list' });
  const { scheduler, flags, onePacket, persistence } = entry.service;
  return {
    options: { scheduler, flags, onePacket, ...(persistence !== undefined && { persistence }) },
    destinations: new Map(
      entry.destinations.map((each) => [
        each.key,
        {
          weight: each.weight,
          forwarding: each.forwarding,
          upperThreshold: each.upperThreshold,
          lowerThreshold: each.lowerThreshold,
          tunnel: each.tunnel,
          activeConnections: each.activeConnections,
          inactiveConnections: each.inactiveConnections,
        },
      ]),
    ),
  };
}

/** The names of the settings in which two destinations differ. */
export function differingSettings(one: SeenDestination, other: SeenDestination): string[] {
  return (['weight', 'forwarding', 'upperThreshold', 'lowerThreshold', 'tunnel'] as const).filter(
    (name) => !isSame(one[name], other[name]),
  );
}

/** The names of the settings in which two services differ, apart from their destinations. */
export function differingOptions(one: SeenService, other: SeenService): string[] {
  return (['scheduler', 'flags', 'onePacket', 'persistence'] as const).filter(
    (name) => !isSame(one.options[name], other.options[name]),
  );
}

/** Whether two settings are equal. Most are numbers or texts, which are cheap to compare. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || (typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other));
}
