/** Checks of arguments: what they reject gets an error that names the argument and what it may be. */

/** What is wrong about an argument, as properties of its error. */
export interface ArgumentMistake {
  /** The argument: `options.netns`. */
  readonly path: string;
  /** The allowed values as text: `an integer from 0 to 255`. */
  readonly allowed: string;
  /** `type`: it has the wrong type; `range`: it has the right type but is out of range. */
  readonly kind: 'type' | 'range';
}

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
      return String(value);
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
    case 'bigint':
    case 'function':
    case 'symbol':
      return `a ${typeof value}`;
  }
}

/** Kinds of values that a field of an object has to have. */
export type ArgumentKind = 'object' | 'list' | 'text' | 'number' | 'function' | 'bytes';

const KINDS: Readonly<Record<ArgumentKind, readonly [allowed: string, test: (value: unknown) => boolean]>> = {
  object: ['an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)],
  list: ['a list', (value) => Array.isArray(value)],
  text: ['text', (value) => typeof value === 'string'],
  number: ['a number', (value) => typeof value === 'number' && !Number.isNaN(value)],
  function: ['a function', (value) => typeof value === 'function'],
  bytes: ['a Uint8Array', (value) => value instanceof Uint8Array],
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
    const [allowed, test] = KINDS[kind];
    if (!test(value)) throw this.error(path, allowed, value);
  }

  /** Throws unless a value is an object with fields of these kinds. */
  object(path: string, value: unknown, fields: Readonly<Record<string, ArgumentKind>> = {}): void {
    this.is(path, value, 'object');
    for (const name in fields)
      this.is(`${path}.${name}`, (value as Record<string, unknown>)[name], fields[name] as ArgumentKind);
  }

  /** Throws unless a value is undefined or an object. */
  options(path: string, value: unknown): void {
    if (value !== undefined) this.is(path, value, 'object');
  }

  /** Throws unless a value is a list of items of a kind. */
  list(path: string, value: unknown, kind: ArgumentKind): void {
    this.is(path, value, 'list');
    for (const [at, item] of (value as unknown[]).entries()) this.is(`${path}[${at}]`, item, kind);
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
}

/** A maker of `TypeError` and `RangeError` with a code. */
export function errorsWithCode(code: string): (message: string, mistake: ArgumentMistake) => Error {
  return (message, { path, allowed, kind }) =>
    Object.assign(kind === 'type' ? new TypeError(message) : new RangeError(message), {
      code,
      path,
      allowed,
    });
}

/** The longest path that the kernel takes. */
export const LONGEST_PATH = 4095;

/** The checks of this package. */
export const argumentsOf = new ArgumentChecks(errorsWithCode('ERR_NETLINK_ARGUMENT'));
