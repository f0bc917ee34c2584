import { nearest } from './nearest.js';
import { builtIn, DOCUMENT, inside, type Place, placeText, shown } from './place.js';

/** The details of a mistake in an argument, in addition to its message. */
export interface ArgumentErrorDetails {
  readonly code: 'ERR_IPVS_ARGUMENT';
  /** The argument: `options.persistence.timeout`. */
  readonly path: string;
  /** The allowed values as text: `an integer from 0 to 65535`. */
  readonly allowed: string;
}

/** A mistake in an argument, found before anything was sent: a `TypeError` or a `RangeError` with details. */
export type ArgumentError = (TypeError | RangeError) & ArgumentErrorDetails;

/**
 * A mistake that a check finds in a value. `type`: it has the wrong type; `range`: it has the right type but is out of
 * range; `conflict`: it contradicts other values, and `allowed` says what is possible; `unknown`: there is no such
 * option or field.
 */
export type Mistake =
  | { readonly kind: 'type' | 'range'; readonly allowed: string; readonly value: unknown }
  | { readonly kind: 'conflict'; readonly allowed: string }
  | { readonly kind: 'unknown'; readonly known: readonly string[] };

/**
 * Receives the mistakes that checks find. A check reports each mistake and continues. `THROW` throws the first one; the
 * report of a document collects all.
 */
export interface Report {
  /** Reports a mistake of the value at `place`. */
  add(place: Place, mistake: Mistake): void;
}

/** Throws the first mistake as a `TypeError` or `RangeError`: what functions do with their arguments. */
export const THROW: Report = {
  add(place, mistake) {
    throw argumentError(place, mistake);
  },
};

/** What `mistake` allows in place of the value. */
export function allowedText(mistake: Mistake): string {
  return mistake.kind === 'unknown' ? `one of ${mistake.known.join(', ')}` : mistake.allowed;
}

/** Describes a mistake in a sentence: what is wrong and what is allowed. */
export function mistakeText(place: Place, mistake: Mistake): string {
  if (mistake.kind === 'unknown') return unknownText(place, mistake.known);
  const path = placeText(place);
  if (mistake.kind === 'conflict') return `${path}: ${mistake.allowed}`;
  const { allowed, value } = mistake;
  // Documents cannot contain `undefined`.
  if (value === undefined && rootOf(place) === DOCUMENT) return `${path} is missing; it must be ${allowed}`;
  return `${path} must be ${allowed}, not ${shown(value)}`;
}

/** `unknown option persistent; did you mean persistence? options has …`; in documents the path comes first. */
function unknownText(place: Place, known: readonly string[]): string {
  const { name, inside: outer } = typeof place === 'string' ? { name: place, inside: place } : place;
  const close = nearest(String(name), known);
  const meant = close === undefined ? '' : `; did you mean ${close}?`;
  const list = `${placeText(outer)} has ${known.join(', ')}`;
  return rootOf(place) === DOCUMENT
    ? `${placeText(place)} is not a known field${meant === '' ? ';' : meant} ${list}`
    : `unknown option ${shown(name, 'bare')}${meant} (${placeText(place)}; ${list})`;
}

function rootOf(place: Place): string {
  let outer = place;
  while (typeof outer !== 'string') outer = outer.inside;
  return outer;
}

function argumentError(place: Place, mistake: Mistake): ArgumentError {
  const text = mistakeText(place, mistake);
  const error =
    mistake.kind === 'type' || mistake.kind === 'unknown' ? new TypeError(text) : new RangeError(text);
  const code = 'ERR_IPVS_ARGUMENT' as const;
  return Object.assign(error, { code, path: placeText(place), allowed: allowedText(mistake) });
}

/** The error for a value of the wrong type. */
export function wrongType(path: Place, allowed: string, value: unknown): ArgumentError {
  return argumentError(path, { kind: 'type', allowed, value });
}

/** The error for a value that has the right type but is out of range. */
export function outOfRange(path: Place, allowed: string, value: unknown): ArgumentError {
  return argumentError(path, { kind: 'range', allowed, value });
}

/** The error for values that contradict each other. `allowed` says what is possible. */
export function conflict(path: Place, allowed: string): ArgumentError {
  return argumentError(path, { kind: 'conflict', allowed });
}

/** Whether `error` is a mistake in an argument of this package. */
export function isArgumentError(error: unknown): error is ArgumentError {
  return error instanceof Error && (error as { code?: unknown }).code === 'ERR_IPVS_ARGUMENT';
}

/** Who checks arguments: the library, or the kernel, which gets every value that can be encoded. */
export type Checks = 'library' | 'kernel';

/** Checks for an integer from `minimum` to `maximum`. */
export function integerMistake(value: unknown, minimum: number, maximum: number): Mistake | undefined {
  if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum)
    return undefined;
  return mistaken(value, 'number', `an integer from ${minimum} to ${maximum}`);
}

/** Checks for one of `choices`. */
export function choiceMistake(value: unknown, choices: readonly string[]): Mistake | undefined {
  if (typeof value === 'string' && choices.includes(value)) return undefined;
  return mistaken(value, 'string', `one of ${choices.join(', ')}`);
}

/**
 * Checks for the name of a kernel object: printable ASCII text of 1 to `maximum` characters; or, if the kernel checks
 * it, text without NUL of at most `maximum` bytes.
 */
export function nameMistake(
  value: unknown,
  maximum: number,
  checks: Checks = 'library',
): Mistake | undefined {
  if (checks === 'kernel') {
    if (typeof value === 'string' && !value.includes('\0') && Buffer.byteLength(value) <= maximum)
      return undefined;
    return mistaken(value, 'string', `text without NUL of at most ${maximum} bytes`);
  }
  if (typeof value === 'string' && value.length <= maximum && /^[\x21-\x7e]+$/.test(value)) return undefined;
  return mistaken(value, 'string', `1 to ${maximum} printable ASCII characters without blanks`);
}

/** Checks for an object that is not an array. */
export function objectMistake(value: unknown): Mistake | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && builtIn(value) === undefined)
    return undefined;
  return { kind: 'type', allowed: 'an object', value };
}

/** The mistake of a value that is not allowed: it has the wrong type, unless it has `type`. */
export function mistaken(value: unknown, type: 'number' | 'string', allowed: string): Mistake {
  return { kind: typeof value === type ? 'range' : 'type', allowed, value };
}

/** Throws unless `value` is an integer from `minimum` to `maximum`. */
export function checkInteger(path: Place, value: unknown, minimum: number, maximum: number): number {
  throwIf(path, integerMistake(value, minimum, maximum));
  return value as number;
}

/** Throws unless `value` is one of `choices`. */
export function checkChoice<T extends string>(path: Place, value: unknown, choices: readonly T[]): T {
  throwIf(path, choiceMistake(value, choices));
  return value as T;
}

/** Throws unless `value` is an object whose keys are in `known`: a misspelt option must not be ignored. */
export function checkOptions(path: Place, value: unknown, known: readonly string[]): void {
  throwIf(path, objectMistake(value));
  for (const key of Object.keys(value as object))
    if (!known.includes(key)) throw argumentError(inside(path, key), { kind: 'unknown', known });
}

/** Throws unless `value` is an object that is not an array. */
export function checkObject(path: Place, value: unknown): void {
  throwIf(path, objectMistake(value));
}

/** Throws unless `value` is text. */
export function checkText(path: Place, value: unknown): void {
  if (typeof value !== 'string') throw argumentError(path, { kind: 'type', allowed: 'text', value });
}

/** Throws unless `value` is an object with functions of these names, such as an `Ipvs`. */
export function checkMethods(path: Place, value: unknown, names: readonly string[]): void {
  const has = (name: string): boolean =>
    typeof (value as Readonly<Record<string, unknown>> | null | undefined)?.[name] === 'function';
  if (names.every(has)) return;
  throw argumentError(path, { kind: 'type', allowed: `an object with ${names.join('(), ')}()`, value });
}

/** Throws unless `value` is an AbortSignal. An AbortController, for instance, would stop nothing. */
export function checkSignal(path: Place, value: unknown): void {
  if (value === undefined) return;
  // Does not check the class: a signal may be from another realm.
  const { throwIfAborted, addEventListener } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof throwIfAborted === 'function' && typeof addEventListener === 'function') return;
  throw wrongType(path, 'an AbortSignal (of an AbortController: its signal)', value);
}

/** Throws unless the options of a call are an object with a valid signal. */
export function checkCallOptions(options: unknown): void {
  if (options === undefined) return;
  throwIf('options', objectMistake(options));
  checkSignal('options.signal', (options as { readonly signal?: unknown }).signal);
}

function throwIf(path: Place, mistake: Mistake | undefined): void {
  if (mistake !== undefined) throw argumentError(path, mistake);
}

/** Throws for what is no key of a service or a destination. Cheap for keys: a listing has many. */
export function checkKey(key: object, of: 'service' | 'destination'): void {
  const { fwmark, protocol, address, port } = ((key as unknown) ?? {}) as Readonly<Record<string, unknown>>;
  if (of === 'service' && (fwmark !== undefined || typeof protocol === 'string')) return;
  if (of === 'destination' && typeof address === 'string' && typeof port === 'number') return;
  checkObject('key', key);
  if (of === 'service') checkText('key.protocol', protocol);
  checkText('key.address', address);
  checkInteger('key.port', port, 0, 0xffff);
}
