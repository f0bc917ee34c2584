/**
 * Doubles for tests: a kernel that answers bytes with bytes, without a socket.
 *
 * @packageDocumentation
 */
import { LITTLE_ENDIAN } from './wire/align.js';
import { HEADER_BYTES, NLMSG, SEQUENCE_AT, STATUS_BYTES } from './wire/constants.js';
import { ERRNO } from './errno.js';
import { closedError, NetlinkError } from './errors.js';
import { transportOf, type Transport } from './io/transport.js';
import type { TransportSync } from './io/transport-sync.js';
import { Messages } from './wire/message.js';

export { type Attribute, attributes } from './wire/attribute.js';
export { transportOf } from './io/transport.js';
export { CONTROLLER, FAMILY } from './protocol/controller.js';
export { EXTENDED_ACK } from './protocol/extended-ack.js';
export { align4 } from './wire/align.js';
export { HEADER_BYTES, NLA_F_NESTED, NLM_F, NLMSG, PORT_AT } from './wire/constants.js';
export { beginMessage, endMessage, type MessageHeader, Messages } from './wire/message.js';

/** Anything that answers the datagrams of requests with datagrams of replies. */
export interface KernelDouble {
  /** The answers to one send, in the order in which a socket would receive them. */
  handle(request: Uint8Array): readonly (Uint8Array | typeof OVERRUN)[];
}

/** In a list of answers: a `recv` that fails with ENOBUFS. */
export const OVERRUN = Symbol('ENOBUFS');

/** A synchronous transport to a double. */
export function doubleTransportSync(kernel: KernelDouble, capacity = 200): TransportSync {
  const queue: (Uint8Array | typeof OVERRUN)[] = [];
  let closed = false;
  const alive = (): void => {
    if (closed) throw closedError('transport');
  };
  return {
    capacity,
    send: (bytes) => {
      alive();
      queue.push(...kernel.handle(bytes.slice()));
    },
    receive: () => {
      alive();
      const next = queue.shift();
      if (next === OVERRUN)
        throw new NetlinkError('ERR_NETLINK_OVERRUN', 'the receive buffer overflowed', {
          errno: ERRNO.ENOBUFS,
        });
      return next;
    },
    close: () => {
      closed = true;
    },
  };
}

/** An asynchronous transport to a double. */
export function doubleTransport(kernel: KernelDouble, capacity = 200): Transport {
  return transportOf(doubleTransportSync(kernel, capacity));
}

/** One exchange of a script: the expected bytes, and the datagrams that answer them. */
export interface ScriptedExchange {
  /** For messages. */
  readonly name?: string;
  /** What the client must send; anything by default. Sequence numbers and port ids are not compared. */
  readonly request?: Uint8Array;
  /** The answers. Their sequence numbers are replaced by those of the request that they answer. */
  readonly replies: readonly (Uint8Array | typeof OVERRUN)[];
}

/**
 * A kernel that follows a script of recorded requests and replies. The client may number its messages as it likes.
 * Throws at the first request that is not the expected one.
 */
export class ScriptedKernel implements KernelDouble {
  readonly #script: readonly ScriptedExchange[];
  #position = 0;

  constructor(script: readonly ScriptedExchange[]) {
    this.#script = script;
  }

  /** Whether the whole script has been played. */
  get finished(): boolean {
    return this.#position === this.#script.length;
  }

  handle(request: Uint8Array): (Uint8Array | typeof OVERRUN)[] {
    const exchange = this.#script[this.#position++];
    if (exchange === undefined) throw new Error('the script of the kernel is over, and yet a request comes');
    const recorded = exchange.request;
    if (recorded !== undefined && comparable(recorded) !== comparable(request)) {
      throw new Error(
        `request "${exchange.name ?? ''}" differs:\n  due ${comparable(recorded)}\n  got ${comparable(request)}`,
      );
    }
    const shift = firstSeq(request) - (recorded === undefined ? firstSeq(request) : firstSeq(recorded));
    return exchange.replies.map((reply) => (reply === OVERRUN ? reply : renumber(reply, shift)));
  }
}

function firstSeq(bytes: Uint8Array): number {
  const messages = new Messages(bytes);
  messages.next();
  return messages.seq;
}

/** A copy of the messages as hex with sequence numbers and port ids blanked. */
function comparable(bytes: Uint8Array): string {
  const copy = Buffer.from(bytes);
  for (const messages = new Messages(bytes); messages.next();)
    copy.fill(0, messages.at + SEQUENCE_AT, messages.start);
  return copy.toString('hex');
}

/** A copy with `shift` added to all sequence numbers, those of echoed headers included. */
function renumber(reply: Uint8Array, shift: number): Uint8Array {
  const copy = reply.slice();
  const view = new DataView(copy.buffer);
  const add = (at: number): void => {
    view.setUint32(at, view.getUint32(at, LITTLE_ENDIAN) + shift, LITTLE_ENDIAN);
  };
  for (const messages = new Messages(reply); messages.next();) {
    add(messages.at + SEQUENCE_AT);
    if (messages.type === NLMSG.ERROR && messages.end - messages.start >= STATUS_BYTES + HEADER_BYTES.MESSAGE)
      add(messages.start + STATUS_BYTES + SEQUENCE_AT);
  }
  return copy;
}
