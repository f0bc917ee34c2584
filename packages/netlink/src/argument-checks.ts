/** Checks of arguments. Their errors name the argument and the allowed values. */

/** What is wrong with an argument, as properties of its error. */
export interface ArgumentMistake {
  /** The argument: `options.netns`. */
  readonly path: string;
  /** The allowed values as text: `an integer from 0 to 255`. */
  readonly allowed: string;
  /** `type`: it has the wrong type; `range`: it has the right type but is out of range. */
  readonly kind: 'type' | 'range';
}

/** The longest path that the kernel accepts: PATH_MAX without its NUL. */
const LONGEST_PATH = 4095;

/** The most characters of a value that an error prints. */
const MOST_SHOWN = 100;

/** A value as errors print it. */
function shown(value: unknown): string {
  switch (typeof value) {
    case 'string': {
      const text = JSON.stringify(value.slice(0, MOST_SHOWN));
      return value.length > MOST_SHOWN ? `${text}… (${value.length} characters)` : text;
    }
    case 'number':
    case 'boolean':
    case 'undefined':
    case 'bigint':
      return String(value).slice(0, MOST_SHOWN);
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
    case 'function':
    case 'symbol':
      return `a ${typeof value}`;
  }
}

/** Kinds of values that a field of an object has to have. */
export type ArgumentKind = 'object' | 'list' | 'text' | 'number' | 'function' | 'bytes';

/** The allowed values of a kind as text, and its test. */
interface KindTest {
  readonly allowed: string;
  readonly test: (value: unknown) => boolean;
}

const KINDS: Readonly<Record<ArgumentKind, KindTest>> = {
  object: {
    allowed: 'an object',
    test: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  },
  list: { allowed: 'a list', test: (value) => Array.isArray(value) },
  text: { allowed: 'text', test: (value) => typeof value === 'string' },
  number: { allowed: 'a number', test: (value) => typeof value === 'number' && !Number.isNaN(value) },
  function: { allowed: 'a function', test: (value) => typeof value === 'function' },
  bytes: { allowed: 'a Uint8Array', test: (value) => value instanceof Uint8Array },
};

/** The checks of one package, whose errors `make` creates. */
export class ArgumentChecks {
  readonly #make: (message: string, mistake: ArgumentMistake) => Error;

  constructor(make: (message: string, mistake: ArgumentMistake) => Error) {
    this.#make = make;
  }

  /** The error for a value that is not allowed. */
  error(path: string, allowed: string, value: unknown, kind: 'type' | 'range' = 'type'): Error {
    return this.mistake(path, allowed, `${path} must be ${allowed}, not ${shown(value)}`, kind);
  }

  /** The error with a message of its own. */
  mistake(path: string, allowed: string, message: string, kind: 'type' | 'range' = 'range'): Error {
    return this.#make(message, { path, allowed, kind });
  }

  /** Throws unless a value is of a kind. */
  is(path: string, value: unknown, kind: ArgumentKind): void {
    const { allowed, test } = KINDS[kind];
    if (!test(value)) throw this.error(path, allowed, value);
  }

  /** Throws unless a value is an object with fields of these kinds. */
  object(path: string, value: unknown, fields: Readonly<Record<string, ArgumentKind>> = {}): void {
    this.is(path, value, 'object');
    for (const name in fields) {
      const { allowed, test } = KINDS[fields[name] as ArgumentKind];
      const own = (value as Record<string, unknown>)[name];
      if (!test(own)) throw this.error(`${path}.${name}`, allowed, own);
    }
  }

  /** Throws unless a value is undefined or an object. */
  options(path: string, value: unknown): void {
    if (value !== undefined) this.is(path, value, 'object');
  }

  /** Throws unless a value is a list of items of a kind. */
  list(path: string, value: unknown, kind: ArgumentKind): void {
    this.is(path, value, 'list');
    const { allowed, test } = KINDS[kind];
    for (const [at, item] of (value as unknown[]).entries())
      if (!test(item)) throw this.error(`${path}[${at}]`, allowed, item);
  }

  /** Throws unless a value is an integer from `minimum` to `maximum`. */
  integer(path: string, value: unknown, minimum: number, maximum: number): void {
    if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum) return;
    const kind = typeof value === 'number' ? 'range' : 'type';
    throw this.error(path, `an integer from ${minimum} to ${maximum}`, value, kind);
  }

  /** Throws unless a value is text without NUL of at most `longest` characters. */
  text(path: string, value: unknown, longest: number): void {
    if (typeof value === 'string' && value.length <= longest && !value.includes('\0')) return;
    const kind = typeof value === 'string' ? 'range' : 'type';
    throw this.error(path, `text without NUL of at most ${longest} characters`, value, kind);
  }

  /** Throws unless a value is a path that the kernel accepts. */
  path(path: string, value: unknown): void {
    this.text(path, value, LONGEST_PATH);
  }
}

/** Returns a function that creates a `TypeError` or a `RangeError` with a code. */
export function errorsWithCode(code: string): (message: string, mistake: ArgumentMistake) => Error {
  return (message, { path, allowed, kind }) =>
    Object.assign(kind === 'type' ? new TypeError(message) : new RangeError(message), {
      code,
      path,
      allowed,
    });
}

/** The checks of this package. */
export const argumentsOf = new ArgumentChecks(errorsWithCode('ERR_NETLINK_ARGUMENT'));
