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
import { checkBatched, type Outcome, type Request, type Suspect } from '../protocol/exchange.js';
import {
  type AnyOperation,
  type Family,
  type FamilyHandle,
  type FamilyOptions,
  isHandle,
} from '../protocol/generic.js';
import { NetlinkSocket, type SocketOptions } from '../io/socket.js';
import { converse, socketTransport, type Transport } from '../io/transport.js';
import { PendingCalls } from './pending-calls.js';

/** What every waiting call takes. */
export interface CallOptions {
  /** Ends the wait. A request that was already sent to the kernel is executed all the same. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A netlink client that never holds the event loop for the kernel. Calls may overlap: they are sent one after
 * the other, each answered to its own caller.
 */
export class NetlinkClient {
  readonly #transport: Transport;
  readonly #base: ClientBase;
  readonly #pending = new PendingCalls();
  #tail: Promise<unknown> = Promise.resolve();

  /** Takes over `transport`, a socket by default; {@link NetlinkClient.close} closes it. */
  constructor(transport: Transport) {
    this.#transport = transport;
    this.#base = new ClientBase(transport);
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
    return valueOf((await this.#turn(() => this.#send([request], 0), options.signal))[0]) as T;
  }

  /** Executes one dump; resolves with a value for each message. */
  async dump<T>(request: Request<T>, options: CallOptions = {}): Promise<T[]> {
    return valueOf((await this.#turn(() => this.#send([request], 0), options.signal))[0]) as T[];
  }

  /**
   * Executes many "do" requests in few sends. One outcome a request, in order; a failure does not stop the others.
   * When `signal` is aborted no further send is made: the outcomes are then fewer than the requests, exactly those of
   * the requests that were executed.
   */
  async batch(requests: readonly Request[], { signal }: CallOptions = {}): Promise<Outcome[]> {
    const slice = new TimeSlice();
    for (let index = 0; index < requests.length; index++) {
      checkBatched(requests[index] as Request, index);
      if (index % ITEMS_PER_SLICE === 0 && slice.isOver()) await slice.pause();
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
    if (!this.#base.closed) {
      this.#base.closed = true;
      this.#pending.rejectAll(closedError('netlink client'));
      this.#tail = this.#tail.then(() => this.#transport.close());
    }
    await this.#tail;
  }

  /** `close`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Runs `work` when all earlier turns are over, unless its call was rejected by then. */
  async #turn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#base.checkOpen();
    signal?.throwIfAborted();
    return new Promise<T>((resolve, reject) => {
      this.#pending.add(reject, signal);
      this.#tail = this.#tail.then(async () => {
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
  async #send(requests: readonly Request[], from: number): Promise<Outcome[]> {
    const { outcomes, suspects } = await this.#exchange(requests, from);
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
  async #exchange(
    requests: readonly Request[],
    from: number,
  ): Promise<{ outcomes: Outcome[]; suspects: Suspect[] }> {
    const { family: first } = requests[from] as Request;
    if (isHandle(first) && this.#base.find(first) === undefined) await this.#lookUp(first);
    const exchange = this.#base.begin();
    const slice = new TimeSlice();
    for (let index = from; index < requests.length; index++) {
      if (!this.#base.add(exchange, requests[index] as Request)) break;
      if (index % ITEMS_PER_SLICE === 0 && slice.isOver()) await slice.pause();
    }
    const { bytes, conversation } = exchange.start();
    try {
      await converse(this.#transport, bytes, conversation, this.#base.trace);
    } catch (error) {
      return { outcomes: exchange.failed(error), suspects: [] };
    }
    return { outcomes: exchange.outcomes(conversation), suspects: exchange.suspects(conversation) };
  }
}
