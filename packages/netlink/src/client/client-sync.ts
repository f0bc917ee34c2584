import { argumentsOf } from '../argument-checks.js';
import { checkFamily, checkReader, checkRequest, checkRequests, checkScan } from './arguments.js';
import type { Conversation } from '../protocol/conversation.js';
import { LITTLE_ENDIAN } from '../wire/align.js';
import { SEQUENCE_AT, TYPE_AT } from '../wire/constants.js';
import { ERRNO } from '../errno.js';
import { NetlinkError } from '../errors.js';
import {
  checkBatched,
  type FailedOutcome,
  failedOutcome,
  type Outcome,
  type Request,
  valueOf,
} from '../protocol/exchange.js';
import type { AnyOperation, Family, FamilyOptions } from '../protocol/generic.js';
import type { EncodedRequest, SendBuffer } from '../protocol/send-buffer.js';
import { Trace } from '../protocol/trace.js';
import { isPromise, type MaybePromise } from '../io/maybe-promise.js';
import { NetlinkSocket, type SocketOptions } from '../io/socket.js';
import { converseSync, type TransportSync } from '../io/transport-sync.js';
import { type DatagramReader, scan } from './scan.js';
import { Sender } from './sender.js';

/** A netlink client whose calls return when the kernel has answered. */
export class NetlinkClientSync {
  readonly #transport: TransportSync;
  readonly #sender: Sender;

  /** Takes over `transport`, a socket by default; {@link NetlinkClientSync.close} closes it. */
  constructor(transport: TransportSync) {
    argumentsOf.object('transport', transport, { send: 'function', receive: 'function' });
    this.#transport = transport;
    const { capacity, firstSeq } = transport;
    const trace = new Trace();
    const converse = (bytes: Uint8Array, conversation: Conversation): void => {
      converseSync(transport, bytes, conversation, trace);
    };
    this.#sender = new Sender({ capacity, firstSeq, converse }, trace);
  }

  /** Opens a socket. Throws ERR_NETLINK_PLATFORM, ERR_NETLINK_NO_FFI, ERR_NETLINK_NETNS, ERR_NETLINK_SYSCALL. */
  static open(options: SocketOptions = {}): NetlinkClientSync {
    return new NetlinkClientSync(new NetlinkSocket(options));
  }

  /** Looks a family up, once; later requests to its handle use the result. Throws ERR_NETLINK_FAMILY_NOT_FOUND. */
  family(name: string, options: FamilyOptions = {}): Family {
    checkFamily(name, options);
    const handle = { ...options, name };
    return this.#sender.find(handle) ?? atOnce(this.#sender.lookUp(handle));
  }

  /** Adds a family that is not looked up, and its operations, to the names in the trace. */
  know(family: Family, operations: readonly AnyOperation[]): void {
    argumentsOf.object('family', family, { name: 'text' });
    argumentsOf.list('operations', operations, 'object');
    this.#sender.learn(family, operations);
  }

  /** Executes one "do" request. Throws ERR_NETLINK_KERNEL with the kernel's errno, ERR_NETLINK_NO_ANSWER. */
  do<T>(request: Request<T>): T {
    checkRequest(request);
    return valueOf(this.#send([request], 0)[0]) as T;
  }

  /** Executes one dump; returns a value for each message. */
  dump<T>(request: Request<T>): T[] {
    checkRequest(request);
    return valueOf(this.#send([request], 0)[0]) as T[];
  }

  /** Executes many "do" requests in few sends. One outcome a request, in order; a failure does not stop the others. */
  batch(requests: readonly Request[]): Outcome[] {
    checkRequests(requests);
    requests.forEach(checkBatched);
    const outcomes: Outcome[] = [];
    while (outcomes.length < requests.length) outcomes.push(...this.#send(requests, outcomes.length));
    return outcomes;
  }

  /** Creates a buffer for the requests of one send, for {@link NetlinkClientSync.sendBuffered}. */
  sendBuffer(): SendBuffer {
    this.#sender.checkOpen();
    return this.#sender.sendBuffer();
  }

  /**
   * Sends the requests in a buffer, all to `family`, none of which asks for data. Returns the failures by the index of
   * their request, in order. Requests that failed because the number of the family has changed are repeated.
   */
  sendBuffered(buffer: SendBuffer, family: Family): ReadonlyMap<number, FailedOutcome> {
    const failures = this.#sendBuffered(buffer);
    const suspects = [...failures.keys()].filter((index) => failures.get(index)?.errno === ERRNO.ENOENT);
    if (suspects.length === 0 || !atOnce(this.#sender.hasMoved(family))) return failures;
    const { id } = this.#sender.find({ name: family.name }) as Family;
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
   * Executes one dump whose request is already encoded except for its sequence number, and passes the datagrams of the
   * answer to `reader`. Returns false if anything unexpected was received: {@link NetlinkClientSync.dump} reports what
   * it is. Throws ERR_NETLINK_CLOSED, and ERR_NETLINK_SYSCALL if it cannot be sent.
   */
  scan(request: EncodedRequest, reader: DatagramReader): boolean {
    checkScan(request, reader);
    this.#sender.checkOpen();
    return scan(this.#transport, this.#sender.trace, request, this.#sender.numbers.take(1), reader);
  }

  /**
   * Returns a function that does what {@link NetlinkClientSync.scan} does, for many dumps that one reader takes: arguments are checked
   * once, `request` not at all.
   */
  scanner(reader: DatagramReader): (request: EncodedRequest) => boolean {
    checkReader(reader);
    const transport = this.#transport;
    const sender = this.#sender;
    const { trace, numbers } = sender;
    return (request) => {
      if (sender.closed) sender.checkOpen();
      return scan(transport, trace, request, numbers.take(1), reader);
    };
  }

  /** Closes the socket. Calls after it throw ERR_NETLINK_CLOSED. */
  close(): void {
    if (this.#sender.closed) return;
    this.#sender.closed = true;
    this.#transport.close();
  }

  /** `close`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  #send(requests: readonly Request[], from: number): Outcome[] {
    return atOnce(this.#sender.send(requests, from));
  }

  #sendBuffered(buffer: SendBuffer): Map<number, FailedOutcome> {
    this.#sender.checkOpen();
    const { bytes, conversation } = buffer.start();
    try {
      converseSync(this.#transport, bytes, conversation, this.#sender.trace);
    } catch (error) {
      if (!NetlinkError.is(error)) throw error;
      const { errno } = error;
      return new Map(Array.from({ length: buffer.size }, (_, index) => [index, { ok: false, errno, error }]));
    }
    const failures = [...conversation.failures].sort(([left], [right]) => left - right);
    return new Map(failures.map(([index, failure]) => [index, failedOutcome(failure)]));
  }
}

/** The value itself: the synchronous client never waits. */
function atOnce<T>(value: MaybePromise<T>): T {
  if (isPromise(value)) throw new TypeError('a synchronous transport made a client wait');
  return value;
}
