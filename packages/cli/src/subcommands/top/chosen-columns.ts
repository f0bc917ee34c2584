/** Chooses the columns for a width. */
import { COLUMN_NAMES, type ColumnName, COLUMNS } from './rows/columns.js';

/** The columns of the screen, and their widths. */
export interface ChosenColumns {
  readonly nameWidth: number;
  readonly columns: readonly ColumnName[];
  /** Width of each of the two bars; 0: no bars. */
  readonly barWidth: number;
}

/** The width of an IPv4 service with its protocol. */
const USUAL_NAME = 25;
const LEAST_NAME = 12;
const BAR = 6;
const LONGEST_BAR = 20;

/** The columns in order of importance, if not all fit. */
const NEEDED = ['active', 'inBytes', 'connections', 'weight', 'outBytes', 'inactive'] as const;
const WELCOME = ['persistent', 'inPackets', 'outPackets'] as const;

/** Lays out a line of `width` columns. `longest`: the longest name. `shown`: the column to include first. */
export function columnsFor(width: number, longest: number, shown: ColumnName | undefined): ChosenColumns {
  let nameWidth = Math.min(USUAL_NAME, Math.max(LEAST_NAME, width - 8), width);
  let room = width - nameWidth;
  const chosen = new Set<ColumnName>();
  const add = (name: ColumnName): void => {
    const needed = COLUMNS[name].width + 1;
    if (chosen.has(name) || needed > room) return;
    chosen.add(name);
    room -= needed;
  };
  if (shown !== undefined) add(shown);
  for (const name of NEEDED) add(name);
  const bars = room >= 2 * (BAR + 1);
  if (bars) room -= 2 * (BAR + 1);
  const grown = Math.max(0, Math.min(longest - nameWidth, room));
  nameWidth += grown;
  room -= grown;
  for (const name of WELCOME) add(name);
  const barWidth = bars ? Math.min(LONGEST_BAR, BAR + Math.floor(room / 2)) : 0;
  return { nameWidth, columns: COLUMN_NAMES.filter((name) => chosen.has(name)), barWidth };
}
