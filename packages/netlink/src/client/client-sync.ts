import { LITTLE_ENDIAN } from '../wire/align.js';
import { SEQUENCE_AT, TYPE_AT } from '../wire/constants.js';
import {
  ClientBase,
  failedWith,
  familiesRequest,
  familyError,
  familyNotFound,
  familyRequest,
  valueOf,
} from './client-base.js';
import { ERRNO } from '../errno.js';
import { NetlinkError } from '../errors.js';
import {
  checkBatched,
  type FailedOutcome,
  failedOutcome,
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
import type { EncodedRequest, SendBuffer } from '../protocol/send-buffer.js';
import { NetlinkSocket, type SocketOptions } from '../io/socket.js';
import { converseSync, type TransportSync } from '../io/transport-sync.js';
import { type DatagramReader, scan } from './scan.js';

/** A netlink client whose calls return when the kernel has answered. */
export class NetlinkClientSync {
  readonly #transport: TransportSync;
  readonly #base: ClientBase;

  /** Takes over `transport`, a socket by default; {@link NetlinkClientSync.close} closes it. */
  constructor(transport: TransportSync) {
    this.#transport = transport;
    this.#base = new ClientBase(transport);
  }

  /** Opens a socket. Throws ERR_NETLINK_PLATFORM, ERR_NETLINK_NO_FFI, ERR_NETLINK_NETNS, ERR_NETLINK_SYSCALL. */
  static open(options: SocketOptions = {}): NetlinkClientSync {
    return new NetlinkClientSync(new NetlinkSocket(options));
  }

  /** Looks a family up, once; requests to its handle find it from then on. Throws ERR_NETLINK_FAMILY_NOT_FOUND. */
  family(name: string, options: FamilyOptions = {}): Family {
    const handle = { ...options, name };
    return this.#base.find(handle) ?? this.#lookUp(handle);
  }

  /** Makes a family that is not looked up, and its operations, known to the trace. */
  know(family: Family, operations: readonly AnyOperation[]): void {
    this.#base.learn(family, operations);
  }

  /** Executes one "do" request. Throws ERR_NETLINK_KERNEL with the kernel's errno, ERR_NETLINK_NO_ANSWER. */
  do<T>(request: Request<T>): T {
    return valueOf(this.#send([request], 0)[0]) as T;
  }

  /** Executes one dump; returns a value for each message. */
  dump<T>(request: Request<T>): T[] {
    return valueOf(this.#send([request], 0)[0]) as T[];
  }

  /** Executes many "do" requests in few sends. One outcome a request, in order; a failure does not stop the others. */
  batch(requests: readonly Request[]): Outcome[] {
    requests.forEach(checkBatched);
    return this.#sendAll(requests);
  }

  /** A buffer for requests of one send that are encoded before they are sent, for {@link NetlinkClientSync.sendBuffered}. */
  sendBuffer(): SendBuffer {
    this.#base.checkOpen();
    return this.#base.sendBuffer();
  }

  /**
   * Sends what is in a buffer, requests to `family` that are at most acknowledged. The requests that failed, by their
   * index, in order. Those that failed because the family has another number by now are repeated.
   */
  sendBuffered(buffer: SendBuffer, family: Family): ReadonlyMap<number, FailedOutcome> {
    const failures = this.#sendBuffered(buffer);
    const suspects = [...failures.keys()].filter((index) => failures.get(index)?.errno === ERRNO.ENOENT);
    if (suspects.length === 0 || !this.#hasMoved(family)) return failures;
    const { id } = this.#base.find({ name: family.name }) as Family;
    const second = this.sendBuffer();
    for (const index of suspects) {
      second.add((writer, seq) => {
        const at = writer.length;
        writer.append(buffer.message(index));
        writer.view.setUint32(at + SEQUENCE_AT, seq, LITTLE_ENDIAN);
        writer.view.setUint16(at + TYPE_AT, id, LITTLE_ENDIAN);
      });
    }
    const results = this.#sendBuffered(second);
    const found = [...failures].filter(([index]) => !suspects.includes(index));
    for (const [at, outcome] of results) found.push([suspects[at] as number, outcome]);
    return new Map(found.sort(([left], [right]) => left - right));
  }

  /**
   * Executes one dump whose request is encoded already, but for its sequence number, and passes the datagrams of the
   * answer to `reader`. False if anything unexpected came: then {@link NetlinkClientSync.dump} tells what it is. Throws
   * ERR_NETLINK_CLOSED, and ERR_NETLINK_SYSCALL if it cannot be sent.
   */
  scan(request: EncodedRequest, reader: DatagramReader): boolean {
    this.#base.checkOpen();
    return scan(this.#transport, this.#base.trace, request, this.#base.numbers.take(1), reader);
  }

  /** Closes the socket. Calls after it throw ERR_NETLINK_CLOSED. */
  close(): void {
    if (this.#base.closed) return;
    this.#base.closed = true;
    this.#transport.close();
  }

  /** `close`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  #sendAll(requests: readonly Request[]): Outcome[] {
    const outcomes: Outcome[] = [];
    while (outcomes.length < requests.length) outcomes.push(...this.#send(requests, outcomes.length));
    return outcomes;
  }

  /** Sends as many requests as fit, from `from` on, and those again whose family has another number by now. */
  #send(requests: readonly Request[], from: number): Outcome[] {
    const { outcomes, suspects } = this.#exchange(requests, from);
    if (suspects.length === 0) return outcomes;
    try {
      const moved = suspects.filter(({ used }) => this.#hasMoved(used));
      const again = moved.map(({ index }) => requests[from + index] as Request);
      const second: Outcome[] = [];
      while (second.length < again.length) second.push(...this.#exchange(again, second.length).outcomes);
      for (const [at, { index }] of moved.entries()) outcomes[index] = second[at] as Outcome;
    } catch (error) {
      for (const { index } of suspects) outcomes[index] = failedWith(error);
    }
    return outcomes;
  }

  /** Whether a family that was used has another number now. */
  #hasMoved(used: Family): boolean {
    const handle = { name: used.name };
    // Another object has been looked up since.
    const known = this.#base.find(handle);
    const now = known === used ? this.#lookUp(handle) : known;
    return now !== undefined && now.id !== used.id;
  }

  #lookUp(handle: FamilyHandle): Family {
    const { name } = handle;
    const { autoload = true, operations } = this.#base.optionsOf(handle);
    if (!autoload) {
      const found = this.dump(familiesRequest()).find((family) => family.name === name);
      if (found === undefined) throw familyNotFound(name);
      return this.#base.learn(found, operations);
    }
    try {
      return this.#base.learn(this.do(familyRequest(name)), operations);
    } catch (error) {
      throw familyError(name, error);
    }
  }

  #exchange(requests: readonly Request[], from: number): { outcomes: Outcome[]; suspects: Suspect[] } {
    this.#base.checkOpen();
    const { family: first } = requests[from] as Request;
    if (isHandle(first) && this.#base.find(first) === undefined) this.#lookUp(first);
    const exchange = this.#base.begin();
    for (let index = from; index < requests.length; index++)
      if (!this.#base.add(exchange, requests[index] as Request)) break;
    const { bytes, conversation } = exchange.start();
    try {
      converseSync(this.#transport, bytes, conversation, this.#base.trace);
    } catch (error) {
      return { outcomes: exchange.failed(error), suspects: [] };
    }
    return { outcomes: exchange.outcomes(conversation), suspects: exchange.suspects(conversation) };
  }

  #sendBuffered(buffer: SendBuffer): Map<number, FailedOutcome> {
    this.#base.checkOpen();
    const { bytes, conversation } = buffer.start();
    try {
      converseSync(this.#transport, bytes, conversation, this.#base.trace);
    } catch (error) {
      if (!NetlinkError.is(error)) throw error;
      const { errno } = error;
      return new Map(Array.from({ length: buffer.size }, (_, index) => [index, { ok: false, errno, error }]));
    }
    const failures = [...conversation.failures].sort(([left], [right]) => left - right);
    return new Map(failures.map(([index, failure]) => [index, failedOutcome(failure)]));
  }
}
