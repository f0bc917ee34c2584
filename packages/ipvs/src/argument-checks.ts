/** Characters that an error shows of a value. */
const MOST_SHOWN = 200;

/** What a mistake in an argument carries beside its message. */
export interface ArgumentErrorDetails {
  readonly code: 'ERR_IPVS_ARGUMENT';
  /** Which argument: `options.persistence.timeout`. */
  readonly path: string;
  /** What it may be, in words: `an integer from 0 to 65535`. */
  readonly allowed: string;
}

/** A mistake in an argument, found before anything was sent: a `TypeError` or a `RangeError` with details. */
export type ArgumentError = (TypeError | RangeError) & ArgumentErrorDetails;

/** The value at `path` has the wrong type. */
export function wrongType(path: string, allowed: string, value: unknown): ArgumentError {
  return detailed(new TypeError(sentence(path, allowed, value)), path, allowed);
}

/** The value at `path` has the right type and lies outside of what is allowed. */
export function outOfRange(path: string, allowed: string, value: unknown): ArgumentError {
  return detailed(new RangeError(sentence(path, allowed, value)), path, allowed);
}

/** Values that do not go together. `allowed` says what would. */
export function conflict(path: string, allowed: string): ArgumentError {
  return detailed(new RangeError(`${path}: ${allowed}`), path, allowed);
}

/** Whether `error` is a mistake in an argument of this package. */
export function isArgumentError(error: unknown): error is ArgumentError {
  return error instanceof Error && (error as { code?: unknown }).code === 'ERR_IPVS_ARGUMENT';
}

/** Refuses anything but an integer from `minimum` to `maximum`. */
export function checkInteger(path: string, value: unknown, minimum: number, maximum: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum)
    return value;
  const allowed = `an integer from ${minimum} to ${maximum}`;
  throw (typeof value === 'number' ? outOfRange : wrongType)(path, allowed, value);
}

/** Refuses anything but one of `choices`. */
export function checkChoice<T extends string>(path: string, value: unknown, choices: readonly T[]): T {
  if (typeof value === 'string' && (choices as readonly string[]).includes(value)) return value as T;
  throw (typeof value === 'string' ? outOfRange : wrongType)(path, `one of ${choices.join(', ')}`, value);
}

/** Refuses anything but printable ASCII text of 1 to `maximum` characters: the names of kernel objects. */
export function checkName(path: string, value: unknown, maximum: number): string {
  if (typeof value === 'string' && value.length <= maximum && /^[\x21-\x7e]+$/.test(value)) return value;
  const allowed = `1 to ${maximum} printable ASCII characters without blanks`;
  throw (typeof value === 'string' ? outOfRange : wrongType)(path, allowed, value);
}

/** Refuses anything but text without NUL of at most `maximum` bytes: what the kernel can be asked at all. */
function checkEncodable(path: string, value: unknown, maximum: number): string {
  if (typeof value === 'string' && !value.includes('\0') && Buffer.byteLength(value) <= maximum) return value;
  const allowed = `text without NUL of at most ${maximum} bytes`;
  throw (typeof value === 'string' ? outOfRange : wrongType)(path, allowed, value);
}

/** Who judges arguments: the library, or, where they can be encoded at all, the kernel. */
export type Checks = 'library' | 'kernel';

/** The check of names of kernel objects that `checks` asks for. */
export function nameCheck(checks: Checks): typeof checkName {
  return checks === 'library' ? checkName : checkEncodable;
}

/** Refuses anything but an object. */
export function checkObject(path: string, value: unknown): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongType(path, 'an object', value);
}

/** Refuses anything but an object, and keys that are not in `known`: a misspelt option must not be a lost one. */
export function checkOptions(path: string, value: unknown, known: readonly string[]): void {
  checkObject(path, value);
  for (const key in value) {
    if (!known.includes(key) && Object.hasOwn(value, key))
      throw wrongType(
        `${path}.${key}`,
        `absent; ${path} has ${known.join(', ')}`,
        (value as Record<string, unknown>)[key],
      );
  }
}

function detailed<E extends Error>(error: E, path: string, allowed: string): E & ArgumentErrorDetails {
  return Object.assign(error, { code: 'ERR_IPVS_ARGUMENT' as const, path, allowed });
}

function sentence(path: string, allowed: string, value: unknown): string {
  return `${path} must be ${allowed}, not ${show(value)}`;
}

function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value === 'number') return String(value);
  try {
    return value === undefined ? 'undefined' : clip(JSON.stringify(value));
  } catch {
    return 'an object';
  }
}

/** What is shown of a long value: a document that was read as one text may be megabytes. */
function clip(text: string): string {
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}… (${text.length} characters)`;
}
