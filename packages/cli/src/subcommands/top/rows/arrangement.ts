/**
 * The rows of a sample in the order of a view. Results that do not depend on keys are computed once, and only visible
 * rows cost more.
 */
import type { WatchSample } from '@ipvs-ts/ipvs';
import { barredRate, type ColumnName, COLUMNS } from './columns.js';
import { byView } from './order.js';
import { type Row, type ServiceRow, serviceRows, totalRow } from './rows.js';
import { matching } from './search.js';
import type { States } from './states.js';
import type { View } from './view.js';

/** The highest number of each column that has bars. */
export type Most = ReadonlyMap<ColumnName, number>;

/** The content of a screen. */
export interface Arrangement {
  /** In order, without those that the search does not match. */
  readonly services: readonly ServiceRow[];
  /** The number of matching destinations. */
  readonly destinations: number;
  /** All services in one row. */
  readonly total: Row;
  readonly longestName: number;
  readonly most: { readonly services: Most; readonly destinations: Most };
  /** The destinations of a service in order, sorted when they are first needed. */
  destinationsOf(service: ServiceRow): readonly Row[];
}

/** The parts of the view that an arrangement depends on. */
type Arranged = Pick<View, 'sort' | 'reversed' | 'measured' | 'search'>;

/** For longer tables the longest name is searched in a part only. */
const LOOKED_AT = 10_000;

/** Arranges samples, and reuses the last arrangement until something that it depends on changes. */
export class Arranger {
  #of: readonly unknown[] = [];
  #last: Arrangement | undefined;

  arrange(sample: WatchSample, view: Arranged, states?: States): Arrangement {
    const of = [sample, states, view.sort, view.reversed, view.measured, view.search];
    if (this.#last === undefined || of.some((each, index) => each !== this.#of[index]))
      this.#last = arrangement(sample, view, states);
    this.#of = of;
    return this.#last;
  }
}

/** The rows of a sample in the order of a view. */
export function arrangement(sample: WatchSample, view: Arranged, states?: States): Arrangement {
  const all = serviceRows(sample, view.measured, states);
  const compare = byView(view);
  const services = matching(all, view.search).toSorted(compare);
  const sorted = new Map<ServiceRow, readonly Row[]>();
  const barred = ['active', barredRate(view.sort)] as const;
  const rows = services.flatMap((each) => each.destinations);
  return {
    services,
    destinations: rows.length,
    total: totalRow(services),
    longestName: longest(services, rows),
    most: { services: mostOf(services, barred), destinations: mostOf(rows, barred) },
    destinationsOf(service) {
      let found = sorted.get(service);
      if (found === undefined) sorted.set(service, (found = service.destinations.toSorted(compare)));
      return found;
    },
  };
}

function longest(services: readonly Row[], destinations: readonly Row[]): number {
  const length = (rows: readonly Row[]): number =>
    rows.slice(0, LOOKED_AT).reduce((most, { name }) => Math.max(most, name.length), 0);
  return Math.max(length(services), length(destinations) + 2);
}

function mostOf(rows: readonly Row[], columns: readonly ColumnName[]): Most {
  return new Map(
    columns.map((name) => [
      name,
      rows.reduce((most, row) => Math.max(most, COLUMNS[name].value(row) ?? 0), 0),
    ]),
  );
}
