/** The description of the keys. */
import type { ScreenSize } from '../framework/io.js';
import { COLUMN_NAMES, type ColumnName, COLUMNS } from './rows/columns.js';

const MEANINGS: Readonly<Record<ColumnName, string>> = {
  weight: 'weight; a destination of weight 0 gets no new connections',
  active: 'connections that are open',
  inactive: 'connections that are being opened or closed, or that have no end (UDP)',
  persistent: 'templates that send clients back to it',
  connections: 'new connections a second',
  inPackets: 'packets a second from clients',
  outPackets: 'packets a second to clients; 0 with route and tunnel',
  inBytes: 'bytes a second from clients',
  outBytes: 'bytes a second to clients; 0 with route and tunnel',
};

/** A screen of help. */
export function helpText({ columns, rows }: ScreenSize): string[] {
  const sorting = COLUMN_NAMES.map((name) => {
    const { key, title } = COLUMNS[name];
    return `  ${key}  ${title.padEnd(9)}  ${MEANINGS[name]}`;
  });
  return [
    'Sort by (the same for services and the destinations of each):',
    '  n  name',
    ...sorting,
    '  < > or arrows  the column to the left or right      r  reverse',
    '',
    'up, down, page up, page down (blank), home, end   scroll',
    '/  search names and states: Enter keeps it, Esc ends it',
    'e  reasons of the states that a running agent reports, or numbers',
    'd  show or hide destinations',
    'm  rates: the kernel’s averages of about 8 s, or measured since the last reading',
    'Ctrl-L  redraw     Ctrl-Z  suspend     q, Ctrl-C  quit',
    '',
    'any key: back',
  ]
    .slice(0, rows)
    .map((line) => line.slice(0, columns));
}
