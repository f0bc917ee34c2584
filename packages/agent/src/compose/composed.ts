import type { DestinationOptions } from '@ipvs-ts/ipvs';
import type { AllDownMemory } from '../health/all-down.js';

/** The state of a destination, as in all reports. `kept`: down, but a guard keeps it in service. */
export type DestinationState = 'up' | 'down' | 'unknown' | 'draining' | 'maintenance' | 'manual' | 'kept';

/** What keeps destinations in service although they are down. */
export type Guard = 'floor' | 'all down' | 'doubt';

/** A destination as the agent wants it in the table, and why. */
export interface ComposedDestination {
  readonly name: string;
  readonly state: DestinationState;
  /** The weight of the document. */
  readonly declaredWeight: number;
  /** The desired weight in the table; 0 if it is out of service. */
  readonly weight: number;
  /** Whether it should be in the table at all. */
  readonly present: boolean;
  readonly options: DestinationOptions;
  /** Why it is in or out of service: a sentence without a full stop. */
  readonly reason: string;
  /** Since when it has this state, in milliseconds of a monotonic clock. */
  readonly since: number;
}

/** A service as the agent wants it in the table. */
export interface ComposedService {
  readonly name: string;
  /** In canonical order; undefined if the document leaves the destinations to others. */
  readonly destinations: readonly ComposedDestination[] | undefined;
  readonly guard: Guard | undefined;
  /** The weight in service as a share of the declared weight, from 0 to 1. */
  readonly capacity: number;
  /** What is remembered while every destination is down. */
  readonly memory: AllDownMemory | undefined;
  /** When this changes by time alone; undefined: never. */
  readonly wakeAt: number | undefined;
}

/** A text that changes if and only if the desired table changes. */
export function signature({ destinations }: ComposedService): string {
  if (destinations === undefined) return '';
  return destinations
    .map(({ name, present, weight }) => (present ? `${name} ${weight}` : `${name} -`))
    .join('\n');
}
