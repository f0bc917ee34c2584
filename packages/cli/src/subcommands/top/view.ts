/** What is looked at, and how keys change it. */
import { COLUMN_NAMES, type ColumnName, COLUMNS } from './columns.js';

/** How the table is shown. */
export interface View {
  readonly sort: ColumnName | 'name';
  /** From the lowest up; names from the last down. */
  readonly reversed: boolean;
  /** Rows that have gone out at the top. */
  readonly offset: number;
  /** Whether destinations are shown. */
  readonly destinations: boolean;
  /** Rates over the time since the last sample rather than the kernel's averages. */
  readonly measured: boolean;
  /** Whether the keys are explained instead. */
  readonly help: boolean;
}

/** How it is shown at first. */
export const FIRST_VIEW: View = {
  sort: 'active',
  reversed: false,
  offset: 0,
  destinations: true,
  measured: false,
  help: false,
};

/** How many rows there are, and how many are seen at once. */
export interface Extent {
  readonly rows: number;
  readonly page: number;
}

const SORTS = ['name', ...COLUMN_NAMES] as const;

/** The view after a key; the same one if the key means nothing here. */
export function press(view: View, key: string, { rows, page }: Extent): View {
  if (view.help) return { ...view, help: false };
  const offset = Math.min(view.offset, Math.max(0, rows - page));
  const scroll = (by: number): View => ({
    ...view,
    offset: Math.max(0, Math.min(offset + by, rows - page)),
  });
  switch (key) {
    case 'up':
      return scroll(-1);
    case 'down':
      return scroll(1);
    case 'page-up':
      return scroll(-Math.max(1, page - 1));
    case 'page-down':
      return scroll(Math.max(1, page - 1));
    case 'home':
      return scroll(-rows);
    case 'end':
      return scroll(rows);
    case 'left':
    case '<':
      return sorted(view, neighbour(view.sort, -1));
    case 'right':
    case '>':
      return sorted(view, neighbour(view.sort, 1));
    case 'h':
    case '?':
      return { ...view, help: true };
    case 'r':
      return { ...view, reversed: !view.reversed };
    case 'd':
      return { ...view, destinations: !view.destinations, offset: 0 };
    case 'm':
      return { ...view, measured: !view.measured };
    case 'n':
      return sorted(view, 'name');
    default: {
      const column = COLUMN_NAMES.find((name) => COLUMNS[name].key === key);
      return column === undefined ? view : sorted(view, column);
    }
  }
}

function sorted(view: View, sort: View['sort']): View {
  return { ...view, sort, reversed: false, offset: 0 };
}

function neighbour(sort: View['sort'], step: number): View['sort'] {
  return SORTS[(SORTS.indexOf(sort) + step + SORTS.length) % SORTS.length] ?? sort;
}
