import type { Conversation } from '../protocol/conversation.js';
import { NetlinkError } from '../errors.js';
import { REPLIES, REQUESTS, type Trace } from '../protocol/trace.js';

/** A way to a kernel, or to a double of one: requests go in, datagrams come out. */
export interface TransportSync {
  /** How many answers may be unread at once without one being dropped. */
  readonly capacity: number;
  /** The sequence number that a client starts with; 1 if absent, as for a double. Sockets have a random one. */
  readonly firstSeq?: number | undefined;
  /** Sends requests. When it returns, all their answers can be received, and no more will follow. */
  send(bytes: Uint8Array): void;
  /**
   * Returns the next datagram, valid until the next call; undefined if there is none. Throws ERR_NETLINK_OVERRUN, once,
   * when answers were dropped.
   */
  receive(): Uint8Array | undefined;
  /**
   * Like `receive`, but stores the datagram at the start of `buffer` and returns its length. Readers of dumps in numbers use it
   * instead of `receive` where it exists; it saves them a copy of each datagram. Throws ERR_NETLINK_TRUNCATED for a datagram that does not fit.
   */
  receiveInto?(buffer: Uint8Array): number | undefined;
  /** Closes it; later calls throw ERR_NETLINK_CLOSED. */
  close(): void;
}

/** Sends `bytes` and feeds `conversation` until it is over. */
export function converseSync(
  transport: TransportSync,
  bytes: Uint8Array,
  conversation: Conversation,
  trace: Trace,
): void {
  if (REQUESTS.hasSubscribers) trace.request(bytes);
  transport.send(bytes);
  try {
    for (let more = true; more && !conversation.done;) more = step(transport, conversation, trace);
  } finally {
    // What is left (after an overrun, or bytes that could not be read) must not be received by the next conversation.
    if (!conversation.done || conversation.disturbed) drain(transport);
  }
}

function step(transport: TransportSync, conversation: Conversation, trace: Trace): boolean {
  const datagram = receive(transport, conversation);
  if (datagram === 'overrun') return true;
  if (datagram === undefined) conversation.silence();
  else {
    if (REPLIES.hasSubscribers) trace.reply(datagram);
    conversation.receive(datagram);
  }
  return datagram !== undefined;
}

function receive(transport: TransportSync, conversation: Conversation): Uint8Array | undefined | 'overrun' {
  try {
    return transport.receive();
  } catch (error) {
    if (!NetlinkError.is(error, 'ERR_NETLINK_OVERRUN')) throw error;
    conversation.overrun();
    return 'overrun';
  }
}

/** Receives until nothing is queued, including the rest of an unfinished dump, which would block the next one. */
export function drain(transport: TransportSync): void {
  for (;;) {
    try {
      if (transport.receive() === undefined) return;
    } catch (error) {
      if (NetlinkError.is(error, 'ERR_NETLINK_OVERRUN') || NetlinkError.is(error, 'ERR_NETLINK_TRUNCATED'))
        continue;
      return;
    }
  }
}
