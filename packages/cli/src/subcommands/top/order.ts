/** The order of rows. */
import { COLUMNS } from './columns.js';
import type { Row, ServiceRow } from './rows.js';
import type { View } from './view.js';

/** Services in the order of the view, each with its destinations in the same order. */
export function inOrder(services: readonly ServiceRow[], view: View): ServiceRow[] {
  const compare = comparison(view);
  return services
    .map((each) => ({ ...each, destinations: [...each.destinations].sort(compare) }))
    .sort(compare);
}

/** Highest numbers first; equals by name, so that nothing jumps about. */
function comparison({ sort, reversed }: View): (one: Row, other: Row) => number {
  const sign = reversed ? -1 : 1;
  // Numbers within names by their value: 10.0.0.9 before 10.0.0.10.
  const { compare } = new Intl.Collator('en', { numeric: true });
  if (sort === 'name') return (one, other) => sign * compare(one.name, other.name);
  const { value } = COLUMNS[sort];
  return (one, other) => sign * ((value(other) ?? -1) - (value(one) ?? -1)) || compare(one.name, other.name);
}
