/** Lines of a screen: text of a known width. */

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
