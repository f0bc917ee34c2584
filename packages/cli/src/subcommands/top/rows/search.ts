/** Rows that match a search. */
import type { Row, ServiceRow } from './rows.js';

/** Matching services with all their destinations, and others with matching destinations only; case-insensitive. */
export function matching(services: readonly ServiceRow[], search: string): readonly ServiceRow[] {
  if (search === '') return services;
  const text = search.toLowerCase();
  const matches = ({ name, health }: Row): boolean =>
    name.toLowerCase().includes(text) || (health?.state.includes(text) ?? false);
  return services.flatMap((service) => {
    if (matches(service)) return [service];
    const destinations = service.destinations.filter(matches);
    return destinations.length > 0 ? [{ ...service, destinations }] : [];
  });
}
