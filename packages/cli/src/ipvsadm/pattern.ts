/**
 * Texts of one form, read as bytes, in place, by one small loop: a byte costs a third of a character. Regular expressions would make a string of each part, and
 * functions for each part would be compiled anew in each other that calls them: more work than reading some thousand
 * lines.
 */

/** What is not there. */
export const NONE = -1;

const ZERO = 48;
const NINE = 57;
const DOT = 46;

/** Steps that are no characters. */
const LETTER = -1;
const NUMBER = -2;
const OCTET = -3;

const MOST_OCTET = 255;

/** A step: what has to stand there, and the largest number that may. */
type Step = readonly [code: number, limit: number];

const ADDRESS: readonly Step[] = [
  [NUMBER, MOST_OCTET],
  [DOT, 0],
  [OCTET, MOST_OCTET],
  [DOT, 0],
  [OCTET, MOST_OCTET],
  [DOT, 0],
  [OCTET, MOST_OCTET],
];

/**
 * A form of text: `@` stands for an IPv4 address, `#` for a number without zeros before it, from 0 to the next of
 * `limits`, `?` for any one character, and the rest for itself.
 */
export class Pattern {
  /** What stood for `@`, `#` and `?` in the last match: numbers, and codes of characters. */
  readonly values: Float64Array;
  readonly #codes: readonly number[];
  readonly #limits: readonly number[];

  constructor(form: string, limits: readonly number[] = []) {
    const rest = [...limits];
    const steps = Array.from(form).flatMap((char): readonly Step[] => {
      if (char === '@') return ADDRESS;
      if (char === '#') return [[NUMBER, rest.shift() ?? 0]];
      return [[char === '?' ? LETTER : char.charCodeAt(0), 0]];
    });
    this.#codes = steps.map(([code]) => code);
    this.#limits = steps.map(([, limit]) => limit);
    this.values = new Float64Array(steps.length);
  }

  /** Where a text of this form that begins at `start` ends; −1 if none stands there. */
  match(text: Uint8Array, start: number): number {
    const { values } = this;
    const codes = this.#codes;
    let at = start;
    let place = 0;
    for (let index = 0; index < codes.length; index++) {
      const due = codes[index] as number;
      let code = text[at] as number;
      if (due < LETTER) {
        const first = at;
        let value = 0;
        while (code >= ZERO && code <= NINE) {
          value = value * 10 + code - ZERO;
          code = text[++at] as number;
        }
        const padded = at - first > 1 && text[first] === ZERO;
        if (at === first || padded || value > (this.#limits[index] as number)) return NONE;
        if (due === NUMBER) values[place++] = value;
        else values[place - 1] = (values[place - 1] as number) * 256 + value;
      } else if (due === LETTER) {
        values[place++] = code;
        at += 1;
      } else if (due === code) at += 1;
      else return NONE;
    }
    return at;
  }
}
