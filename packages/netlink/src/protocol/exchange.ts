import { argumentsOf } from '../argument-checks.js';
import type { Conversation, Expectation } from './conversation.js';
import { ERRNO } from '../errno.js';
import { type Failure, failureError, NetlinkError } from '../errors.js';
import {
  type Family,
  type FamilyHandle,
  isHandle,
  type Operation,
  readReply,
  writeRequest,
} from './generic.js';
import type { AttributeSet, Shape, Values, ReaderOf } from '../schema/definition.js';
import type { Fields, FieldValues } from '../schema/codec.js';
import { readRawReply, writeRawRequest } from './raw.js';
import type { SendBuffer } from './send-buffer.js';

/** One request to a family and how its answers become values of `T`. */
export interface Request<T = unknown> {
  /** The family, or a handle that the client looks up. */
  readonly family: Family | FamilyHandle;
  readonly operation: Operation<Shape, Shape>;
  readonly values: Values<Shape>;
  /** The structure before the attributes, for operations that have one. */
  readonly header?: FieldValues<Fields> | undefined;
  /** The attributes of the request, already encoded; `values` is ignored then. */
  readonly encoded?: Uint8Array | undefined;
  /** Whether `values` were already checked: then a batch does not check them again before it sends anything. */
  readonly isChecked?: boolean | undefined;
  /** Converts one answer to a value. The reader is valid during the call only. */
  readonly read?: ((reader: ReaderOf<Shape>, header: FieldValues<Fields> | undefined) => T) | undefined;
}

/** Creates a request; the compiler checks its values against the operation's attributes. */
export function request<Asked extends Shape, Reply extends Shape, T = void>(
  family: Family | FamilyHandle,
  operation: Operation<Asked, Reply>,
  values: Values<Asked>,
  read?: (reader: ReaderOf<Reply>) => T,
): Request<T> {
  return { family, operation: operation, values, read: read as Request<T>['read'] };
}

/** Creates a request to a family that is not a generic one, with the structure before the attributes. */
export function rawRequest<Asked extends Shape, Reply extends Shape, Header extends Fields, T>(
  family: Family,
  operation: Operation<Asked, Reply, Header>,
  header: FieldValues<Header>,
  values: Values<Asked>,
  read: (reader: ReaderOf<Reply>, header: FieldValues<Header>) => T,
): Request<T> {
  return {
    family,
    operation: operation,
    values,
    header: header,
    read: read as unknown as Request<T>['read'],
  };
}

/** The outcome of one request of a batch. */
export type Outcome<T = unknown> = { readonly ok: true; readonly value: T } | FailedOutcome;

/** The outcome of all requests that succeeded and return nothing: a batch may have many. */
const DONE: Outcome = Object.freeze({ ok: true, value: undefined });

/** A request that failed. */
export interface FailedOutcome {
  readonly ok: false;
  /** The errno of the kernel, if it sent one; cheaper to read than `error`. */
  readonly errno: number | undefined;
  /** Created when it is first read. */
  readonly error: NetlinkError;
}

/** A failure whose error is created when it is first read: thousands may fail, and often nobody reads why. */
export class Failed<E extends Error> {
  readonly ok = false;
  readonly errno: number | undefined;
  readonly #make: () => E;
  #error: E | undefined;

  constructor(errno: number | undefined, make: () => E) {
    this.errno = errno;
    this.#make = make;
  }

  get error(): E {
    return (this.#error ??= this.#make());
  }
}

/** The outcome of a request that failed with `failure`. */
export function failedOutcome(failure: Failure): FailedOutcome {
  return new Failed(failure.errno, () => failureError(failure));
}

/** The outcome of a request that could not be repeated, or was not sent. */
export function failedWith(error: unknown): FailedOutcome {
  if (!NetlinkError.is(error)) throw error;
  return { ok: false, errno: error.errno, error };
}

/** Returns the value of an outcome, or throws its error. */
export function valueOf(outcome: Outcome | undefined): unknown {
  if (outcome === undefined) throw new TypeError('a request without an outcome');
  if (!outcome.ok) throw outcome.error;
  return outcome.value;
}

/** Readers by attribute set, which a client keeps to use them for every message. */
export type Readers = Map<AttributeSet<Shape>, ReaderOf<Shape>>;

/** A request that may have failed because its family has another number by now, and the family that it was sent to. */
export interface Suspect {
  readonly index: number;
  readonly used: Family;
}

/** One send: its requests, and the values of their answers. Does no I/O. */
export class Exchange {
  readonly #buffer: SendBuffer;
  readonly #readers: Readers;
  readonly #requests: Request[] = [];
  readonly #families: Family[] = [];
  readonly #results: unknown[] = [];

  constructor(buffer: SendBuffer, readers: Readers) {
    buffer.clear();
    this.#buffer = buffer;
    this.#readers = readers;
  }

  /** Adds a request to `family`; returns false if it does not fit. The first always fits. */
  add(request: Request, family: Family): boolean {
    const { operation, header, values, encoded } = request;
    const isAdded = this.#buffer.add((writer, seq) => {
      if (family.raw === true) writeRawRequest(writer, operation, header, values, seq);
      else writeRequest(writer, family, operation, encoded ?? values, { seq });
    });
    if (!isAdded) return false;
    this.#results.push(operation.mode === 'dump' ? [] : undefined);
    this.#requests.push(request);
    this.#families.push(family);
    return true;
  }

  /** Ends the list; returns the bytes to send, and the conversation that takes the answers. */
  start(): { bytes: Uint8Array; conversation: Conversation } {
    return this.#buffer.start(this.#requests.map(expectation), (index, view, start, end) => {
      this.#collect(index, view, start, end);
    });
  }

  /** Returns one outcome for each request, in order, once the conversation is over. */
  outcomes({ failures }: Conversation): Outcome[] {
    return this.#results.map((value, index) => {
      const failure = failures.get(index);
      if (failure !== undefined) return failedOutcome(failure);
      return value === undefined ? DONE : { ok: true, value };
    });
  }

  /**
   * The requests to handles that failed with ENOENT. It has other causes too, so only a new look-up shows whether the
   * number changed.
   */
  suspects({ failures }: Conversation): Suspect[] {
    return [...failures].flatMap(([index, { errno }]) =>
      errno === ERRNO.ENOENT && isHandle((this.#requests[index] as Request).family)
        ? [{ index, used: this.#families[index] as Family }]
        : [],
    );
  }

  /** The outcomes if the exchange itself failed: the result of none of its requests is known. */
  failed(error: unknown): Outcome[] {
    const outcome = failedWith(error);
    return this.#requests.map(() => outcome);
  }

  #collect(index: number, view: DataView, start: number, end: number): void {
    const { operation, read } = this.#requests[index] as Request;
    if (operation.reply === undefined || read === undefined) return;
    const { attributes, command } = operation.reply;
    const reader = this.#reader(attributes);
    let header: FieldValues<Fields> | undefined;
    if (this.#families[index]?.raw === true) header = readRawReply(reader, operation, view, start, end);
    else readReply(reader, command, view, start, end);
    const value = read(reader, header);
    if (operation.mode === 'dump') (this.#results[index] as unknown[]).push(value);
    else this.#results[index] = value;
  }

  #reader(set: AttributeSet<Shape>): ReaderOf<Shape> {
    let reader = this.#readers.get(set);
    if (reader === undefined) this.#readers.set(set, (reader = set.reader()));
    return reader;
  }
}

function expectation({ operation }: Request): Expectation {
  if (operation.mode === 'dump') return 'dump';
  return operation.reply === undefined ? 'quiet' : 'reply';
}

/**
 * Throws for dumps, before anything is sent: the kernel runs one dump for each socket, and a second one would fail with
 * EBUSY.
 */
export function checkBatched({ operation, values, encoded, isChecked }: Request, index: number): void {
  if (operation.mode === 'dump') {
    throw argumentsOf.mistake(
      `requests[${index}]`,
      'no dump',
      `request ${index} of the batch is the dump ${operation.name}; a batch holds no dumps`,
      'type',
    );
  }
  if (encoded === undefined && isChecked !== true) operation.request.check(values);
}
