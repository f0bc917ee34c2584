import { TimeSlice } from '../time-slice.js';
import type { Conversation } from '../protocol/conversation.js';
import { NetlinkError } from '../errors.js';
import type { NetlinkSocket } from './socket.js';
import type { Trace } from '../protocol/trace.js';
import type { TransportSync } from './transport-sync.js';

/** The asynchronous twin of {@link TransportSync}. */
export interface Transport {
  /** How many answers may be unread at once without one being dropped. */
  readonly capacity: number;
  /** The sequence number that a client starts with; 1 if absent, as for a double. Sockets have a random one. */
  readonly firstSeq?: number | undefined;
  /** Hands over requests. When it resolves, all their answers can be received, and nothing else is on its way. */
  send(bytes: Uint8Array): Promise<void>;
  /**
   * The next datagram, valid until the next call; nothing when there is none. Rejects with ERR_NETLINK_OVERRUN, once,
   * when answers were dropped. `working` says that the kernel may have work to do first, as it has in a dump.
   */
  receive(working: boolean): Promise<Uint8Array | undefined>;
  /** Ends it; what is called later rejects with ERR_NETLINK_CLOSED. */
  close(): Promise<void>;
}

/**
 * A transport over a socket that never holds the event loop for the kernel: `send`, in which the kernel executes, and
 * the `recv` calls of a dump, in which it makes the next part, run on libuv's threads. Answers that are queued
 * already are received at once.
 */
export function socketTransport(socket: NetlinkSocket): Transport {
  return {
    capacity: socket.capacity,
    firstSeq: socket.firstSeq,
    send: (bytes) => socket.sendAsync(bytes),
    receive: async (working) => (working ? socket.receiveAsync() : socket.receive()),
    close: async () => {
      socket.close();
    },
  };
}

/** An asynchronous face for a synchronous transport, such as a test double. */
export function transportOf(transport: TransportSync): Transport {
  return {
    capacity: transport.capacity,
    firstSeq: transport.firstSeq,
    send: async (bytes) => {
      transport.send(bytes);
    },
    receive: async () => transport.receive(),
    close: async () => {
      transport.close();
    },
  };
}

/** Sends `bytes` and feeds `conversation` until it is over. */
export async function converse(
  transport: Transport,
  bytes: Uint8Array,
  conversation: Conversation,
  trace: Trace,
): Promise<void> {
  trace.request(bytes);
  await transport.send(bytes);
  try {
    const slice = new TimeSlice();
    for (let more = true; more && !conversation.done;)
      more = await step(transport, conversation, trace, slice);
  } finally {
    if (!conversation.done || conversation.disturbed) await drain(transport);
  }
}

async function step(
  transport: Transport,
  conversation: Conversation,
  trace: Trace,
  slice: TimeSlice,
): Promise<boolean> {
  let datagram: Uint8Array | undefined;
  try {
    datagram = await transport.receive(conversation.dumping);
  } catch (error) {
    if (!NetlinkError.is(error, 'ERR_NETLINK_OVERRUN')) throw error;
    conversation.overrun();
    return true;
  }
  if (datagram === undefined) conversation.silence();
  else {
    trace.reply(datagram);
    for (const _ of conversation.reading(datagram)) if (slice.isOver()) await slice.pause();
  }
  if (slice.isOver()) await slice.pause();
  return datagram !== undefined;
}

async function drain(transport: Transport): Promise<void> {
  for (;;) {
    try {
      if ((await transport.receive(true)) === undefined) return;
    } catch (error) {
      if (NetlinkError.is(error, 'ERR_NETLINK_OVERRUN') || NetlinkError.is(error, 'ERR_NETLINK_TRUNCATED'))
        continue;
      return;
    }
  }
}
