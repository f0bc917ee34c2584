import { LONGEST_DURATION, parseDuration, writeDuration } from './duration.js';
import { nearest } from '@ipvs-ts/ipvs';
import { byteTextAllowed, isByteText } from './byte-text.js';
import { compiles } from './pattern.js';
import { at, type Problems } from './problems.js';
import { readStatuses, type StatusRange } from './statuses.js';
import { readSteps, type Step } from './steps.js';

/** The values that a field of a document may have, and how they are read. */
export interface KindValues {
  /** A duration with its unit; milliseconds. */
  duration: number;
  integer: number;
  boolean: boolean;
  text: string;
  /** Characters up to U+00FF, each of which represents a byte. */
  bytes: string;
  choice: string;
  /** `40%`; from 0 to 1. */
  share: number;
  /** The source of a regular expression. */
  pattern: string;
  /** A list of text. */
  texts: readonly string[];
  /** Text by name. */
  map: Readonly<Record<string, string>>;
  statuses: readonly StatusRange[];
  steps: readonly Step[];
}

/** The kind of a field, with its range if it has one. */
export type Kind =
  | { readonly kind: 'duration'; readonly minimum: number; readonly maximum?: number }
  | { readonly kind: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'text'; readonly longest: number; readonly form?: RegExp; readonly allowed?: string }
  | { readonly kind: 'bytes'; readonly longest: number }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'texts'; readonly shortest: number }
  | { readonly kind: 'boolean' | 'share' | 'pattern' | 'map' | 'statuses' | 'steps' };

/** A field of a record: its kind, its meaning, and its default as a document writes it. */
export type Field = Kind & {
  readonly about: string;
  readonly required?: true;
  readonly byDefault?: string | number | boolean;
};

/** The fields of a record, by name. */
export type Fields = Readonly<Record<string, Field>>;

/** The values of a record: absent fields that have no default are undefined. */
export type Values<F extends Fields> = {
  readonly [N in keyof F]:
    | KindValues[F[N]['kind']]
    | (F[N] extends { readonly required: true } | { readonly byDefault: string | number | boolean }
        ? never
        : undefined);
};

/** A table of fields with its types kept. */
export function fields<const F extends Fields>(table: F): F {
  return table;
}

/**
 * Reads the record at `path`, with defaults filled in, and adds every mistake to `problems`: unknown fields, missing
 * ones, values that are not allowed. Returns undefined if there was a mistake. `others`: fields that are read
 * elsewhere.
 */
export function readRecord<F extends Fields>(
  problems: Problems,
  path: string,
  value: unknown,
  table: F,
  others: readonly string[] = [],
): Values<F> | undefined {
  if (!problems.isRecord(path, value)) return undefined;
  const before = problems.found.length;
  const known = [...Object.keys(table), ...others];
  for (const name of Object.keys(value)) if (!known.includes(name)) unknownField(problems, path, name, known);
  const read: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(table)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    const place = at(path, name);
    if (given === undefined && field.required === true)
      problems.add(place, allowedText(field), `${place} is missing; it must be ${allowedText(field)}`);
    else if (given !== undefined || field.byDefault !== undefined)
      read[name] = readValue(problems, place, given ?? field.byDefault, field);
  }
  return problems.found.length === before ? (read as Values<F>) : undefined;
}

/** Adds the mistake of a field that does not exist, with the name that may be meant. */
export function unknownField(problems: Problems, path: string, name: string, known: readonly string[]): void {
  const close = nearest(name, known);
  const meant = close === undefined ? '' : `; did you mean ${close}?`;
  const place = at(path, name);
  const names = known.join(', ');
  problems.add(place, `one of ${names}`, `${place} is not known${meant}; ${path} has ${names}`);
}

/** Reads one value by its kind; returns undefined if a mistake was added. */
function readValue(problems: Problems, path: string, value: unknown, field: Kind): unknown {
  if (field.kind === 'statuses') return readStatuses(problems, path, value);
  if (field.kind === 'steps') return readSteps(problems, path, value);
  const read = readPlain(value, field);
  if (read === undefined) problems.wrong(path, allowedText(field), value);
  return read;
}

function readPlain(value: unknown, field: Kind): unknown {
  switch (field.kind) {
    case 'duration': {
      const ms = typeof value === 'string' ? parseDuration(value) : undefined;
      return ms !== undefined && ms >= field.minimum && ms <= (field.maximum ?? LONGEST_DURATION)
        ? ms
        : undefined;
    }
    case 'integer':
      return Number.isInteger(value) &&
        (value as number) >= field.minimum &&
        (value as number) <= field.maximum
        ? value
        : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'text':
      return isText(value, field.longest) && (field.form?.test(value) ?? true) ? value : undefined;
    case 'bytes':
      return isByteText(value, field.longest) ? value : undefined;
    case 'choice':
      return typeof value === 'string' && field.choices.includes(value) ? value : undefined;
    case 'share':
      return typeof value === 'string' ? parseShare(value) : undefined;
    case 'pattern':
      return isText(value, 1000) && compiles(value) ? value : undefined;
    case 'texts':
      return Array.isArray(value) &&
        value.length >= field.shortest &&
        value.every((each, index) => isText(each, 4096) && (index > 0 || each !== ''))
        ? (value as unknown)
        : undefined;
    case 'map':
      return isTextMap(value) ? value : undefined;
    case 'statuses':
    case 'steps':
      return undefined;
  }
}

/** Reads `40%` as 0.4; undefined for anything but a whole percentage from 0% to 100%. */
function parseShare(text: string): number | undefined {
  const percent = /^(\d{1,3})%$/.exec(text)?.[1];
  return percent !== undefined && Number(percent) <= 100 ? Number(percent) / 100 : undefined;
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest && !value.includes('\0');
}

function isTextMap(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => isText(each, 4096))
  );
}

/** The allowed values of a field, as text. */
function allowedText(field: Kind): string {
  switch (field.kind) {
    case 'duration': {
      const maximum = field.maximum ?? LONGEST_DURATION;
      const longest = maximum === LONGEST_DURATION ? '24d' : writeDuration(maximum);
      return `a duration from ${writeDuration(field.minimum)} to ${longest}, such as 5s or 1m30s`;
    }
    case 'integer':
      return `an integer from ${field.minimum} to ${field.maximum}`;
    case 'boolean':
      return 'true or false';
    case 'text':
      return field.allowed ?? `text of at most ${field.longest} characters without NUL`;
    case 'bytes':
      return byteTextAllowed(field.longest);
    case 'choice':
      return `one of ${field.choices.join(', ')}`;
    case 'share':
      return 'a whole percentage from 0% to 100%';
    case 'pattern':
      return 'a regular expression of JavaScript of at most 1000 characters';
    case 'texts':
      return `a list of text with at least ${field.shortest} element${field.shortest === 1 ? '' : 's'}`;
    case 'map':
      return 'text by name';
    case 'statuses':
      return 'a status or a range from 100 to 599, such as 200-299, or a list of them';
    case 'steps':
      return 'a list of steps, each { send: TEXT } or { expect: REGULAR EXPRESSION }';
  }
}
