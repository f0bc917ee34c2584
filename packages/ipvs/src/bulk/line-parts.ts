/** Converts patterns of lines to the parts that `@ipvs-ts/netlink/bulk` prints. */
import type { LineCondition, LinePart } from '@ipvs-ts/netlink/bulk';
import type { LinePattern, LinePatternPart } from '../format/line-pattern.js';
import type { ListedValue, ListedValues } from './listed-values.js';

/** How many words an address has; its port follows. */
const ADDRESS_WORDS = 4;

/**
 * The parts of a line for records with these values. Throws a TypeError for a pattern that such records cannot print.
 */
export function lineParts<Value extends string>(
  pattern: LinePattern<Value>,
  values: ListedValues<Value>,
  known: readonly LineCondition[] = [],
): LinePart[] {
  return merged(pattern.flatMap((part) => partsOf(part, values, known)));
}

function partsOf<Value extends string>(
  part: LinePatternPart<Value>,
  values: ListedValues<Value>,
  known: readonly LineCondition[],
): LinePart[] {
  if (typeof part === 'string') return [part];
  if ('value' in part) return valueParts(part, values);
  if ('width' in part) return [padded(part.width, lineParts(part.parts, values, known))];
  if ('optional' in part) return firstOf([part.optional, []], values, known);
  return firstOf(part.either, values, known);
}

/** The first of these patterns whose values are present. */
function firstOf<Value extends string>(
  [pattern, ...others]: readonly LinePattern<Value>[],
  values: ListedValues<Value>,
  known: readonly LineCondition[],
): LinePart[] {
  if (pattern === undefined) throw new TypeError('a line lacks the values of all its forms');
  const when = conditionsOf(pattern, values)?.filter((each) => !known.includes(each));
  if (when === undefined) return firstOf(others, values, known);
  const parts = lineParts(pattern, values, [...known, ...when]);
  if (when.length === 0) return parts;
  return [{ when, parts, otherwise: firstOf(others, values, known) }];
}

/** When the values that a pattern needs are present; undefined if never. */
function conditionsOf<Value extends string>(
  pattern: LinePattern<Value>,
  values: ListedValues<Value>,
): LineCondition[] | undefined {
  const conditions = new Set<LineCondition>();
  for (const part of pattern) {
    if (typeof part === 'string' || !('value' in part)) continue;
    const value = values(part.value);
    if (value === undefined) return undefined;
    if (typeof value === 'object') for (const each of value.when ?? []) conditions.add(each);
  }
  return [...conditions];
}

function valueParts<Value extends string>(
  part: Extract<LinePatternPart<Value>, { value: unknown }>,
  values: ListedValues<Value>,
): LinePart[] {
  const value = values(part.value);
  if (value === undefined) throw new TypeError(`a line lacks its ${part.value}`);
  if (typeof value === 'string') return ['as' in part ? value : (part.options[value] ?? '')];
  const { word, as } = value;
  if (!('as' in part)) return [{ word, as: textsOf(part, as) }];
  if (as === 'endpoint') return [{ word, as: 'address' }, ':', { word: word + ADDRESS_WORDS, as: 'number' }];
  if (as === 'endpoint6')
    return ['[', { word, as: 'address6' }, ']:', { word: word + ADDRESS_WORDS, as: 'number' }];
  if (as !== 'counter') return [{ word, as }];
  if (part.as !== 'full' && part.as !== 'scaled')
    throw new TypeError(`${part.value} is a counter: full or scaled`);
  return [{ word, as: part.as }];
}

/** The options for all numbers that a value can be. */
function textsOf<Value extends string>(
  { value, options }: Extract<LinePatternPart<Value>, { options: unknown }>,
  names: ListedValue['as'],
): ReadonlyMap<number, string> {
  if (typeof names === 'string') throw new TypeError(`${value} has no options`);
  const known = [...names].filter(([, name]) => Object.hasOwn(options, name));
  return new Map(known.map(([number, name]) => [number, options[name] as string]));
}

/** Pads the texts of a map once. */
function padded(width: number, parts: readonly LinePart[]): LinePart {
  const [only, ...others] = parts;
  return others.length === 0 && isTexts(only) ? mapped(only, (text) => text.padEnd(width)) : { width, parts };
}

/** Joins adjacent texts. */
function merged(parts: readonly LinePart[]): LinePart[] {
  const result: LinePart[] = [];
  for (const part of parts) {
    const before = result.at(-1);
    if (typeof before === 'string' && typeof part === 'string') result.splice(-1, 1, before + part);
    else if (typeof before === 'string' && isTexts(part))
      result.splice(
        -1,
        1,
        mapped(part, (text) => before + text),
      );
    else result.push(part);
  }
  return result;
}

type Texts = Extract<LinePart, { word: number }> & { readonly as: ReadonlyMap<number, string> };

function isTexts(part: LinePart | undefined): part is Texts {
  return typeof part === 'object' && 'word' in part && typeof part.as === 'object';
}

function mapped({ word, as }: Texts, change: (text: string) => string): LinePart {
  return { word, as: new Map(Array.from(as, ([number, text]) => [number, change(text)])) };
}

/** The values that a pattern names. */
export function valuesOf<Value extends string>(pattern: LinePattern<Value>): Value[] {
  return pattern.flatMap((part) => {
    if (typeof part === 'string') return [];
    if ('value' in part) return [part.value];
    if ('width' in part) return valuesOf(part.parts);
    return 'optional' in part ? valuesOf(part.optional) : part.either.flatMap((each) => valuesOf(each));
  });
}
