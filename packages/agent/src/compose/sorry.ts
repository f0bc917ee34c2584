import type { DeclaredService } from '../declared/declared.js';
import type { ComposedDestination } from './composed.js';

/** The destinations that are in service while all others are down, since `since`. */
export function sorryDestinations({ health }: DeclaredService, since: number): ComposedDestination[] {
  return Object.entries(health.sorry).map(([name, options]) => ({
    name,
    state: 'up',
    declaredWeight: options.weight ?? 1,
    weight: options.weight ?? 1,
    present: true,
    options,
    reason: 'a sorry destination, since every other is down',
    since,
  }));
}
