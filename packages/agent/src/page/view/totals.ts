import type { DestinationState } from '../../compose/composed.js';
import { STEPS } from '../wire.js';
import type { PageModel } from './page-model.js';

/** All services together. */
export interface Totals {
  readonly services: number;
  readonly destinations: number;
  readonly states: ReadonlyMap<DestinationState, number>;
  readonly active: number;
  /** Rates per second; null: not known. */
  readonly connections: number | null;
  readonly inBytes: number | null;
  readonly outBytes: number | null;
  /** Connections per second of the last five minutes, oldest first; NaN: not known. */
  readonly history: readonly number[];
}

/** Adds up all services of a model. */
export function totalsOf(model: PageModel): Totals {
  const states = new Map<DestinationState, number>();
  const history = new Array<number>(STEPS).fill(NaN);
  const sums = { connections: null, inBytes: null, outBytes: null } as Record<
    'connections' | 'inBytes' | 'outBytes',
    number | null
  >;
  let destinations = 0;
  let active = 0;
  for (const service of model.services) {
    destinations += service.destinations.length;
    active += service.active;
    for (const [state, count] of service.states) states.set(state, (states.get(state) ?? 0) + count);
    for (const name of ['connections', 'inBytes', 'outBytes'] as const)
      if (service[name] !== null) sums[name] = (sums[name] ?? 0) + service[name];
    for (const [index, value] of (model.history(service.name) ?? []).entries())
      if (!Number.isNaN(value))
        history[index] = (Number.isNaN(history[index]) ? 0 : (history[index] as number)) + value;
  }
  return { services: model.services.length, destinations, states, active, ...sums, history };
}
