/** Lines of a screen: text of a known width, painted. */

/** Ways to paint, as terminals number them. */
const PAINT = { plain: '', bold: '1', reverse: '7', green: '32', yellow: '33', red: '1;31' } as const;

/** A way to paint. */
export type Paint = keyof typeof PAINT;

/** Text, painted where colour is wanted. */
export function painted(text: string, paint: Paint, colour: boolean): string {
  return colour && paint !== 'plain' && text !== '' ? `\u001b[${PAINT[paint]}m${text}\u001b[m` : text;
}

/** Text of exactly `width` columns: cut at its end, or filled with blanks. */
export function fitted(text: string, width: number): string {
  return text.slice(0, width).padEnd(width);
}

/** A name of at most `width` columns: what is too long loses its middle, since both its ends tell it from others. */
export function shortened(name: string, width: number, unicode: boolean): string {
  if (name.length <= width) return name;
  if (width < 5) return name.slice(0, width);
  const tail = Math.ceil((width - 1) / 2);
  return `${name.slice(0, width - 1 - tail)}${unicode ? '…' : '~'}${name.slice(-tail)}`;
}
