/** Rows that a search leaves. */
import type { Row, ServiceRow } from './rows.js';

/** Services that match, whole, and others with the destinations that match; upper and lower case are the same. */
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
