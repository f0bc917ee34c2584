/** Command lines in words: every way to spell an option. */
import type { Line, Piece } from './command-lines.js';
import type { Source } from './source.js';

/** The words of a line. */
export function spellLine({ command, pieces, plain }: Line, source: Source): string[] {
  const words = spellPiece(command, source);
  for (const piece of pieces) {
    const [first = '', ...rest] = spellPiece(piece, source);
    const last = words.at(-1) ?? '';
    // A letter may join the letters before it, if those take no argument.
    const joins = /^-[A-Za-z]$/.test(last) && /^-[A-Za-z0-9]/.test(first) && isOpen(words, command, pieces);
    if (joins && source.chance(0.4)) words.splice(-1, 1, last + first.slice(1), ...rest);
    else words.push(first, ...rest);
  }
  for (const word of plain) words.splice(source.chance(0.9) ? words.length : 1, 0, word);
  return words;
}

/** The words of one option. */
export function spellPiece({ long, shorts, value }: Piece, source: Source): string[] {
  const short = shorts.length > 0 && source.chance(0.7) ? source.pick(shorts) : undefined;
  if (value === undefined) return [short === undefined ? `--${long}` : `-${short}`];
  if (short === undefined) return source.chance(0.5) ? [`--${long}`, value] : [`--${long}=${value}`];
  const form = source.below(6);
  if (form === 0) return [`-${short}=${value}`];
  return form === 1 && value !== '' ? [`-${short}${value}`] : [`-${short}`, value];
}

function isOpen(words: readonly string[], command: Piece, pieces: readonly Piece[]): boolean {
  const letter = words.at(-1)?.slice(1) ?? '';
  return [command, ...pieces].some(({ shorts, value }) => value === undefined && shorts.includes(letter));
}
