import type { Conversation } from '../protocol/conversation.js';
import { NetlinkError } from '../errors.js';
import type { Trace } from '../protocol/trace.js';
import type { TimeSlice } from '../time-slice.js';
import type { Transport } from './transport.js';

/** What a conversation is held with. */
export interface Talk {
  readonly transport: Transport;
  readonly trace: Trace;
  readonly slice: TimeSlice;
}

/** Datagrams up to this size, some ten messages, are read in one piece. */
const SHORT = 2048;

/** So many short datagrams are read between two checks of the clock. */
const FEW = 4;

/** A datagram, or that some were dropped. */
type Received = Uint8Array | 'overrun' | undefined;

/** The steps of a datagram that are not done yet. */
type Rest = Generator<void, void, undefined>;

/**
 * Sends `bytes` and feeds `conversation` until it is over. Returns nothing if that could be done at once, and a promise of
 * the end if something has to be waited for: another thread, or the other work of the event loop.
 */
export function converse(
  talk: Talk,
  bytes: Uint8Array,
  conversation: Conversation,
  slow: boolean,
): Promise<void> | undefined {
  const { transport, trace } = talk;
  trace.request(bytes);
  const sent = transport.send(bytes, slow);
  return isPromise(sent) ? sent.then(() => goOn(talk, conversation)) : read(talk, conversation);
}

/** Reads answers for as long as nothing has to be waited for. */
function read(talk: Talk, conversation: Conversation): Promise<void> | undefined {
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

/** The same with waits: after a datagram that is still to come, or to be read to its end. */
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
    // What is left (after an overrun, or bytes that could not be read) must not meet the next conversation.
    if (!conversation.done || conversation.disturbed) await drain(talk);
  }
}

async function readOn(rest: Rest, slice: TimeSlice): Promise<void> {
  for (const _ of rest) if (slice.isOver()) await slice.pause();
}

/** Feeds what was received to the conversation; a long datagram in the steps that are returned. */
function begin(conversation: Conversation, trace: Trace, received: Received): Rest | undefined {
  if (received === 'overrun') conversation.overrun();
  else if (received === undefined) conversation.silence();
  else {
    trace.reply(received);
    if (received.length > SHORT) return conversation.reading(received);
    conversation.receive(received);
  }
  return undefined;
}

function receive(transport: Transport, working: boolean): Promise<Received> | Received {
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

/** Reads until nothing is queued; the rest of an unfinished dump too, since it would block the next one. */
async function drain({ transport, slice }: Talk): Promise<void> {
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

/** Whether something has to be waited for. */
export function isPromise<T>(value: Promise<T> | T): value is Promise<T> {
  return value instanceof Promise;
}
