/** Patterns of rules, from which rules are both printed and read. */

/**
 * The form of a value. `number`: decimal digits. `endpoint`: `address:port`, with an IPv6 address in brackets; both may
 * be names. `word`: anything without spaces.
 */
export type ValueKind = 'number' | 'endpoint' | 'word';

/** A word of a rule that stands for a value. */
export type ValuePart<Value extends string> =
  /** The value itself. */
  | { readonly value: Value; readonly as: ValueKind }
  /** An option for each value: `{ masq: '-m' }`. `other` is printed for a value that has none. */
  | {
      readonly value: Value;
      readonly options: Readonly<Record<string, string>>;
      readonly other?: string;
    };

/** A part of a rule. */
export type RulePart<Value extends string> =
  /** A literal word. */
  | string
  | ValuePart<Value>
  /** Parts that are printed only if all their values are present, apart from nested optional parts. */
  | { readonly optional: RulePattern<Value> }
  /** The first of these patterns whose values are present. */
  | { readonly either: readonly RulePattern<Value>[] };

/** A rule, word by word. */
export type RulePattern<Value extends string> = readonly RulePart<Value>[];

/** Values by name. */
export type RuleValues<Value extends string> = Readonly<Partial<Record<Value, string | number | undefined>>>;

/** Prints a pattern as words. Throws a TypeError for a missing value. */
export function ruleWords<Value extends string>(
  pattern: RulePattern<Value>,
  values: RuleValues<Value>,
): string[] {
  const words: string[] = [];
  addWords(words, pattern, values);
  return words;
}

/** Uses loops and no intermediate lists: a table has tens of thousands of rules. */
function addWords<Value extends string>(
  words: string[],
  pattern: RulePattern<Value>,
  values: RuleValues<Value>,
): void {
  for (const part of pattern) {
    if (typeof part === 'string') words.push(part);
    else if ('value' in part) words.push(valueWord(part, values));
    else if ('optional' in part) {
      if (isThere(part.optional, values)) addWords(words, part.optional, values);
    } else {
      const found = part.either.find((each) => isThere(each, values));
      if (found === undefined) throw new TypeError('a rule lacks the values of all its forms');
      addWords(words, found, values);
    }
  }
}

function valueWord<Value extends string>(part: ValuePart<Value>, values: RuleValues<Value>): string {
  const value = values[part.value];
  if (value === undefined) throw new TypeError(`a rule lacks its ${part.value}`);
  return 'as' in part ? String(value) : optionOf(part, String(value));
}

/** The option for a value. Throws a TypeError if there is none. */
export function optionOf<Value extends string>(
  { value: name, options, other }: Extract<ValuePart<Value>, { options: unknown }>,
  value: string,
): string {
  const option = Object.hasOwn(options, value) ? options[value] : other;
  if (option === undefined) throw new TypeError(`no option says ${name} ${value}`);
  return option;
}

/** Parts of a rule or a line that need values. */
type NeedingParts<Value extends string> = readonly (
  | string
  | { readonly value: Value }
  | { readonly either: readonly NeedingParts<Value>[] }
  | { readonly optional: unknown }
  | { readonly width: number }
)[];

/** Whether all values that a pattern needs are present. */
export function isThere<Value extends string>(
  pattern: NeedingParts<Value>,
  values: Readonly<Partial<Record<Value, unknown>>>,
): boolean {
  for (const part of pattern) {
    if (typeof part === 'string') continue;
    if ('value' in part) {
      if (values[part.value] === undefined) return false;
    } else if ('either' in part && !part.either.some((each) => isThere(each, values))) return false;
  }
  return true;
}

const KINDS: Readonly<Record<ValueKind, RegExp>> = {
  number: /^[0-9]+$/,
  endpoint: /^.*:[^:]+$/,
  word: /^/,
};

type Found<Value extends string> = Partial<Record<Value, string>>;

/**
 * Reads words with a pattern that must match all of them. Returns the values as text; undefined if they do not match.
 */
export function readRule<Value extends string>(
  pattern: RulePattern<Value>,
  words: readonly string[],
): Readonly<Found<Value>> | undefined {
  const values: Found<Value> = {};
  return readFrom(pattern, words, 0, values) === words.length ? values : undefined;
}

/** The index of the first word after the pattern; undefined if the words do not match. Patterns are unambiguous. */
function readFrom<Value extends string>(
  pattern: RulePattern<Value>,
  words: readonly string[],
  start: number,
  values: Found<Value>,
): number | undefined {
  let at = start;
  for (const part of pattern) {
    const word = words[at];
    if (typeof part !== 'string' && ('optional' in part || 'either' in part)) {
      const forms = 'either' in part ? part.either : [part.optional, []];
      const next = forms.map((each) => readFrom(each, words, at, values)).find((end) => end !== undefined);
      if (next === undefined) return undefined;
      at = next;
      continue;
    }
    if (word === undefined) return undefined;
    if (typeof part === 'string') {
      if (word !== part) return undefined;
    } else if ('as' in part) {
      if (!KINDS[part.as].test(word)) return undefined;
      values[part.value] = word;
    } else {
      // If several values have the same option, it means the first.
      const value = Object.keys(part.options).find((each) => part.options[each] === word);
      if (value === undefined) return undefined;
      values[part.value] = value;
    }
    at += 1;
  }
  return at;
}

/** The value of a gap in {@link ruleForm}: a number, or the address or the port of an endpoint. */
export interface Gap<Value extends string> {
  readonly value: Value;
  readonly part: 'number' | 'address' | 'port';
}

/**
 * A pattern as one text with gaps, for bulk reading: `@` for an IPv4 address, `#` for a number. `values` has the
 * options and words; optional parts without values are left out. Throws a TypeError for a missing option or word.
 */
export function ruleForm<Value extends string>(
  pattern: RulePattern<Value>,
  values: RuleValues<Value>,
): { readonly text: string; readonly gaps: readonly Gap<Value>[] } {
  const gaps: Gap<Value>[] = [];
  const words = pattern.flatMap((part) => {
    if (typeof part === 'string') return [part];
    if ('optional' in part) return [];
    if ('either' in part) {
      const inner = ruleForm(part.either[0] ?? [], values);
      gaps.push(...inner.gaps);
      return [inner.text];
    }
    if ('as' in part && part.as === 'endpoint') {
      gaps.push({ value: part.value, part: 'address' }, { value: part.value, part: 'port' });
      return ['@:#'];
    }
    if ('as' in part && part.as === 'number') {
      gaps.push({ value: part.value, part: 'number' });
      return ['#'];
    }
    return ruleWords([part], values);
  });
  return { text: words.join(' '), gaps };
}
