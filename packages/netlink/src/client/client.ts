import { TimeSlice, ITEMS_PER_SLICE } from '../time-slice.js';
import {
  ClientBase,
  failedWith,
  familiesRequest,
  familyError,
  familyNotFound,
  familyRequest,
  valueOf,
} from './client-base.js';
import { closedError, NetlinkError } from '../errors.js';
import type { Conversation } from '../protocol/conversation.js';
import {
  checkBatched,
  type Exchange,
  type Outcome,
  type Request,
  type Suspect,
} from '../protocol/exchange.js';
import {
  type AnyOperation,
  type Family,
  type FamilyHandle,
  type FamilyOptions,
  isHandle,
} from '../protocol/generic.js';
import { converse, isPromise, type Talk } from '../io/converse.js';
import { NetlinkSocket, type SocketOptions } from '../io/socket.js';
import { socketTransport, type Transport } from '../io/transport.js';
import { PendingCalls } from './pending-calls.js';
import { Turns } from './turns.js';

/** What every waiting call takes. */
export interface CallOptions {
  /** Ends the wait. A request that was already sent to the kernel is executed all the same. */
  readonly signal?: AbortSignal | undefined;
}

/** Requests that are sent without a thread: more may take the kernel long. */
const FEW = 16;

/** What became of the requests of one send. */
interface Exchanged {
  readonly outcomes: Outcome[];
  readonly suspects: Suspect[];
}

/**
 * A netlink client that holds the event loop for a millisecond at a time. Calls may overlap: they are sent one after
 * the other, each answered to its own caller. What takes the kernel microseconds is done at once, what may take long on
 * another thread.
 */
export class NetlinkClient {
  readonly #base: ClientBase;
  readonly #talk: Talk;
  readonly #pending = new PendingCalls();
  readonly #slice = new TimeSlice();
  readonly #turns = new Turns(this.#slice);
  #closing: Promise<void> | undefined;

  /** Takes over `transport`, a socket by default; {@link NetlinkClient.close} closes it. */
  constructor(transport: Transport) {
    this.#base = new ClientBase(transport);
    this.#talk = { transport, trace: this.#base.trace, slice: this.#slice };
  }

  /** Opens a socket. Throws ERR_NETLINK_PLATFORM, ERR_NETLINK_NO_FFI, ERR_NETLINK_NETNS, ERR_NETLINK_SYSCALL. */
  static open(options: SocketOptions = {}): NetlinkClient {
    return new NetlinkClient(socketTransport(new NetlinkSocket(options)));
  }

  /** Looks a family up, once; requests to its handle find it from then on. Rejects with ERR_NETLINK_FAMILY_NOT_FOUND. */
  async family(name: string, options: FamilyOptions = {}): Promise<Family> {
    const handle = { ...options, name };
    return this.#base.find(handle) ?? this.#turn(() => this.#lookUp(handle));
  }

  /** Makes a family that is not looked up, and its operations, known to the trace. */
  know(family: Family, operations: readonly AnyOperation[]): void {
    this.#base.learn(family, operations);
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
    this.#base.checkOpen();
    signal?.throwIfAborted();
    const outcomes = this.#turns.take(() => this.#send([request], 0));
    if (!isPromise(outcomes)) return firstOf<T>(outcomes);
    return this.#pend(
      (begin) => void begin(),
      () => outcomes,
      signal,
    ).then(firstOf<T>);
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
        outcomes.push(...(await this.#turn(() => this.#send(requests, outcomes.length))));
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
      this.#base.closed = true;
      this.#pending.rejectAll(closedError('netlink client'));
      this.#closing = new Promise((resolve) => {
        this.#turns.wait(() => {
          resolve(this.#talk.transport.close());
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
    const outcomes = await this.#turn(() => this.#send([request], 0), signal);
    return firstOf<T>(outcomes);
  }

  /** Does `work` when all earlier turns are over, unless its call was rejected by then. */
  async #turn<T>(work: () => Promise<T> | T, signal?: AbortSignal): Promise<T> {
    this.#base.checkOpen();
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

  /** In a turn: sends as many requests as fit, and those again whose family has another number by now. */
  #send(requests: readonly Request[], from: number): Promise<Outcome[]> | Outcome[] {
    const exchanged = this.#exchange(requests, from);
    if (isPromise(exchanged)) return exchanged.then((each) => this.#repeat(requests, from, each));
    return exchanged.suspects.length === 0 ? exchanged.outcomes : this.#repeat(requests, from, exchanged);
  }

  async #repeat(
    requests: readonly Request[],
    from: number,
    { outcomes, suspects }: Exchanged,
  ): Promise<Outcome[]> {
    if (suspects.length === 0) return outcomes;
    try {
      const again: Request[] = [];
      const places: number[] = [];
      for (const { index, used } of suspects) {
        if (!(await this.#hasMoved(used))) continue;
        again.push(requests[from + index] as Request);
        places.push(index);
      }
      const second: Outcome[] = [];
      while (second.length < again.length)
        second.push(...(await this.#exchange(again, second.length)).outcomes);
      for (const [at, index] of places.entries()) outcomes[index] = second[at] as Outcome;
    } catch (error) {
      for (const { index } of suspects) outcomes[index] = failedWith(error);
    }
    return outcomes;
  }

  /** In a turn: whether a family that was used has another number now. */
  async #hasMoved(used: Family): Promise<boolean> {
    const handle = { name: used.name };
    // Another object has been looked up since.
    const known = this.#base.find(handle);
    const now = known === used ? await this.#lookUp(handle) : known;
    return now !== undefined && now.id !== used.id;
  }

  /** In a turn. */
  async #lookUp(handle: FamilyHandle): Promise<Family> {
    const { name } = handle;
    const { autoload = true, operations } = this.#base.optionsOf(handle);
    if (!autoload) {
      const [outcome] = (await this.#exchange([familiesRequest()], 0)).outcomes;
      const found = (valueOf(outcome) as Family[]).find((family) => family.name === name);
      if (found === undefined) throw familyNotFound(name);
      return this.#base.learn(found, operations);
    }
    try {
      const [outcome] = (await this.#exchange([familyRequest(name)], 0)).outcomes;
      return this.#base.learn(valueOf(outcome) as Family, operations);
    } catch (error) {
      throw familyError(name, error);
    }
  }

  /** In a turn: sends as many requests as fit, from `from` on. */
  #exchange(requests: readonly Request[], from: number): Promise<Exchanged> | Exchanged {
    const { family: first } = requests[from] as Request;
    if (isHandle(first) && this.#base.find(first) === undefined)
      return this.#lookUp(first).then(() => this.#exchange(requests, from));
    const exchange = this.#base.begin();
    if (requests.length - from > FEW) return this.#exchangeMany(exchange, requests, from);
    let slow = false;
    for (let index = from; index < requests.length; index++) {
      const each = requests[index] as Request;
      if (!this.#base.add(exchange, each)) break;
      slow ||= each.operation.slow === true;
    }
    return this.#converse(exchange, slow);
  }

  async #exchangeMany(exchange: Exchange, requests: readonly Request[], from: number): Promise<Exchanged> {
    for (let index = from; index < requests.length; index++) {
      if (!this.#base.add(exchange, requests[index] as Request)) break;
      if (index % ITEMS_PER_SLICE === 0 && this.#slice.isOver()) await this.#slice.pause();
    }
    return this.#converse(exchange, true);
  }

  #converse(exchange: Exchange, slow: boolean): Promise<Exchanged> | Exchanged {
    const { bytes, conversation } = exchange.start();
    try {
      const end = converse(this.#talk, bytes, conversation, slow);
      if (end === undefined) return exchanged(exchange, conversation);
      return end.then(
        () => exchanged(exchange, conversation),
        (error: unknown) => failed(exchange, error),
      );
    } catch (error) {
      return failed(exchange, error);
    }
  }
}

function exchanged(exchange: Exchange, conversation: Conversation): Exchanged {
  return { outcomes: exchange.outcomes(conversation), suspects: exchange.suspects(conversation) };
}

function failed(exchange: Exchange, error: unknown): Exchanged {
  return { outcomes: exchange.failed(error), suspects: [] };
}

/** The value of the only request. */
function firstOf<T>([outcome]: readonly Outcome[]): T | T[] {
  return valueOf(outcome) as T | T[];
}
