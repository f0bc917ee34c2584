import { TimeSlice, ITEMS_PER_SLICE } from '../time-slice.js';
import { closedError, NetlinkError } from '../errors.js';
import { checkBatched, failedWith, type Outcome, type Request, valueOf } from '../protocol/exchange.js';
import type { AnyOperation, Family, FamilyOptions } from '../protocol/generic.js';
import { Trace } from '../protocol/trace.js';
import { isPromise, type MaybePromise } from '../io/maybe-promise.js';
import { NetlinkSocket, type SocketOptions } from '../io/socket.js';
import { converse, socketTransport, type Talk, type Transport } from '../io/transport.js';
import type { EncodedRequest } from '../protocol/send-buffer.js';
import { PendingCalls } from './pending-calls.js';
import { type DatagramReader, scanShared } from './scan.js';
import { Sender } from './sender.js';
import { Turns } from './turns.js';

/** What every waiting call takes. */
export interface CallOptions {
  /** Ends the wait. A request that was already sent to the kernel is executed all the same. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A netlink client that holds the event loop for a millisecond at a time. Calls may overlap: they are sent one after
 * the other, each answered to its own caller. What takes the kernel microseconds is done at once, what may take long on
 * another thread.
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

  /** Looks a family up, once; requests to its handle find it from then on. Rejects with ERR_NETLINK_FAMILY_NOT_FOUND. */
  async family(name: string, options: FamilyOptions = {}): Promise<Family> {
    const handle = { ...options, name };
    return this.#sender.find(handle) ?? this.#turn(() => this.#sender.lookUp(handle));
  }

  /** The family of this name as it was looked up last; undefined if it was not yet. */
  knownFamily(name: string): Family | undefined {
    return this.#sender.find({ name });
  }

  /** Makes a family that is not looked up, and its operations, known to the trace. */
  know(family: Family, operations: readonly AnyOperation[]): void {
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
   * Like {@link NetlinkClient.do}, or {@link NetlinkClient.dump} for a dump, but returns the value itself where the kernel
   * can be asked at once, and throws then; a promise otherwise. It spares work of thousands of calls as many promises.
   * Whoever makes many calls without a wait checks a {@link TimeSlice} in between.
   */
  ask<T>(request: Request<T>, options: CallOptions = {}): Promise<T | T[]> | T | T[] {
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
   * Executes one dump whose request is encoded already, but for its sequence number, and passes the datagrams of the
   * answer to `reader`. False if anything unexpected came: then {@link NetlinkClient.dump} tells what it is. Like
   * {@link NetlinkClient.ask}, it returns a promise only where something has to be waited for, unless `inTurn`: then it
   * is sent in its turn among all calls. ERR_NETLINK_CLOSED, and ERR_NETLINK_SYSCALL if it cannot be sent.
   */
  scan(
    request: EncodedRequest,
    reader: DatagramReader,
    { signal, inTurn = false }: CallOptions & { readonly inTurn?: boolean | undefined } = {},
  ): Promise<boolean> | boolean {
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
   * Executes many "do" requests in few sends. One outcome a request, in order; a failure does not stop the others.
   * When `signal` is aborted no further send is made: the outcomes are then fewer than the requests, exactly those of
   * the requests that were executed.
   */
  async batch(requests: readonly Request[], { signal }: CallOptions = {}): Promise<Outcome[]> {
    for (let index = 0; index < requests.length; index++) {
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
      // Closed in between: what ran has its outcome, and so has the rest.
      while (outcomes.length < requests.length) outcomes.push(failedWith(error));
    }
    return outcomes;
  }

  /** Rejects pending calls with ERR_NETLINK_CLOSED, lets the kernel finish what it was sent, and closes the socket. */
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

  async #one<T>(request: Request<T>, { signal }: CallOptions): Promise<T | T[]> {
    const outcomes = await this.#turn(() => this.#sender.send([request], 0), signal);
    return firstOf<T>(outcomes);
  }

  /** Does `work` when all earlier turns are over, unless its call was rejected by then. */
  async #turn<T>(work: () => Promise<T> | T, signal?: AbortSignal): Promise<T> {
    this.#sender.checkOpen();
    signal?.throwIfAborted();
    return this.#pend((begin) => this.#turns.wait(begin), work, signal);
  }

  /** A promise of what `work` returns that ends early when the call is aborted or the client closed. */
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
