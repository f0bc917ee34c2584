/** The view, and how keys change it. */
import { COLUMN_NAMES, type ColumnName, COLUMNS } from './columns.js';

/** The view of the table. */
export interface View {
  readonly sort: ColumnName | 'name';
  /** Whether lowest numbers come first, and names in descending order. */
  readonly reversed: boolean;
  /** Rows that are scrolled out at the top. */
  readonly offset: number;
  /** Whether destinations are shown. */
  readonly destinations: boolean;
  /** Rates over the time since the last sample rather than the kernel's averages. */
  readonly measured: boolean;
  /** Rows whose name or state has this text; all if it is empty. */
  readonly search: string;
  /** Whether the search is being typed. */
  readonly typing: boolean;
  /** Whether reasons of states are shown rather than most numbers. */
  readonly reasons: boolean;
  /** Whether the keys are explained instead. */
  readonly help: boolean;
}

/** The initial view. */
export const FIRST_VIEW: View = {
  sort: 'active',
  reversed: false,
  offset: 0,
  destinations: true,
  measured: false,
  search: '',
  typing: false,
  reasons: false,
  help: false,
};

/** How many rows there are, and how many are visible at once. */
export interface Extent {
  readonly rows: number;
  readonly page: number;
}

const SORTS = ['name', ...COLUMN_NAMES] as const;
/** Keys that scroll while a search is typed. */
const SCROLLING: ReadonlySet<string> = new Set(['up', 'down', 'page-up', 'page-down', 'home', 'end']);

/** The view after a key; the same one if the key means nothing here. */
export function press(view: View, key: string, { rows, page }: Extent): View {
  if (view.help) return { ...view, help: false };
  if (view.typing && !SCROLLING.has(key)) return typed(view, key);
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
    case ' ':
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
    case '/':
      return { ...view, typing: true };
    case 'escape':
      return { ...view, search: '', offset: 0 };
    case 'e':
      return { ...view, reasons: !view.reasons };
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

/** The view after a key of the search. */
function typed(view: View, key: string): View {
  if (key === 'enter') return { ...view, typing: false };
  if (key === 'escape') return { ...view, typing: false, search: '', offset: 0 };
  if (key === 'backspace')
    // If there is nothing to delete, this ends the search, as in less and vi.
    return view.search === ''
      ? { ...view, typing: false }
      : { ...view, search: view.search.slice(0, -1), offset: 0 };
  if (key === 'ctrl-u') return { ...view, search: '', offset: 0 };
  return key.length === 1 ? { ...view, search: `${view.search}${key}`, offset: 0 } : view;
}
