import { NetlinkError } from '../errors.js';
import type { Conversation } from '../protocol/conversation.js';
import { REPLIES, REQUESTS, type Trace } from '../protocol/trace.js';
import type { TimeSlice } from '../time-slice.js';
import { isPromise, type MaybePromise } from './maybe-promise.js';
import type { TransportSync } from './transport-sync.js';

/** The asynchronous twin of {@link TransportSync}. Methods return a promise only if the caller has to wait. */
export interface Transport {
  /** How many answers may be unread at once without one being dropped. */
  readonly capacity: number;
  /** The sequence number that a client starts with; 1 if absent, as for a double. Sockets have a random one. */
  readonly firstSeq?: number | undefined;
  /**
   * Sends requests. When it returns, or resolves, all their answers can be received, and no more will follow. `slow`
   * says whether the kernel may take milliseconds for them; true by default.
   */
  send(bytes: Uint8Array, slow?: boolean): Promise<void> | undefined;
  /**
   * Returns the next datagram, valid until the next call; undefined if there is none. Throws or rejects with
   * ERR_NETLINK_OVERRUN, once, if answers were dropped. `working` says that the kernel may have work to do first, as in
   * a dump.
   */
  receive(working: boolean): Promise<Uint8Array | undefined> | Uint8Array | undefined;
  /** Closes it; later calls fail with ERR_NETLINK_CLOSED. */
  close(): Promise<void>;
}

/** What a conversation needs. */
export interface Talk {
  readonly transport: Transport;
  readonly trace: Trace;
  readonly slice: TimeSlice;
}

/** Datagrams up to this size, some ten messages, are read in one piece. */
const SHORT = 2048;

/** How many short datagrams are read between two checks of the clock. */
const FEW = 4;

/** A datagram, or the news that some were dropped. */
type Received = Uint8Array | 'overrun' | undefined;

/** The steps that are left of a datagram. */
type Rest = Generator<void, void, undefined>;

/**
 * Sends `bytes` and passes answers to `conversation` until it is over. Returns undefined if that could be done at once,
 * and a promise if it has to wait: for another thread, or for other work of the event loop.
 */
export function converse(
  talk: Talk,
  bytes: Uint8Array,
  conversation: Conversation,
  slow: boolean,
): MaybePromise<void> {
  const { transport, trace } = talk;
  if (REQUESTS.hasSubscribers) trace.request(bytes);
  const sent = transport.send(bytes, slow);
  return isPromise(sent) ? sent.then(() => goOn(talk, conversation)) : read(talk, conversation);
}

/** Reads answers until it has to wait. */
function read(talk: Talk, conversation: Conversation): MaybePromise<void> {
  const { transport, trace, slice } = talk;
  try {
    for (let count = 1; !conversation.done; count++) {
      if (count % FEW === 0 && slice.isOver()) return goOn(talk, conversation);
      const received = receive(transport, conversation.dumping);
      if (isPromise(received)) return goOn(talk, conversation, received);
      const rest = begin(conversation, trace, received);
      if (rest === undefined) continue;
      while (rest.next().done !== true) if (slice.isOver()) return goOn(talk, conversation, undefined, rest);
      if (slice.isOver()) return goOn(talk, conversation);
    }
  } catch (error) {
    return drain(talk).then(() => {
      throw error;
    });
  }
  return conversation.disturbed ? drain(talk) : undefined;
}

/** Continues with waits, after a datagram that is still to come, or that is still to be read to its end. */
async function goOn(
  talk: Talk,
  conversation: Conversation,
  coming?: Promise<Received>,
  rest?: Rest,
): Promise<void> {
  const { transport, trace, slice } = talk;
  try {
    if (rest !== undefined) {
      await slice.pause();
      await readOn(rest, slice);
    }
    for (let next = coming; !conversation.done; next = undefined) {
      const received = await (next ?? receive(transport, conversation.dumping));
      const steps = begin(conversation, trace, received);
      if (steps !== undefined) await readOn(steps, slice);
      if (slice.isOver()) await slice.pause();
    }
  } finally {
    // What is left (after an overrun, or bytes that could not be read) must not be received by the next conversation.
    if (!conversation.done || conversation.disturbed) await drain(talk);
  }
}

async function readOn(rest: Rest, slice: TimeSlice): Promise<void> {
  for (const _ of rest) if (slice.isOver()) await slice.pause();
}

/** Passes what was received to the conversation. For a long datagram, it returns the steps that do so. */
function begin(conversation: Conversation, trace: Trace, received: Received): Rest | undefined {
  if (received === 'overrun') conversation.overrun();
  else if (received === undefined) conversation.silence();
  else {
    if (REPLIES.hasSubscribers) trace.reply(received);
    if (received.length > SHORT) return conversation.reading(received);
    conversation.receive(received);
  }
  return undefined;
}

function receive(transport: Transport, working: boolean): MaybePromise<Received> {
  try {
    const datagram = transport.receive(working);
    return isPromise(datagram) ? datagram.catch(overrunOf) : datagram;
  } catch (error) {
    return overrunOf(error);
  }
}

function overrunOf(error: unknown): 'overrun' {
  if (NetlinkError.is(error, 'ERR_NETLINK_OVERRUN')) return 'overrun';
  throw error;
}

/** Receives until nothing is queued, including the rest of an unfinished dump, which would block the next one. */
export async function drain({ transport, slice }: Talk): Promise<void> {
  for (;;) {
    try {
      if (slice.isOver()) await slice.pause();
      if ((await transport.receive(true)) === undefined) return;
    } catch (error) {
      if (NetlinkError.is(error, 'ERR_NETLINK_OVERRUN') || NetlinkError.is(error, 'ERR_NETLINK_TRUNCATED'))
        continue;
      return;
    }
  }
}

/** Makes an asynchronous transport of a synchronous one, such as a test double. */
export function transportOf(transport: TransportSync): Transport {
  return {
    capacity: transport.capacity,
    firstSeq: transport.firstSeq,
    send: (bytes) => {
      transport.send(bytes);
      return undefined;
    },
    receive: () => transport.receive(),
    close: async () => {
      transport.close();
    },
  };
}
