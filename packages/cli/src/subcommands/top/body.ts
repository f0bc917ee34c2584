/** The table of the screen: its head, and the visible rows. */
import type { ScreenSize } from '../framework/io.js';
import { visible } from '../framework/visible.js';
import { amountText } from './amount.js';
import type { Arrangement, Most } from './rows/arrangement.js';
import { barText } from './bar.js';
import { barredRate, type ColumnName, COLUMNS } from './rows/columns.js';
import { type ChosenColumns, columnsFor } from './chosen-columns.js';
import { type Paint, painted } from '../framework/paint.js';
import { fitted, shortened } from './line.js';
import type { Row } from './rows/rows.js';
import type { View } from './rows/view.js';

/** What the terminal can display. */
export interface Style {
  readonly colour: boolean;
  /** Whether it has more than ASCII. */
  readonly unicode: boolean;
}

/** The lines of the table. */
export interface Body {
  readonly head: string;
  /** The visible rows. */
  readonly rows: readonly string[];
  /** How many there are in all. */
  readonly count: number;
}

interface Shown {
  readonly row: Row;
  readonly indent: string;
  readonly paint: Paint;
  /** The highest number of its kind, by column: the length of a whole bar. */
  readonly most: Most;
}

const INDENT = '  ';
/** The width of the longest state, with a space before it. */
const STATE_WIDTH = ' maintenance'.length;
/** From this width on, states have their own column. */
const NARROW = 60;

/** The visible rows of `arranged`. */
export function body(arranged: Arrangement, view: View, size: ScreenSize, style: Style): Body {
  const { services, longestName } = arranged;
  const count = services.length + (view.destinations ? arranged.destinations : 0);
  const offset = Math.max(0, Math.min(view.offset, count - size.rows));
  const seen = seenRows(arranged, view, offset, size.rows);
  const layout = layoutFor(size.columns, longestName, view, seen);
  const rows = seen.map((each) => rowText(each, layout, view, style));
  const none = view.search === '' ? 'no services' : 'nothing matches; Esc ends the search';
  return {
    head: painted(fitted(headText(layout, view), size.columns), 'reverse', style.colour),
    rows: rows.length > 0 ? rows : [fitted(none, size.columns).trimEnd()],
    count,
  };
}

/** The rows from `offset` on; services above it are only counted. */
function seenRows(arranged: Arrangement, view: View, offset: number, most: number): Shown[] {
  const seen: Shown[] = [];
  let at = 0;
  for (const service of arranged.services) {
    const length = 1 + (view.destinations ? service.destinations.length : 0);
    if (at + length > offset) {
      const own = [serviceShown(service, arranged.most.services)];
      if (length > 1)
        for (const row of arranged.destinationsOf(service))
          own.push(destinationShown(row, arranged.most.destinations));
      seen.push(...own.slice(Math.max(0, offset - at), offset - at + most));
    }
    at += length;
    if (at >= offset + most) break;
  }
  return seen.slice(0, most);
}

function serviceShown(row: Row, most: Most): Shown {
  return { row, indent: '', paint: row.weight > 0 ? 'bold' : 'alarm', most };
}

function destinationShown(row: Row, most: Most): Shown {
  return { row, indent: INDENT, paint: row.weight > 0 ? 'plain' : 'yellow', most };
}

/** The columns, and whether there are columns for states and for reasons. */
interface Layout extends ChosenColumns {
  readonly states: boolean;
  readonly reasonWidth: number;
}

/** States have a column if an agent reports them; reasons replace most numbers. */
function layoutFor(columns: number, longest: number, view: View, seen: readonly Shown[]): Layout {
  const states = columns >= NARROW && seen.some(({ row }) => row.health !== undefined);
  const shown = view.sort === 'name' ? undefined : view.sort;
  const room = columns - (states ? STATE_WIDTH : 0);
  if (!states || !view.reasons) return { ...columnsFor(room, longest, shown), states, reasonWidth: 0 };
  const chosen = { ...columnsFor(room, longest, shown), columns: ['weight', 'active'] as const, barWidth: 0 };
  const used = chosen.columns.reduce((sum, name) => sum + COLUMNS[name].width + 1, 0);
  const nameWidth = Math.max(LEAST_NAME, Math.min(longest, room - used - LEAST_REASON));
  return { ...chosen, nameWidth, states, reasonWidth: Math.max(0, room - nameWidth - used) };
}

const LEAST_NAME = 12;
const LEAST_REASON = 30;

function headText({ nameWidth, columns, barWidth, states, reasonWidth }: Layout, { sort }: View): string {
  const cells = columns.map((name) => {
    const { title, width } = COLUMNS[name];
    return ` ${title.padStart(width)}${isBarred(name, sort) && barWidth > 0 ? ' '.repeat(barWidth + 1) : ''}`;
  });
  const state = states ? fitted(' STATE', STATE_WIDTH) : '';
  const reason = reasonWidth > 0 ? '  REASON' : '';
  return `${fitted('SERVICE / DESTINATION', nameWidth)}${state}${cells.join('')}${reason}`;
}

function rowText({ row, indent, paint, most }: Shown, layout: Layout, view: View, style: Style): string {
  const { nameWidth, columns, barWidth, states, reasonWidth } = layout;
  const name = indent + shortened(row.name, nameWidth - indent.length, style.unicode);
  const cells = columns.map((column) => {
    const { width, value } = COLUMNS[column];
    const number = value(row);
    const text = painted(` ${amountText(number).padStart(width)}`, paint, style.colour);
    if (!isBarred(column, view.sort) || barWidth === 0) return text;
    const bar = barText(number ?? 0, most.get(column) ?? 0, barWidth, style.unicode);
    return `${text} ${painted(bar, 'green', style.colour)}`;
  });
  const { state = '', reason = '', paint: ofState = 'plain' } = row.health ?? {};
  const stateCell = states ? painted(fitted(` ${state}`, STATE_WIDTH), ofState, style.colour) : '';
  const reasonCell = reasonWidth > 2 && reason !== '' ? `  ${visible(reason).slice(0, reasonWidth - 2)}` : '';
  return `${painted(fitted(name, nameWidth), paint, style.colour)}${stateCell}${cells.join('')}${reasonCell}`;
}

function isBarred(name: ColumnName, sort: View['sort']): boolean {
  return name === 'active' || name === barredRate(sort);
}
