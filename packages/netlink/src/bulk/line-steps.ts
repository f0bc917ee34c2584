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
  return arena.words([...stepsOf(parts, arena), 0, 0, 0]);
}

/** The length that parts of a line can have together. */
export function longestOf(parts: readonly LinePart[]): number {
  return parts.reduce((sum, part) => sum + longestPart(part), 0);
}

function longestPart(part: LinePart): number {
  if (typeof part === 'string') return part.length;
  if ('width' in part) return Math.max(part.width, longestOf(part.parts));
  if ('when' in part) return Math.max(longestOf(part.parts), longestOf(part.otherwise ?? []));
  if ('kept' in part) return part.longest;
  if (typeof part.as === 'string') return LONGEST[part.as];
  return Math.max(0, ...Array.from(part.as.values(), (word) => word.length));
}

function stepsOf(parts: readonly LinePart[], arena: Arena): number[] {
  return parts.flatMap((part) => partSteps(part, arena));
}

function partSteps(part: LinePart, arena: Arena): number[] {
  if (typeof part === 'string') return [STEPS.literal, arena.bytes(Buffer.from(part, 'latin1')), part.length];
  if ('kept' in part) return [STEPS.kept, 0, 0];
  if ('when' in part) return conditionalSteps(part, arena);
  if ('width' in part) {
    const [only, ...others] = part.parts;
    if (others.length === 0 && typeof only === 'object' && 'word' in only && only.as === 'number')
      return [STEPS.cell, only.word * WORD_BYTES, part.width];
    return [STEPS.mark, 0, 0, ...stepsOf(part.parts, arena), STEPS.pad, part.width, 0];
  }
  const { word, as } = part;
  if (typeof as === 'string') return [STEPS[as], word * WORD_BYTES, 0];
  return [STEPS.word, word * WORD_BYTES, listOf(as, arena)];
}

/** Each condition that is not met skips the other conditions and the parts. */
function conditionalSteps(
  { when, parts, otherwise = [] }: Extract<LinePart, { when: unknown }>,
  arena: Arena,
): number[] {
  const other = stepsOf(otherwise, arena);
  const skip = other.length === 0 ? [] : [STEPS.skip, other.length * WORD_BYTES, 0];
  let steps: number[] = [...stepsOf(parts, arena), ...skip];
  for (const condition of [...when].reverse()) {
    const [kind, value] =
      'not' in condition
        ? [STEPS.skipIf, condition.not]
        : [STEPS.skipUnless, condition.among.reduce((bits, each) => bits | (1 << each), 0)];
    const detail = arena.words([value, steps.length * WORD_BYTES]);
    steps = [kind, condition.word * WORD_BYTES, detail, ...steps];
  }
  return [...steps, ...other];
}

/** Stores a list of texts, as `wordOf` of `wasm/record.ts` reads it, and returns its place. */
export function listOf(words: ReadonlyMap<number, string>, arena: Arena): number {
  const entries = [...words].flatMap(([value, text]) => [
    value,
    arena.bytes(Buffer.from(text, 'latin1')),
    text.length,
  ]);
  return arena.words([words.size, ...entries]);
}
