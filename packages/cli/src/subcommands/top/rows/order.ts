/** The order of rows. */
import { COLUMNS } from './columns.js';
import type { Row } from './rows.js';
import type { View } from './view.js';

/** Compares numbers in names by value: 10.0.0.9 before 10.0.0.10. */
const { compare } = new Intl.Collator('en', { numeric: true });

/** Compares rows for the view: highest numbers first, equal ones by name, so that rows do not move. */
export function byView({
  sort,
  reversed,
}: Pick<View, 'sort' | 'reversed'>): (one: Row, other: Row) => number {
  const sign = reversed ? -1 : 1;
  if (sort === 'name') return (one, other) => sign * compare(one.name, other.name);
  const { value } = COLUMNS[sort];
  return (one, other) => sign * ((value(other) ?? -1) - (value(one) ?? -1)) || compare(one.name, other.name);
}
