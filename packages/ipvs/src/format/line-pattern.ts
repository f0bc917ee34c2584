/** Lines as patterns: of listings, whose values have columns, and of rules. Whoever prints a line prints it by its pattern. */
import { largeNumber } from './large-number.js';
import { isThere, optionOf, type RulePattern, type ValueKind, type ValuePart } from './rule-pattern.js';

/**
 * What a value of a line looks like: as in rules, or a number in nine columns. `full`: with all its digits. `scaled`: from nine
 * digits on divided by a power of 1000, with a unit behind it.
 */
export type LineKind = ValueKind | 'full' | 'scaled';

/** A part of a line. */
export type LinePatternPart<Value extends string> =
  /** Text as it stands: ASCII. */
  | string
  /** A value, or the text for it. */
  | Extract<ValuePart<Value>, { options: unknown }>
  | { readonly value: Value; readonly as: LineKind }
  /** Parts that are filled up with blanks to a width; none of these inside. */
  | { readonly width: number; readonly parts: LinePattern<Value> }
  /** Parts that are left out unless all their values are there, but for those that may be left out by themselves. */
  | { readonly optional: LinePattern<Value> }
  /** The first of these patterns whose values are there. */
  | { readonly either: readonly LinePattern<Value>[] };

/** A line, from its first character to its last. */
export type LinePattern<Value extends string> = readonly LinePatternPart<Value>[];

/** Values by name; endpoints and words as text. */
export type LineValues<Value extends string> = Readonly<
  Partial<Record<Value, string | number | bigint | undefined>>
>;

/** The line of a rule: its words with blanks between them. */
export function ruleLine<Value extends string>(pattern: RulePattern<Value>): LinePattern<Value> {
  return [...joined(pattern, true), '\n'];
}

/** Parts of a rule, each with a blank in front of it but, at the beginning of a line, the first. */
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

/** Prints a line. Throws a TypeError for a value that is needed and not there. */
export function lineText<Value extends string>(
  pattern: LinePattern<Value>,
  values: LineValues<Value>,
): string {
  // In loops, without a list for each part: a table has tens of thousands of lines.
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
