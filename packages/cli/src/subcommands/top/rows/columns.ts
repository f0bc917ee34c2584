/** The columns of numbers. */
import type { Row } from './rows.js';

/** A column of numbers. */
export interface Column {
  readonly title: string;
  /** Without the space before it. */
  readonly width: number;
  /** The key that sorts by it. */
  readonly key: string;
  value(row: Row): number | undefined;
}

/** From left to right. */
export const COLUMNS = {
  weight: { title: 'WGT', width: 5, key: 'w', value: (row) => row.weight },
  active: { title: 'ACTIVE', width: 6, key: 'a', value: (row) => row.active },
  inactive: { title: 'INACT', width: 5, key: 'i', value: (row) => row.inactive },
  persistent: { title: 'PERSIST', width: 7, key: 'p', value: (row) => row.persistent },
  connections: { title: 'CONN/S', width: 6, key: 'c', value: (row) => row.rates?.connections },
  inPackets: { title: 'IN PKT/S', width: 8, key: 'k', value: (row) => row.rates?.inPackets },
  outPackets: { title: 'OUT PKT/S', width: 9, key: 'l', value: (row) => row.rates?.outPackets },
  inBytes: { title: 'IN B/S', width: 6, key: 'b', value: (row) => row.rates?.inBytes },
  outBytes: { title: 'OUT B/S', width: 7, key: 'o', value: (row) => row.rates?.outBytes },
} as const satisfies Readonly<Record<string, Column>>;

/** The name of a column. */
export type ColumnName = keyof typeof COLUMNS;

/** The names, from left to right. */
export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];

/** The column of the second bar: the rate that the rows are sorted by, otherwise incoming bytes. */
export function barredRate(sort: ColumnName | 'name'): ColumnName {
  const rates: readonly string[] = COLUMN_NAMES.slice(COLUMN_NAMES.indexOf('connections'));
  return sort !== 'name' && rates.includes(sort) ? sort : 'inBytes';
}
