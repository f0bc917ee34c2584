import {
  choiceMistake,
  type Checks,
  integerMistake,
  mistaken,
  type Mistake,
  nameMistake,
  objectMistake,
  type Report,
} from '../argument-checks.js';
import { inside, type Place } from '../place.js';
import { parseAddress } from './address.js';

/** The kind of a value. */
type Kind =
  | { readonly kind: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** A list of choices. */
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'boolean' }
  /** Printable ASCII text without blanks. */
  | { readonly kind: 'name'; readonly longest: number }
  /** A dotted mask or a prefix length; which are valid depends on the address family. */
  | { readonly kind: 'netmask' }
  /** An IPv4 or IPv6 multicast address. */
  | { readonly kind: 'group' }
  | { readonly kind: 'record'; readonly fields: Fields }
  /** Records by name. */
  | { readonly kind: 'map'; readonly names: NameKind; readonly fields: Fields };

/** What the keys of a map name. */
export type NameKind = 'service' | 'destination';

/** An option of a function, and a field of a document. */
export type Field = Kind & {
  /** Its description, in sentences. */
  readonly about: string;
  readonly required?: true;
  /** Its default, if that is one value. */
  readonly byDefault?: string | number | boolean;
};

/** The fields of a record, by name. */
export type Fields = Readonly<Record<string, Field>>;

/** An integer field. */
export function integer(minimum: number, maximum: number, about: string, byDefault?: number): Field {
  return { kind: 'integer', minimum, maximum, about, ...(byDefault !== undefined && { byDefault }) };
}

/** Options of {@link checkFields}. */
export interface FieldsOptions {
  readonly checks?: Checks | undefined;
  /** Further fields, which have their own checks. */
  readonly additional?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Checks that `value` is an object with the fields of a table, each on its own. Returns the valid fields, for checks
 * that concern several: `value` itself if there is no mistake, undefined if it is not an object.
 */
export function checkFields<T extends object>(
  report: Report,
  place: Place,
  value: unknown,
  fields: Fields,
  { checks, additional }: FieldsOptions = {},
): Partial<T> | undefined {
  const wrong = objectMistake(value);
  if (wrong !== undefined) {
    report.add(place, wrong);
    return undefined;
  }
  const record = value as Record<string, unknown>;
  let right = record;
  // Copies when the first mistake is found.
  const without = (name: string, kept?: unknown): void => {
    if (right === record) right = { ...record };
    right[name] = kept;
  };
  for (const name of Object.keys(record)) {
    const each = record[name];
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) {
      if (additional === undefined || !Object.hasOwn(additional, name)) {
        const known = [...Object.keys(fields), ...Object.keys(additional ?? {})];
        report.add(inside(place, name), { kind: 'unknown', known });
        without(name);
      }
    } else if (each !== undefined) {
      const kept = checkField(report, place, name, each, field, checks);
      if (kept !== each) without(name, kept);
    }
  }
  for (const name of Object.keys(fields)) {
    const field = fields[name] as Field;
    if (field.required !== true || record[name] !== undefined) continue;
    report.add(inside(place, name), { kind: 'type', allowed: wanted(field), value: undefined });
    without(name);
  }
  return right as Partial<T>;
}

/**
 * Whether a value is an object with only integers and choices of a table, all of them valid. Most are, and this is much
 * cheaper than {@link checkFields}. Also false for anything unusual.
 */
export function hasPlainFields(value: unknown, fields: Fields): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const record = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(record)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const each = record[name];
    if (each === undefined && field !== undefined && field.required !== true) continue;
    if (field?.kind === 'integer') {
      if (typeof each !== 'number' || !Number.isInteger(each)) return false;
      if (each < field.minimum || each > field.maximum) return false;
    } else if (field?.kind !== 'choice' || typeof each !== 'string' || !field.choices.includes(each))
      return false;
  }
  return true;
}

/** Checks one field; returns its valid part. */
function checkField(
  report: Report,
  place: Place,
  name: string,
  value: unknown,
  field: Field,
  checks: Checks | undefined,
): unknown {
  if (field.kind === 'record')
    return checkFields(report, inside(place, name), value, field.fields, { checks });
  if (field.kind === 'choices') return checkList(report, inside(place, name), value, field.choices);
  const mistake = kindMistake(value, field, checks);
  if (mistake === undefined) return value;
  report.add(inside(place, name), mistake);
  return undefined;
}

function checkList(report: Report, place: Place, list: unknown, choices: readonly string[]): unknown {
  if (!Array.isArray(list)) {
    report.add(place, { kind: 'type', allowed: `an array of ${choices.join(', ')}`, value: list });
    return undefined;
  }
  const isRight = (item: unknown, index: number): boolean => {
    const mistake = choiceMistake(item, choices);
    if (mistake !== undefined) report.add(inside(place, index), mistake);
    return mistake === undefined;
  };
  // Invalid items become undefined, so that the others keep their indexes.
  const right = (list as readonly unknown[]).map((item, index) => (isRight(item, index) ? item : undefined));
  return right.includes(undefined) ? right : list;
}

/** The mistake in a single value. */
function kindMistake(
  value: unknown,
  field: Exclude<Field, { readonly kind: 'record' | 'choices' }>,
  checks: Checks | undefined,
): Mistake | undefined {
  switch (field.kind) {
    case 'integer':
      return integerMistake(value, field.minimum, field.maximum);
    case 'choice':
      return choiceMistake(value, field.choices);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : { kind: 'type', allowed: wanted(field), value };
    case 'name':
      return nameMistake(value, field.longest, checks);
    case 'group':
      return isMulticast(value) ? undefined : mistaken(value, 'string', wanted(field));
    case 'netmask':
      if (typeof value === 'number' || typeof value === 'string') return undefined;
      return { kind: 'type', allowed: wanted(field), value };
    case 'map':
      return objectMistake(value);
  }
}

/** The allowed values of a field, as text. */
function wanted(field: Field): string {
  switch (field.kind) {
    case 'integer':
      return `an integer from ${field.minimum} to ${field.maximum}`;
    case 'choice':
      return `one of ${field.choices.join(', ')}`;
    case 'boolean':
      return 'a boolean: true or false';
    case 'name':
      return `1 to ${field.longest} printable ASCII characters without blanks`;
    case 'netmask':
      return 'a dotted mask such as 255.255.255.0 or a prefix length';
    case 'group':
      return 'an IPv4 or IPv6 multicast address';
    case 'choices':
      return `an array of ${field.choices.join(', ')}`;
    case 'record':
    case 'map':
      return 'an object';
  }
}

function isMulticast(value: unknown): boolean {
  const address = typeof value === 'string' ? parseAddress(value) : undefined;
  const first = address?.bytes[0] ?? 0;
  return address?.family === 'ipv4' ? (first & 0xf0) === 0xe0 : first === 0xff;
}
