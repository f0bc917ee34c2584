import { LITTLE_ENDIAN } from '../wire/align.js';
import { NLM_F } from '../wire/constants.js';
import { Conversation, type Expectation } from './conversation.js';
import { type Failure, failureError, NetlinkError } from '../errors.js';
import { type Family, type Operation, readReply, writeRequest } from './generic.js';
import type { AttributeSet, Shape, Values, ReaderOf } from '../schema/definition.js';
import type { Fields, FieldValues } from '../schema/codec.js';
import { readRawReply, writeRawRequest } from './raw.js';
import type { Writer } from '../wire/writer.js';

/** One request to a family and how its answers become values of `T`. */
export interface Request<T = unknown> {
  readonly family: Family;
  readonly operation: Operation<Shape, Shape>;
  readonly values: Values<Shape>;
  /** The structure before the attributes, for operations that have one. */
  readonly header?: FieldValues<Fields> | undefined;
  /** The attributes of the request, encoded already: what stands in `values` is not looked at then. */
  readonly encoded?: Uint8Array | undefined;
  /** Makes a value of one answer. The window is valid during the call only. */
  readonly read?: ((window: ReaderOf<Shape>, header: FieldValues<Fields> | undefined) => T) | undefined;
}

/** States a request, its values checked against the operation's attributes by the compiler. */
export function request<Asked extends Shape, Reply extends Shape, T = void>(
  family: Family,
  operation: Operation<Asked, Reply>,
  values: Values<Asked>,
  read?: (window: ReaderOf<Reply>) => T,
): Request<T> {
  return { family, operation: operation, values, read: read as Request<T>['read'] };
}

/** States a request to a family that is no generic one, with the structure that stands before the attributes. */
export function rawRequest<Asked extends Shape, Reply extends Shape, Header extends Fields, T>(
  family: Family,
  operation: Operation<Asked, Reply, Header>,
  header: FieldValues<Header>,
  values: Values<Asked>,
  read: (window: ReaderOf<Reply>, header: FieldValues<Header>) => T,
): Request<T> {
  return {
    family,
    operation: operation,
    values,
    header: header,
    read: read as unknown as Request<T>['read'],
  };
}

/** What became of one request of a batch. */
export type Outcome<T = unknown> = { readonly ok: true; readonly value: T } | FailedOutcome;

/** A request that failed. */
export interface FailedOutcome {
  readonly ok: false;
  /** The errno of the kernel, where it gave one: cheaper than asking for the error. */
  readonly errno: number | undefined;
  /** Made when it is first asked for. */
  readonly error: NetlinkError;
}

/** A failure as an outcome; its error is made when it is first asked for. */
export class Failed implements FailedOutcome {
  readonly ok = false;
  readonly #failure: Failure;
  #error: NetlinkError | undefined;

  constructor(failure: Failure) {
    this.#failure = failure;
  }

  get errno(): number | undefined {
    return this.#failure.errno;
  }

  get error(): NetlinkError {
    return (this.#error ??= failureError(this.#failure));
  }
}

/** How much one send may hold. */
export interface Limits {
  /** Answers that the receive buffer holds for certain. */
  readonly answers: number;
  /** Bytes; the kernel refuses more than its send buffer (212 960 unless changed). */
  readonly bytes: number;
}

/** Windows by attribute set, kept by a client so that no message makes a new one. */
export type Readers = Map<AttributeSet<Shape>, ReaderOf<Shape>>;

/**
 * The requests of one send and the collecting of their answers; pure. In a batch only the last request asks for an
 * acknowledgement: those before it that fail are answered all the same, and silence about them is success.
 */
export class Exchange {
  readonly #writer: Writer;
  readonly #firstSeq: number;
  readonly #windows: Readers;
  readonly #requests: Request[] = [];
  readonly #results: unknown[] = [];
  #lastMessage = 0;

  constructor(writer: Writer, firstSeq: number, windows: Readers) {
    writer.clear();
    this.#writer = writer;
    this.#firstSeq = firstSeq;
    this.#windows = windows;
  }

  get size(): number {
    return this.#requests.length;
  }

  /** Adds a request, unless that would go over `limits`; a first request always fits. */
  add(request: Request, limits: Limits): boolean {
    const writer = this.#writer;
    if (this.size >= limits.answers) return false;
    const { family, operation, header, values, encoded } = request;
    const at = writer.length;
    const envelope = { seq: this.#firstSeq + this.size };
    if (family.raw === true) writeRawRequest(writer, operation, header, values, envelope);
    else writeRequest(writer, family, operation, encoded ?? values, envelope);
    if (this.size > 0 && writer.length > limits.bytes) {
      writer.cut(at);
      return false;
    }
    this.#lastMessage = at;
    this.#results.push(operation.mode === 'dump' ? [] : undefined);
    this.#requests.push(request);
    return true;
  }

  /** Closes the list: what to send, and the conversation that takes the answers. */
  start(): { bytes: Uint8Array; conversation: Conversation } {
    const expectations = this.#requests.map(expectation);
    const last = expectations.length - 1;
    if (expectations[last] === 'quiet') {
      expectations[last] = 'ack';
      const { view } = this.#writer;
      const flags = this.#lastMessage + 6;
      view.setUint16(flags, view.getUint16(flags, LITTLE_ENDIAN) | NLM_F.ACK, LITTLE_ENDIAN);
    }
    const conversation = new Conversation(this.#firstSeq, expectations, (index, view, start, end) => {
      this.#collect(index, view, start, end);
    });
    return { bytes: this.#writer.written(), conversation };
  }

  /** One outcome a request, in order, once the conversation is over. */
  outcomes({ failures }: Conversation): Outcome[] {
    return this.#results.map((value, index) => {
      const failure = failures.get(index);
      return failure === undefined ? { ok: true, value } : new Failed(failure);
    });
  }

  /** The outcomes when the exchange itself failed: none of its requests has a result that is known. */
  failed(error: unknown): Outcome[] {
    if (!NetlinkError.is(error)) throw error;
    return this.#requests.map(() => ({ ok: false, errno: error.errno, error }));
  }

  #collect(index: number, view: DataView, start: number, end: number): void {
    const { family, operation, read } = this.#requests[index] as Request;
    if (operation.reply === undefined || read === undefined) return;
    const { attributes, command } = operation.reply;
    const window = this.#window(attributes);
    let header: FieldValues<Fields> | undefined;
    if (family.raw === true) header = readRawReply(window, operation, view, start, end);
    else readReply(window, command, view, start, end);
    const value = read(window, header);
    if (operation.mode === 'dump') (this.#results[index] as unknown[]).push(value);
    else this.#results[index] = value;
  }

  #window(set: AttributeSet<Shape>): ReaderOf<Shape> {
    let window = this.#windows.get(set);
    if (window === undefined) this.#windows.set(set, (window = set.window()));
    return window;
  }
}

function expectation({ operation }: Request): Expectation {
  if (operation.mode === 'dump') return 'dump';
  return operation.reply === undefined ? 'quiet' : 'reply';
}

/** Refuses what a batch cannot hold, before any of it is sent. */
export function checkBatched({ operation, values, encoded }: Request, index: number): void {
  // The kernel runs one dump a socket, and the next one would meet EBUSY.
  if (operation.mode === 'dump') {
    throw new TypeError(
      `request ${index} of the batch is the dump ${operation.name}; a batch holds no dumps`,
    );
  }
  if (encoded === undefined) operation.request.check(values);
}
