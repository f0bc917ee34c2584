/** Colour, where a person reads at a terminal. */

import { visible } from './visible.js';

/** Ways to paint, as terminals number them. */
const PAINT = {
  plain: '',
  bold: '1',
  faint: '2',
  reverse: '7',
  red: '31',
  alarm: '1;31',
  green: '32',
  yellow: '33',
} as const;

/** A way to paint. */
export type Paint = keyof typeof PAINT;

/** Text with its control characters made visible, painted where colour is wanted. */
export function painted(text: string, paint: Paint, colour: boolean): string {
  const shown = visible(text);
  return colour && paint !== 'plain' && shown !== '' ? `\u001b[${PAINT[paint]}m${shown}\u001b[m` : shown;
}
