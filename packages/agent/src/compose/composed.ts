import type { DestinationOptions } from '@ipvs-ts/ipvs';
import type { AllDownMemory } from '../health/all-down.js';

/** The state of a destination, everywhere the same. `kept`: down, but a guard keeps it in service. */
export type DestinationState = 'up' | 'down' | 'unknown' | 'draining' | 'maintenance' | 'manual' | 'kept';

/** What keeps destinations in service although they are down. */
export type Guard = 'floor' | 'all down' | 'doubt';

/** A destination as the agent wants it in the table, and why. */
export interface ComposedDestination {
  readonly name: string;
  readonly state: DestinationState;
  /** The weight of the document. */
  readonly declaredWeight: number;
  /** The weight that the table is to have; 0 where it is out. */
  readonly weight: number;
  /** Whether the table is to have it at all. */
  readonly present: boolean;
  readonly options: DestinationOptions;
  /** Why it is in or out of service: a sentence without its end. */
  readonly reason: string;
  /** Since when it has this state, in milliseconds of a monotonic clock. */
  readonly since: number;
}

/** A service as the agent wants it in the table. */
export interface ComposedService {
  readonly name: string;
  /** In canonical order; undefined where the document leaves the destinations to others. */
  readonly destinations: readonly ComposedDestination[] | undefined;
  readonly guard: Guard | undefined;
  /** The weight in service as a share of the declared weight, from 0 to 1. */
  readonly capacity: number;
  /** What is remembered while every destination is down. */
  readonly memory: AllDownMemory | undefined;
  /** When time alone changes this; undefined: never. */
  readonly wakeAt: number | undefined;
}

/** A text that differs if and only if the table is to differ. */
export function signature({ destinations }: ComposedService): string {
  if (destinations === undefined) return '';
  return destinations
    .map(({ name, present, weight }) => (present ? `${name} ${weight}` : `${name} -`))
    .join('\n');
}
