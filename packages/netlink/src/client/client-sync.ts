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
import {
  checkBatched,
  Failed,
  type FailedOutcome,
  type Limits,
  type Outcome,
  type Request,
} from '../protocol/exchange.js';
import type { AnyOperation, Family } from '../protocol/generic.js';
import { type EncodedRequest, SendBuffer } from '../protocol/send-buffer.js';
import { type DatagramReader, scan } from '../bulk/scan.js';
import { NetlinkSocket, type SocketOptions } from '../io/socket.js';
import { converseSync, type TransportSync } from '../io/transport-sync.js';

/** How a family is looked up. */
export interface FamilyOptions {
  /** `false`: only look at what is loaded. By default the look-up makes the kernel load the family's module. */
  readonly autoload?: boolean | undefined;
  /** The family's operations, for the trace. */
  readonly operations?: readonly AnyOperation[] | undefined;
}

/** A netlink client whose calls return when the kernel has answered. */
export class NetlinkClientSync {
  readonly #transport: TransportSync;
  readonly #core: ClientBase;
  #closed = false;

  /** Takes over `transport`, a socket by default; {@link NetlinkClientSync.close} closes it. */
  constructor(transport: TransportSync) {
    this.#transport = transport;
    this.#core = new ClientBase(transport.firstSeq);
  }

  /** Opens a socket. Throws ERR_NETLINK_PLATFORM, ERR_NETLINK_NO_FFI, ERR_NETLINK_NETNS, ERR_NETLINK_SYSCALL. */
  static open(options: SocketOptions = {}): NetlinkClientSync {
    return new NetlinkClientSync(new NetlinkSocket(options));
  }

  /** Looks a family up, once. Throws ERR_NETLINK_FAMILY_NOT_FOUND. */
  family(name: string, { autoload = true, operations = [] }: FamilyOptions = {}): Family {
    const known = this.#core.families.get(name);
    if (known !== undefined) return known;
    if (!autoload) {
      const found = this.dump(familiesRequest()).find((family) => family.name === name);
      if (found === undefined) throw familyNotFound(name);
      return this.#core.learn(found, operations);
    }
    try {
      return this.#core.learn(this.do(familyRequest(name)), operations);
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

  /** Executes one "do" request. Throws ERR_NETLINK_KERNEL with the kernel's errno, ERR_NETLINK_NO_ANSWER. */
  do<T>(request: Request<T>): T {
    return valueOf(this.#run([request], 0)[0]) as T;
  }

  /** Executes one dump; a value a message. */
  dump<T>(request: Request<T>): T[] {
    return valueOf(this.#run([request], 0)[0]) as T[];
  }

  /** Executes many "do" requests in few sends. One outcome a request, in order; a failure does not stop the others. */
  batch(requests: readonly Request[]): Outcome[] {
    requests.forEach(checkBatched);
    const outcomes: Outcome[] = [];
    while (outcomes.length < requests.length) outcomes.push(...this.#run(requests, outcomes.length));
    return outcomes;
  }

  /** Room for requests of one send that are written before they are sent, for {@link NetlinkClientSync.sendPacked}. */
  packed(): SendBuffer {
    return new SendBuffer(this.#limits, (count) => this.#core.take(count));
  }

  /** Sends what was packed, at once. The requests that failed, by their index, in order. */
  sendPacked(packed: SendBuffer): ReadonlyMap<number, FailedOutcome> {
    if (this.#closed) throw closed();
    const { bytes, conversation } = packed.start();
    try {
      converseSync(this.#transport, bytes, conversation, this.#core.trace);
    } catch (error) {
      if (!NetlinkError.is(error)) throw error;
      return new Map(
        Array.from({ length: packed.size }, (_, index) => [index, { ok: false, errno: error.errno, error }]),
      );
    }
    const failures = [...conversation.failures].sort(([left], [right]) => left - right);
    return new Map(failures.map(([index, failure]) => [index, new Failed(failure)]));
  }

  /**
   * Executes one dump whose request is written already, but for its sequence number; `reader` is given the datagrams. False
   * if anything came that is not as always: then {@link NetlinkClientSync.dump} is due, which says what it is. Throws
   * ERR_NETLINK_CLOSED, ERR_NETLINK_SYSCALL if it cannot be sent.
   */
  scan(request: EncodedRequest, reader: DatagramReader): boolean {
    if (this.#closed) throw closed();
    return scan(this.#transport, this.#core.trace, request, this.#core.take(1), reader);
  }

  /** Closes the socket. Calls after it throw ERR_NETLINK_CLOSED. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#transport.close();
  }

  /** `close`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** How much a send may hold. Throws ERR_NETLINK_CLOSED. */
  get #limits(): Limits {
    if (this.#closed) throw closed();
    return { answers: this.#transport.capacity, bytes: SEND_BYTES };
  }

  #run(requests: readonly Request[], from: number): Outcome[] {
    const limits = this.#limits;
    const exchange = this.#core.begin();
    for (let index = from; index < requests.length; index++) {
      if (!exchange.add(requests[index] as Request, limits)) break;
    }
    this.#core.take(exchange.size);
    const { bytes, conversation } = exchange.start();
    try {
      converseSync(this.#transport, bytes, conversation, this.#core.trace);
    } catch (error) {
      return exchange.failed(error);
    }
    return exchange.outcomes(conversation);
  }
}

function closed(): NetlinkError {
  return new NetlinkError('ERR_NETLINK_CLOSED', 'the netlink client is closed');
}
