/** Places of values, and values themselves, as errors print them. */

/** The most characters of a value or a name that an error prints. */
const MOST_SHOWN = 200;

/** The name of a whole document in errors; paths inside it omit it: `timeouts.tcp`. */
export const DOCUMENT = 'document';

/**
 * The place of a value: an argument by its name, or a field or an item of another place. Their text is created only for
 * errors.
 */
export type Place = string | InnerPlace;

/** A field by name or an item by index. */
export interface InnerPlace {
  readonly inside: Place;
  readonly name: string | number;
}

/** The place of the field or item `name` of the value at `place`. */
export function inside(place: Place, name: string | number): InnerPlace {
  return { inside: place, name };
}

/** The path to a place: `services["tcp:192.0.2.10:80"].flags[0]`. Names of hundreds of characters are clipped. */
export function placeText(place: Place): string {
  if (typeof place === 'string') return place;
  const { name, inside: outer } = place;
  if (typeof name === 'number') return `${placeText(outer)}[${name}]`;
  if (!isPlainName(name)) return `${placeText(outer)}[${shown(name)}]`;
  return outer === DOCUMENT ? name : `${placeText(outer)}.${name}`;
}

/** The steps that lead to a place from its root. */
export function stepsOf(place: Place): (string | number)[] {
  const steps: (string | number)[] = [];
  for (let at = place; typeof at !== 'string'; at = at.inside) steps.unshift(at.name);
  return steps;
}

/** Whether a name needs no quotes in a path. */
export function isPlainName(name: string): boolean {
  return name.length <= MOST_SHOWN && /^[A-Za-z_]\w*$/.test(name);
}

/** Built-in objects that have no fields of their own, so that what they hold would be ignored. */
const BUILT_IN = new Set(
  [
    'Map',
    'Set',
    'WeakMap',
    'WeakSet',
    'Date',
    'RegExp',
    'Promise',
    'Error',
    'String',
    'Number',
    'Boolean',
  ].map((name) => `[object ${name}]`),
);

/** The name of such an object's class; undefined for every other value. */
export function builtIn(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return undefined;
  const tag = Object.prototype.toString.call(value);
  return BUILT_IN.has(tag) ? tag.slice('[object '.length, -1) : undefined;
}

/** A value as errors print it; `bare`: plain text without quotes. */
export function shown(value: unknown, style: 'bare' | 'quoted' = 'quoted'): string {
  if (typeof value === 'bigint') return clipped(`${value}n`);
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') {
    if (style === 'bare' && isPlainName(value)) return value;
    // Quotes only the beginning of a long text: a document that was read as one text may be megabytes.
    if (value.length > MOST_SHOWN)
      return `${JSON.stringify(value.slice(0, MOST_SHOWN)).slice(0, MOST_SHOWN)}… (${value.length + 2} characters)`;
  }
  const kind = typeof value === 'object' && value !== null ? builtIn(value) : undefined;
  if (kind !== undefined) return `a ${kind}`;
  try {
    return value === undefined ? 'undefined' : clipped(JSON.stringify(value));
  } catch {
    return 'an object';
  }
}

function clipped(text: string): string {
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}… (${text.length} characters)`;
}
