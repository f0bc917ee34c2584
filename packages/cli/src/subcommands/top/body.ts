/** The table of the screen: its head, and the rows that are seen. */
import type { ScreenSize } from '../framework/io.js';
import { amountText } from './amount.js';
import { barText } from './bar.js';
import { barredRate, type ColumnName, COLUMNS } from './columns.js';
import { type ChosenColumns, columnsFor } from './chosen-columns.js';
import { type Paint, painted } from '../framework/paint.js';
import { fitted, shortened } from './line.js';
import type { Row, ServiceRow } from './rows.js';
import type { View } from './view.js';

/** What the terminal can show. */
export interface Style {
  readonly colour: boolean;
  /** Whether it has more than ASCII. */
  readonly unicode: boolean;
}

/** The lines of the table. */
export interface Body {
  readonly head: string;
  /** Those that are seen. */
  readonly rows: readonly string[];
  /** How many there are in all. */
  readonly count: number;
}

interface Shown {
  readonly row: Row;
  readonly indent: string;
  readonly paint: Paint;
  /** The highest number of its kind, by column: the length of a whole bar. */
  readonly most: ReadonlyMap<ColumnName, number>;
}

const INDENT = '  ';

/** The table of `services`, which are in order. */
export function body(services: readonly ServiceRow[], view: View, size: ScreenSize, style: Style): Body {
  const all = shownRows(services, view);
  const longest = Math.max(
    0,
    ...all.slice(0, 10_000).map(({ row, indent }) => row.name.length + indent.length),
  );
  const chosen = columnsFor(size.columns, longest, view.sort === 'name' ? undefined : view.sort);
  const offset = Math.max(0, Math.min(view.offset, all.length - size.rows));
  const seen = all.slice(offset, offset + size.rows);
  const rows = seen.map((each) => rowText(each, chosen, view, style));
  return {
    head: painted(fitted(headText(chosen, view), size.columns), 'reverse', style.colour),
    rows: rows.length > 0 ? rows : [fitted('no services', size.columns).trimEnd()],
    count: all.length,
  };
}

function shownRows(services: readonly ServiceRow[], view: View): Shown[] {
  const barred = ['active', barredRate(view.sort)] as const;
  const most = mostOf(services, barred);
  const mostOfDestinations = mostOf(
    services.flatMap(({ destinations }) => destinations),
    barred,
  );
  return services.flatMap((service): Shown[] => [
    { row: service, indent: '', paint: service.weight > 0 ? 'bold' : 'alarm', most },
    ...(view.destinations ? service.destinations : []).map((row) => ({
      row,
      indent: INDENT,
      paint: row.weight > 0 ? ('plain' as const) : ('yellow' as const),
      most: mostOfDestinations,
    })),
  ]);
}

function mostOf(rows: readonly Row[], columns: readonly ColumnName[]): Map<ColumnName, number> {
  return new Map(
    columns.map((name) => [
      name,
      rows.reduce((most, row) => Math.max(most, COLUMNS[name].value(row) ?? 0), 0),
    ]),
  );
}

function headText({ nameWidth, columns, barWidth }: ChosenColumns, { sort }: View): string {
  const cells = columns.map((name) => {
    const { title, width } = COLUMNS[name];
    return ` ${title.padStart(width)}${isBarred(name, sort) && barWidth > 0 ? ' '.repeat(barWidth + 1) : ''}`;
  });
  return fitted('SERVICE / DESTINATION', nameWidth) + cells.join('');
}

function rowText(
  { row, indent, paint, most }: Shown,
  chosen: ChosenColumns,
  view: View,
  style: Style,
): string {
  const { nameWidth, columns, barWidth } = chosen;
  const name = indent + shortened(row.name, nameWidth - indent.length, style.unicode);
  const cells = columns.map((column) => {
    const { width, value } = COLUMNS[column];
    const number = value(row);
    const text = painted(` ${amountText(number).padStart(width)}`, paint, style.colour);
    if (!isBarred(column, view.sort) || barWidth === 0) return text;
    const bar = barText(number ?? 0, most.get(column) ?? 0, barWidth, style.unicode);
    return `${text} ${painted(bar, 'green', style.colour)}`;
  });
  return painted(fitted(name, nameWidth), paint, style.colour) + cells.join('');
}

function isBarred(name: ColumnName, sort: View['sort']): boolean {
  return name === 'active' || name === barredRate(sort);
}
