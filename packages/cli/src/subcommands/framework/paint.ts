/** Colour, where a person reads at a terminal. */

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

/** Text, painted where colour is wanted. */
export function painted(text: string, paint: Paint, colour: boolean): string {
  return colour && paint !== 'plain' && text !== '' ? `\u001b[${PAINT[paint]}m${text}\u001b[m` : text;
}
