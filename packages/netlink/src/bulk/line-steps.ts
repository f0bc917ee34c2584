import type { Arena } from './wasm.js';

/**
 * The format of a value in a line. `full` and `scaled`: 64 bits in nine columns, exact or divided and followed by a
 * unit.
 */
export type LineKind = 'number' | 'address' | 'address6' | 'text' | 'full' | 'scaled' | 'named';

/** When a part is printed: if a word is one of some numbers below 32, or if it is not a certain number. */
export type LineCondition =
  | { readonly word: number; readonly among: readonly number[] }
  | { readonly word: number; readonly not: number };

/** A part of a line. */
export type LinePart =
  /** ASCII text. */
  | string
  /** A value of the record, by its word; a map has the text of each number that it may have. */
  | { readonly word: number; readonly as: LineKind | ReadonlyMap<number, string> }
  /** Parts that are padded with spaces to a width. They cannot be nested. */
  | { readonly width: number; readonly parts: readonly LinePart[] }
  /** Parts that are printed if all conditions are met, and parts that are printed if not. */
  | {
      readonly when: readonly LineCondition[];
      readonly parts: readonly LinePart[];
      readonly otherwise?: readonly LinePart[] | undefined;
    }
  /** The text that was kept of the record above; never longer than `longest`. */
  | { readonly kept: true; readonly longest: number };

/** The longest texts of values. */
const LONGEST: Readonly<Record<LineKind, number>> = {
  ...{ number: 10, address: 15, address6: 45, text: 15 },
  ...{ full: 21, scaled: 9, named: 64 },
};

/** The longest name of what is special about a message. */
export const LONGEST_NAME = LONGEST.named;

/** The longest line for which `wasm/line.ts` leaves room. */
const MOST_LINE = 500;

/** The numbers of the steps of a line in `wasm/line.ts`. */
const STEPS = {
  ...{ literal: 1, number: 2, address: 3, word: 4, text: 5, mark: 6, pad: 7, address6: 8, full: 9 },
  ...{ scaled: 10, named: 11, kept: 12, skip: 13, skipUnless: 14, skipIf: 15, cell: 16 },
} as const;

const WORD_BYTES = 4;

/**
 * Stores the steps of a line in the memory of the module and returns their place. Throws a RangeError if the line could
 * be too long.
 */
export function putLine(parts: readonly LinePart[], arena: Arena): number {
  const longest = longestOf(parts);
  if (longest > MOST_LINE)
    throw new RangeError(`a line of up to ${longest} bytes, of ${MOST_LINE} that there may be`);
  const steps: number[] = [];
  addSteps(steps, parts, arena);
  steps.push(0, 0, 0);
  return arena.words(steps);
}

/** Stores a list of numbers without texts. */
export function listOfNumbers(numbers: readonly number[], arena: Arena): number {
  const list = [numbers.length];
  for (const value of numbers) list.push(value, 0, 0);
  return arena.words(list);
}

/** The length that parts of a line can have together. */
export function longestOf(parts: readonly LinePart[]): number {
  let sum = 0;
  for (const part of parts) sum += longestPart(part);
  return sum;
}

function longestPart(part: LinePart): number {
  if (typeof part === 'string') return part.length;
  if ('width' in part) return Math.max(part.width, longestOf(part.parts));
  if ('when' in part) return Math.max(longestOf(part.parts), longestOf(part.otherwise ?? []));
  if ('kept' in part) return part.longest;
  if (typeof part.as === 'string') return LONGEST[part.as];
  return Math.max(0, ...Array.from(part.as.values(), (word) => word.length));
}

function addSteps(steps: number[], parts: readonly LinePart[], arena: Arena): void {
  for (const part of parts) addPart(steps, part, arena);
}

function addPart(steps: number[], part: LinePart, arena: Arena): void {
  if (typeof part === 'string') steps.push(STEPS.literal, arena.text(part), part.length);
  else if ('kept' in part) steps.push(STEPS.kept, 0, 0);
  else if ('when' in part) addConditional(steps, part, arena);
  else if ('width' in part) {
    const { width, parts } = part;
    const [only] = parts;
    if (parts.length === 1 && typeof only === 'object' && 'word' in only && only.as === 'number')
      steps.push(STEPS.cell, only.word * WORD_BYTES, width);
    else {
      steps.push(STEPS.mark, 0, 0);
      addSteps(steps, parts, arena);
      steps.push(STEPS.pad, width, 0);
    }
  } else {
    const { word, as } = part;
    if (typeof as === 'string') steps.push(STEPS[as], word * WORD_BYTES, 0);
    else steps.push(STEPS.word, word * WORD_BYTES, listOf(as, arena));
  }
}

/** Each condition that is not met skips the other conditions and the parts. */
function addConditional(
  steps: number[],
  { when, parts, otherwise = [] }: Extract<LinePart, { when: unknown }>,
  arena: Arena,
): void {
  const other: number[] = [];
  addSteps(other, otherwise, arena);
  let own: number[] = [];
  addSteps(own, parts, arena);
  if (other.length > 0) own.push(STEPS.skip, other.length * WORD_BYTES, 0);
  for (let index = when.length - 1; index >= 0; index--) {
    const condition = when[index] as LineCondition;
    const [kind, value] =
      'not' in condition
        ? [STEPS.skipIf, condition.not]
        : [STEPS.skipUnless, condition.among.reduce((bits, each) => bits | (1 << each), 0)];
    const detail = arena.words([value, own.length * WORD_BYTES]);
    own = [kind, condition.word * WORD_BYTES, detail, ...own];
  }
  steps.push(...own, ...other);
}

/** Stores a list of texts, as `wordOf` of `wasm/record.ts` reads it, and returns its place. */
function listOf(words: ReadonlyMap<number, string>, arena: Arena): number {
  const list = [words.size];
  for (const [value, text] of words) list.push(value, arena.text(text), text.length);
  return arena.words(list);
}
