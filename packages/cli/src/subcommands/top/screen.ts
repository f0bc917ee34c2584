/** The whole screen: makes lines from a sample and a view. */
import type { WatchSample } from '@ipvs-ts/ipvs';
import type { ScreenSize } from '../framework/io.js';
import { amountText } from './amount.js';
import { body, type Style } from './body.js';
import { COLUMNS } from './rows/columns.js';
import { helpText } from './help-text.js';
import { painted } from '../framework/paint.js';
import { fitted } from './line.js';
import type { Arrangement } from './rows/arrangement.js';
import type { Row } from './rows/rows.js';
import type { Extent, View } from './rows/view.js';

/** The lines of a screen, and how many rows there are. */
export interface Picture {
  /** At most as many as the screen has rows, none wider than its columns. */
  readonly lines: readonly string[];
  readonly extent: Extent;
}

/** Two lines above the head of the table, the head, and the line of keys. */
const AROUND = 4;

const GAP = '  ';

/** A sample, and its rows as arranged by the view. */
export interface Subject {
  readonly sample: Pick<WatchSample, 'time'>;
  readonly rows: Arrangement;
}

/** Draws a sample. Only visible rows are converted to text. */
export function picture(
  { sample, rows: arranged }: Subject,
  view: View,
  size: ScreenSize,
  style: Style,
): Picture {
  const page = Math.max(1, size.rows - AROUND);
  const { head, rows, count } = body(arranged, view, { columns: size.columns, rows: page }, style);
  const extent = { rows: count, page };
  if (view.help) return { lines: helpText(size), extent };
  const plain = (text: string): string => fitted(text, size.columns).trimEnd();
  const title = plain(titleText(sample, arranged, view));
  const lines = [
    painted(title, 'bold', style.colour),
    plain(totalText(arranged.total, size.columns)),
    head,
    ...rows,
    ...Array.from({ length: page - rows.length }, () => ''),
    plain(keysText(view, extent)),
  ];
  // On a screen of a few rows, shows only the table.
  return { lines: size.rows > AROUND ? lines : lines.slice(2, 2 + size.rows), extent };
}

function titleText({ time }: Subject['sample'], { services, destinations }: Arrangement, view: View): string {
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map((each) =>
    String(each).padStart(2, '0'),
  );
  const order = view.sort === 'name' ? 'NAME' : COLUMNS[view.sort].title;
  const counts = `${counted(services.length, 'service')}, ${counted(destinations, 'destination')}`;
  const search = view.search === '' ? '' : `  with “${view.search}”`;
  return `IPVS ${clock.join(':')}  ${counts}  by ${order}${view.reversed ? ' reversed' : ''}${search}`;
}

/** All services in one line, as much as fits. */
function totalText({ active, inactive, rates }: Row, width: number): string {
  const parts = [
    `${amountText(active)} active`,
    `${amountText(inactive)} inactive`,
    `${amountText(rates?.connections)} conn/s`,
    `in ${amountText(rates?.inBytes)} B/s`,
    `out ${amountText(rates?.outBytes)} B/s`,
    `in ${amountText(rates?.inPackets)} pkt/s`,
    `out ${amountText(rates?.outPackets)} pkt/s`,
  ];
  while (parts.length > 1 && parts.join(GAP).length > width) parts.pop();
  return parts.join(GAP);
}

function keysText({ measured, offset, search, typing }: View, { rows, page }: Extent): string {
  if (typing) return `/${search}_  Enter keeps it  Esc ends it`;
  const first = Math.min(offset, Math.max(0, rows - page));
  const place = rows > page ? `${first + 1}-${Math.min(rows, first + page)} of ${rows}  ` : '';
  const rates = measured ? 'measured rates' : 'averages of 8 s';
  return `${place}q quit  / search  </> sort  r reverse  d destinations  m ${rates}  h help`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
