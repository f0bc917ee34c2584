/** Bars. */

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar for `value` of at most `most`, padded with spaces to `width`. Any value above 0 is visible. */
export function barText(value: number, most: number, width: number, unicode: boolean): string {
  if (!(value > 0) || !(most > 0)) return ' '.repeat(width);
  const share = Math.min(1, value / most) * width;
  if (!unicode) return '|'.repeat(Math.max(1, Math.round(share))).padEnd(width);
  const eighths = Math.max(1, Math.round(share * 8));
  return ('█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '')).padEnd(width);
}
