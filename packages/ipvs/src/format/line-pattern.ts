/** Patterns of lines: of listings, whose values have columns, and of rules. Every line is printed from its pattern. */
import { largeNumber } from './large-number.js';
import { isThere, optionOf, type RulePattern, type ValueKind, type ValuePart } from './rule-pattern.js';

/**
 * The format of a value in a line: as in rules, or a number in nine columns. `full`: with all digits. `scaled`: if it
 * has nine digits or more, divided by a power of 1000 and followed by a unit.
 */
export type LineKind = ValueKind | 'full' | 'scaled';

/** A part of a line. */
export type LinePatternPart<Value extends string> =
  /** Literal ASCII text. */
  | string
  /** A value, or the text for it. */
  | Extract<ValuePart<Value>, { options: unknown }>
  | { readonly value: Value; readonly as: LineKind }
  /** Parts that are padded with spaces to a width. They cannot be nested. */
  | { readonly width: number; readonly parts: LinePattern<Value> }
  /** Parts that are printed only if all their values are present, apart from nested optional parts. */
  | { readonly optional: LinePattern<Value> }
  /** The first of these patterns whose values are present. */
  | { readonly either: readonly LinePattern<Value>[] };

/** A line, from its first character to its last. */
export type LinePattern<Value extends string> = readonly LinePatternPart<Value>[];

/** Values by name; endpoints and words as text. */
export type LineValues<Value extends string> = Readonly<
  Partial<Record<Value, string | number | bigint | undefined>>
>;

/** The line of a rule: its words separated by spaces. */
export function ruleLine<Value extends string>(pattern: RulePattern<Value>): LinePattern<Value> {
  return [...joined(pattern, true), '\n'];
}

/** Parts of a rule with a space before each, except at the beginning of a line. */
function joined<Value extends string>(
  pattern: RulePattern<Value>,
  begins: boolean,
): LinePatternPart<Value>[] {
  return pattern.flatMap((part, index): LinePatternPart<Value>[] => {
    const first = begins && index === 0;
    if (typeof part === 'string') return [first ? part : ` ${part}`];
    if ('optional' in part) return [{ optional: joined(part.optional, first) }];
    if ('either' in part) return [{ either: part.either.map((each) => joined(each, first)) }];
    return first ? [part] : [' ', part];
  });
}

/** Prints a line. Throws a TypeError for a missing value. */
export function lineText<Value extends string>(
  pattern: LinePattern<Value>,
  values: LineValues<Value>,
): string {
  // Uses loops and no intermediate lists: a table has tens of thousands of lines.
  let text = '';
  for (const part of pattern) {
    if (typeof part === 'string') text += part;
    else if ('value' in part) text += valueText(part, values);
    else if ('width' in part) text += lineText(part.parts, values).padEnd(part.width);
    else if ('optional' in part) {
      if (isThere(part.optional, values)) text += lineText(part.optional, values);
    } else {
      const found = part.either.find((each) => isThere(each, values));
      if (found === undefined) throw new TypeError('a line lacks the values of all its forms');
      text += lineText(found, values);
    }
  }
  return text;
}

function valueText<Value extends string>(
  part: Extract<LinePatternPart<Value>, { value: unknown }>,
  values: LineValues<Value>,
): string {
  const value = values[part.value];
  if (value === undefined) throw new TypeError(`a line lacks its ${part.value}`);
  if (!('as' in part)) return optionOf(part, String(value));
  if (part.as === 'full' || part.as === 'scaled')
    return largeNumber(value as number | bigint, part.as === 'full');
  return String(value);
}
