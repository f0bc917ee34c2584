/** Colour for terminals. */

import { visible } from './visible.js';

/** The numbers of terminal attributes. */
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

/** A terminal attribute. */
export type Paint = keyof typeof PAINT;

/** Text with visible control characters, painted if `colour` is set. */
export function painted(text: string, paint: Paint, colour: boolean): string {
  const shown = visible(text);
  return colour && paint !== 'plain' && shown !== '' ? `\u001b[${PAINT[paint]}m${shown}\u001b[m` : shown;
}
