import { argumentsOf } from '../argument-checks.js';
import { checkFamily, checkRequest, checkScan } from './arguments.js';
import { TimeSlice, ITEMS_PER_SLICE } from '../time-slice.js';
import { closedError, NetlinkError } from '../errors.js';
import { checkBatched, failedWith, type Outcome, type Request, valueOf } from '../protocol/exchange.js';
import type { AnyOperation, Family, FamilyOptions } from '../protocol/generic.js';
import { Trace } from '../protocol/trace.js';
import { isPromise, type MaybePromise } from '../io/maybe-promise.js';
import { NetlinkSocket, type SocketOptions } from '../io/socket.js';
import { socketTransport } from '../io/socket-transport.js';
import { converse, type Talk, type Transport } from '../io/transport.js';
import type { EncodedRequest } from '../protocol/send-buffer.js';
import { PendingCalls } from './pending-calls.js';
import { type DatagramReader, scanShared } from './scan.js';
import { Sender } from './sender.js';
import { Turns } from './turns.js';

/** Options of every asynchronous call. */
export interface CallOptions {
  /** Ends the wait. A request that was already sent to the kernel is executed all the same. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A netlink client that blocks the event loop for at most about a millisecond at a time. Calls may overlap: they are
 * sent one after another, and each caller receives its own answer. Requests that take the kernel microseconds run on
 * the event loop's thread, those that may take long on another one.
 */
export class NetlinkClient {
  readonly #transport: Transport;
  readonly #sender: Sender;
  readonly #talk: Talk;
  readonly #pending = new PendingCalls();
  readonly #slice = new TimeSlice();
  readonly #turns = new Turns(this.#slice);
  #closing: Promise<void> | undefined;

  /** Takes over `transport`, a socket by default; {@link NetlinkClient.close} closes it. */
  constructor(transport: Transport) {
    argumentsOf.object('transport', transport, { send: 'function', receive: 'function' });
    this.#transport = transport;
    const { capacity, firstSeq } = transport;
    const slice = this.#slice;
    const trace = new Trace();
    const talk = (this.#talk = { transport, trace, slice });
    this.#sender = new Sender(
      {
        capacity,
        firstSeq,
        slice,
        converse: (bytes, conversation, slow) => converse(talk, bytes, conversation, slow),
      },
      trace,
    );
  }

  /** Opens a socket. Throws ERR_NETLINK_PLATFORM, ERR_NETLINK_NO_FFI, ERR_NETLINK_NETNS, ERR_NETLINK_SYSCALL. */
  static open(options: SocketOptions = {}): NetlinkClient {
    return new NetlinkClient(socketTransport(new NetlinkSocket(options)));
  }

  /**
   * Looks a family up, once; later requests to its handle use the result. Rejects with ERR_NETLINK_FAMILY_NOT_FOUND.
   */
  async family(name: string, options: FamilyOptions = {}): Promise<Family> {
    checkFamily(name, options);
    const handle = { ...options, name };
    return this.#sender.find(handle) ?? this.#turn(() => this.#sender.lookUp(handle));
  }

  /** The family of this name as it was last looked up; undefined if it was not. */
  knownFamily(name: string): Family | undefined {
    return this.#sender.find({ name });
  }

  /** Adds a family that is not looked up, and its operations, to the names in the trace. */
  know(family: Family, operations: readonly AnyOperation[]): void {
    argumentsOf.object('family', family, { name: 'text' });
    argumentsOf.list('operations', operations, 'object');
    this.#sender.learn(family, operations);
  }

  /** Executes one "do" request. Rejects with ERR_NETLINK_KERNEL and the kernel's errno, or ERR_NETLINK_NO_ANSWER. */
  async do<T>(request: Request<T>, options: CallOptions = {}): Promise<T> {
    return (await this.#one(request, options)) as T;
  }

  /** Executes one dump; resolves with a value for each message. */
  async dump<T>(request: Request<T>, options: CallOptions = {}): Promise<T[]> {
    return (await this.#one(request, options)) as T[];
  }

  /**
   * Like {@link NetlinkClient.do}, or {@link NetlinkClient.dump} for a dump, but returns the value itself, or throws,
   * if the kernel can be asked at once; otherwise returns a promise. This avoids a promise for each of thousands of
   * calls. A caller that makes many calls without waiting should check a {@link TimeSlice} between them.
   */
  ask<T>(request: Request<T>, options: CallOptions = {}): Promise<T | T[]> | T | T[] {
    checkRequest(request);
    argumentsOf.is('options', options, 'object');
    if (!this.#turns.isFree) return this.#one(request, options);
    const { signal } = options;
    this.#sender.checkOpen();
    signal?.throwIfAborted();
    const outcomes = this.#turns.take(() => this.#sender.send([request], 0));
    if (!isPromise(outcomes)) return firstOf<T>(outcomes);
    return this.#pend(
      (begin) => void begin(),
      () => outcomes,
      signal,
    ).then(firstOf<T>);
  }

  /**
   * Executes one dump whose request is already encoded except for its sequence number, and passes the datagrams of the
   * answer to `reader`. Returns false if anything unexpected was received: {@link NetlinkClient.dump} reports what it
   * is. Like {@link NetlinkClient.ask}, it returns a promise only if it has to wait; with `inTurn` it always waits its
   * turn among all calls. Fails with ERR_NETLINK_CLOSED, and with ERR_NETLINK_SYSCALL if it cannot be sent.
   */
  scan(
    request: EncodedRequest,
    reader: DatagramReader,
    options: CallOptions & { readonly inTurn?: boolean | undefined } = {},
  ): Promise<boolean> | boolean {
    checkScan(request, reader);
    argumentsOf.is('options', options, 'object');
    const { signal, inTurn = false } = options;
    const work = (): MaybePromise<boolean> =>
      scanShared(this.#talk, request, this.#sender.numbers.take(1), reader);
    if (inTurn || !this.#turns.isFree) return this.#turn(work, signal);
    this.#sender.checkOpen();
    signal?.throwIfAborted();
    const result = this.#turns.take(work);
    if (!isPromise(result)) return result;
    return this.#pend(
      (begin) => void begin(),
      () => result,
      signal,
    );
  }

  /**
   * Executes many "do" requests in few sends. Resolves with one outcome for each request, in order; a failure does not
   * stop the others. After `signal` is aborted nothing more is sent: there are fewer outcomes than requests then,
   * exactly those of the requests that were executed.
   */
  async batch(requests: readonly Request[], options: CallOptions = {}): Promise<Outcome[]> {
    argumentsOf.is('requests', requests, 'list');
    argumentsOf.is('options', options, 'object');
    const { signal } = options;
    for (let index = 0; index < requests.length; index++) {
      checkRequest(requests[index], 'each request');
      checkBatched(requests[index] as Request, index);
      if (index % ITEMS_PER_SLICE === 0 && this.#slice.isOver()) await this.#slice.pause();
    }
    const outcomes: Outcome[] = [];
    try {
      while (outcomes.length < requests.length && signal?.aborted !== true) {
        outcomes.push(...(await this.#turn(() => this.#sender.send(requests, outcomes.length))));
      }
    } catch (error) {
      if (outcomes.length === 0 || !NetlinkError.is(error)) throw error;
      // Closed between two sends: the requests that were executed keep their outcomes, the rest fail.
      while (outcomes.length < requests.length) outcomes.push(failedWith(error));
    }
    return outcomes;
  }

  /** Rejects pending calls with ERR_NETLINK_CLOSED, waits for the send in progress, and closes the socket. */
  async close(): Promise<void> {
    if (this.#closing === undefined) {
      this.#sender.closed = true;
      this.#pending.rejectAll(closedError('netlink client'));
      this.#closing = new Promise((resolve) => {
        this.#turns.wait(() => {
          resolve(this.#transport.close());
        });
      });
    }
    await this.#closing;
  }

  /** `close`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #one<T>(request: Request<T>, options: CallOptions): Promise<T | T[]> {
    checkRequest(request);
    argumentsOf.is('options', options, 'object');
    const { signal } = options;
    const outcomes = await this.#turn(() => this.#sender.send([request], 0), signal);
    return firstOf<T>(outcomes);
  }

  /** Runs `work` after all earlier turns, unless its call has been rejected by then. */
  async #turn<T>(work: () => Promise<T> | T, signal?: AbortSignal): Promise<T> {
    this.#sender.checkOpen();
    signal?.throwIfAborted();
    return this.#pend((begin) => this.#turns.wait(begin), work, signal);
  }

  /** Returns a promise of the result of `work`, which is rejected early if the call is aborted or the client closed. */
  async #pend<T>(
    start: (begin: () => Promise<void>) => void,
    work: () => Promise<T> | T,
    signal?: AbortSignal,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#pending.add(reject, signal);
      start(async () => {
        try {
          if (this.#pending.has(reject)) resolve(await work());
        } catch (error) {
          reject(error);
        } finally {
          this.#pending.remove(reject, signal);
        }
      });
    });
  }
}

/** The value of the only request. */
function firstOf<T>([outcome]: readonly Outcome[]): T | T[] {
  return valueOf(outcome) as T | T[];
}
