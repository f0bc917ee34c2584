/** Text that is written as bytes, in place: most of a long table is numbers in columns. */

const ZERO = 48;

/** What is printed at once. */
const PIECE = 16_384;

/** Room for one line more than a piece. */
const LINE = 4096;

/** Gathers ASCII text, and prints it in large pieces. */
export class Page {
  /** What is gathered; up to {@link Page.at} it is text. */
  readonly bytes = Buffer.alloc(PIECE + LINE);
  /** Where the next text goes. */
  at = 0;
  readonly #print: (text: string) => void;

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  /** Adds a text of any length. */
  text(text: string): void {
    this.flush();
    this.#print(text);
  }

  /** To be called after each line, of {@link LINE} bytes at most. */
  turn(): void {
    if (this.at >= PIECE) this.flush();
  }

  /** Prints what is gathered. */
  flush(): void {
    if (this.at > 0) this.#print(this.bytes.toString('latin1', 0, this.at));
    this.at = 0;
  }
}

/**
 * Writes `values` in decimal digits: each at its place of `places`, counted from `start`, or where that is 0 behind the
 * one before it; and behind each its character of `separators`, if that is not 0. Gives where the last one ends. One loop
 * without calls: functions for its parts would be compiled anew in each caller.
 */
export function writeNumbers(
  bytes: Uint8Array,
  start: number,
  places: readonly number[],
  separators: readonly number[],
  values: readonly number[],
): number {
  let end = start;
  for (let index = 0; index < values.length; index++) {
    const place = places[index] as number;
    const first = place === 0 ? end : start + place;
    let rest = values[index] as number;
    end = first + 1;
    for (let high = rest; high >= 10; high = Math.floor(high / 10)) end += 1;
    for (let at = end - 1; at >= first; at--) {
      const tens = Math.floor(rest / 10);
      bytes[at] = ZERO + rest - tens * 10;
      rest = tens;
    }
    const separator = separators[index] as number;
    if (separator !== 0) bytes[end++] = separator;
  }
  return end;
}

/** Writes an ASCII text; gives where it ends. */
export function writeText(bytes: Uint8Array, start: number, text: string): number {
  for (let index = 0; index < text.length; index++) bytes[start + index] = text.charCodeAt(index);
  return start + text.length;
}
