import { TimeSlice, ITEMS_PER_SLICE } from '../time-slice.js';
import type { FamilyOptions } from './client-sync.js';
import {
  ClientBase,
  familiesRequest,
  familyError,
  familyNotFound,
  familyRequest,
  SEND_BYTES,
  valueOf,
} from './client-base.js';
import { NetlinkError } from '../errors.js';
import { checkBatched, type Outcome, type Request } from '../protocol/exchange.js';
import type { AnyOperation, Family } from '../protocol/generic.js';
import { NetlinkSocket, type SocketOptions } from '../io/socket.js';
import { converse, socketTransport, type Transport } from '../io/transport.js';
import { PendingCalls } from './pending-calls.js';

/** What every waiting call takes. */
export interface CallOptions {
  /** Ends the wait. A request that the kernel has been given is executed all the same. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A netlink client that never holds the event loop for the kernel. Calls may overlap: they are sent one after
 * the other, each answered to its own caller.
 */
export class NetlinkClient {
  readonly #transport: Transport;
  readonly #core: ClientBase;
  readonly #waiters = new PendingCalls();
  #closed = false;
  #tail: Promise<unknown> = Promise.resolve();

  /** Takes over `transport`, a socket by default; {@link NetlinkClient.close} closes it. */
  constructor(transport: Transport) {
    this.#transport = transport;
    this.#core = new ClientBase(transport.firstSeq);
  }

  /** Opens a socket. Throws ERR_NETLINK_PLATFORM, ERR_NETLINK_NO_FFI, ERR_NETLINK_NETNS, ERR_NETLINK_SYSCALL. */
  static open(options: SocketOptions = {}): NetlinkClient {
    return new NetlinkClient(socketTransport(new NetlinkSocket(options)));
  }

  /** Looks a family up, once. Rejects with ERR_NETLINK_FAMILY_NOT_FOUND. */
  async family(name: string, { autoload = true, operations = [] }: FamilyOptions = {}): Promise<Family> {
    const known = this.#core.families.get(name);
    if (known !== undefined) return known;
    if (!autoload) {
      const found = (await this.dump(familiesRequest())).find((family) => family.name === name);
      if (found === undefined) throw familyNotFound(name);
      return this.#core.learn(found, operations);
    }
    try {
      return this.#core.learn(await this.do(familyRequest(name)), operations);
    } catch (error) {
      throw familyError(name, error);
    }
  }

  /** Makes a family that is not looked up, and its operations, known to the trace. */
  know(family: Family, operations: readonly AnyOperation[]): void {
    this.#core.learn(family, operations);
  }

  /** Forgets a family, whose number changes when its module is loaded again. */
  forget(name: string): void {
    this.#core.families.delete(name);
  }

  /** Executes one "do" request. Rejects with ERR_NETLINK_KERNEL and the kernel's errno, or ERR_NETLINK_NO_ANSWER. */
  async do<T>(request: Request<T>, options: CallOptions = {}): Promise<T> {
    return valueOf((await this.#turn(() => this.#run([request], 0), options.signal))[0]) as T;
  }

  /** Executes one dump; a value a message. */
  async dump<T>(request: Request<T>, options: CallOptions = {}): Promise<T[]> {
    return valueOf((await this.#turn(() => this.#run([request], 0), options.signal))[0]) as T[];
  }

  /**
   * Executes many "do" requests in few sends. One outcome a request, in order; a failure does not stop the others.
   * When `signal` is aborted no further send is made: the outcomes are then fewer than the requests, exactly those of
   * the requests that were executed.
   */
  async batch(requests: readonly Request[], { signal }: CallOptions = {}): Promise<Outcome[]> {
    const breath = new TimeSlice();
    for (let index = 0; index < requests.length; index++) {
      checkBatched(requests[index] as Request, index);
      if (index % ITEMS_PER_SLICE === 0 && breath.isOver()) await breath.pause();
    }
    const outcomes: Outcome[] = [];
    try {
      while (outcomes.length < requests.length && signal?.aborted !== true) {
        outcomes.push(...(await this.#turn(() => this.#run(requests, outcomes.length))));
      }
    } catch (error) {
      if (outcomes.length === 0 || !NetlinkError.is(error)) throw error;
      // Closed under way: what ran has its outcome, and so has the rest.
      while (outcomes.length < requests.length) outcomes.push({ ok: false, errno: undefined, error });
    }
    return outcomes;
  }

  /** Rejects what waits with ERR_NETLINK_CLOSED, lets the kernel finish what it was given, and closes the socket. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#waiters.rejectAll(closedError());
      this.#tail = this.#tail.then(() => this.#transport.close());
    }
    await this.#tail;
  }

  /** `close`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Runs `work` when all earlier turns are over, unless its caller has been sent away by then. */
  async #turn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#closed) throw closedError();
    signal?.throwIfAborted();
    return new Promise<T>((resolve, reject) => {
      this.#waiters.add(reject, signal);
      this.#tail = this.#tail.then(async () => {
        try {
          if (this.#waiters.has(reject)) resolve(await work());
        } catch (error) {
          reject(error);
        } finally {
          this.#waiters.remove(reject, signal);
        }
      });
    });
  }

  async #run(requests: readonly Request[], from: number): Promise<Outcome[]> {
    const limits = { answers: this.#transport.capacity, bytes: SEND_BYTES };
    const exchange = this.#core.begin();
    const breath = new TimeSlice();
    for (let index = from; index < requests.length; index++) {
      if (!exchange.add(requests[index] as Request, limits)) break;
      if (index % ITEMS_PER_SLICE === 0 && breath.isOver()) await breath.pause();
    }
    this.#core.take(exchange.size);
    const { bytes, conversation } = exchange.start();
    try {
      await converse(this.#transport, bytes, conversation, this.#core.trace);
    } catch (error) {
      return exchange.failed(error);
    }
    return exchange.outcomes(conversation);
  }
}

function closedError(): NetlinkError {
  return new NetlinkError('ERR_NETLINK_CLOSED', 'the netlink client is closed');
}
