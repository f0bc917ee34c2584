/** Lines of a screen, with text of a known width. */

/** Text of exactly `width` columns: clipped, or padded with spaces. */
export function fitted(text: string, width: number): string {
  return text.slice(0, width).padEnd(width);
}

/**
 * A name of at most `width` columns. A longer one is shortened in the middle, since both ends distinguish it from
 * others.
 */
export function shortened(name: string, width: number, unicode: boolean): string {
  if (name.length <= width) return name;
  if (width < 5) return name.slice(0, width);
  const tail = Math.ceil((width - 1) / 2);
  return `${name.slice(0, width - 1 - tail)}${unicode ? '…' : '~'}${name.slice(-tail)}`;
}
