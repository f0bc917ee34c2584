import { LITTLE_ENDIAN } from '../wire/align.js';
import { SEQUENCE_AT } from '../wire/constants.js';
import { NetlinkError } from '../errors.js';
import type { EncodedRequest } from '../protocol/send-buffer.js';
import { REPLIES, REQUESTS, type Trace } from '../protocol/trace.js';
import { isPromise, type MaybePromise } from '../io/maybe-promise.js';
import { drain as drainShared, type Talk } from '../io/transport.js';
import { drain, type TransportSync } from '../io/transport-sync.js';

/** The state of a reader after a datagram; `unexpected`: the datagram did not have the usual form. */
export type Progress = 'more' | 'whole' | 'unexpected';

/** Takes the datagrams of one dump, whose messages have the sequence number `seq`. */
export interface DatagramReader {
  read(datagram: Uint8Array, seq: number): Progress;
  /** Where the next datagram may be received, if the reader has a buffer of its own. It may change after each datagram. */
  readonly room?: Uint8Array | undefined;
  /** Takes a datagram of `length` bytes that is at the start of `room`. Present where `room` is. */
  readRoom?(length: number, seq: number): Progress;
}

/**
 * Sends the request of one dump under the sequence number `seq` and passes the datagrams of the answer to `reader`.
 * Returns false if an error, an interruption or anything unexpected was received: what was read may be incomplete then.
 * Throws ERR_NETLINK_CLOSED, and ERR_NETLINK_SYSCALL if the request cannot be sent.
 */
export function scan(
  transport: TransportSync,
  trace: Trace,
  { message, view }: EncodedRequest,
  seq: number,
  reader: DatagramReader,
): boolean {
  view.setUint32(SEQUENCE_AT, seq, LITTLE_ENDIAN);
  if (REQUESTS.hasSubscribers) trace.request(message);
  transport.send(message);
  let progress: Progress = 'more';
  try {
    if (transport.receiveInto !== undefined && reader.readRoom !== undefined && !REPLIES.hasSubscribers) {
      do {
        const length = transport.receiveInto(reader.room as Uint8Array);
        if (length === undefined) break;
        progress = reader.readRoom(length, seq);
      } while (progress === 'more');
    } else
      while (progress === 'more') {
        const datagram = transport.receive();
        if (datagram === undefined) break;
        if (REPLIES.hasSubscribers) trace.reply(datagram);
        progress = reader.read(datagram, seq);
      }
  } catch (error) {
    if (!NetlinkError.is(error) || error.code === 'ERR_NETLINK_CLOSED') throw error;
  } finally {
    // The rest would be received by the next conversation, and an unfinished dump blocks the next one.
    if (progress !== 'whole') drain(transport);
  }
  return progress === 'whole';
}

/** How many datagrams are read between two checks of the clock. */
const FEW = 4;

/**
 * The same in slices of the event loop's time. Returns a promise only if it has to wait: for another thread, or for
 * other work of the loop.
 */
export function scanShared(
  talk: Talk,
  { message, view }: EncodedRequest,
  seq: number,
  reader: DatagramReader,
): MaybePromise<boolean> {
  view.setUint32(SEQUENCE_AT, seq, LITTLE_ENDIAN);
  if (REQUESTS.hasSubscribers) talk.trace.request(message);
  const sent = talk.transport.send(message, false);
  return isPromise(sent) ? sent.then(() => scanOn(talk, seq, reader)) : scanNow(talk, seq, reader);
}

/** Reads answers until it has to wait. */
function scanNow(talk: Talk, seq: number, reader: DatagramReader): MaybePromise<boolean> {
  let progress: Progress = 'more';
  try {
    for (let count = 1; progress === 'more'; count++) {
      if (count % FEW === 0 && talk.slice.isOver()) return scanOn(talk, seq, reader);
      const received = talk.transport.receive(true);
      if (isPromise(received)) return scanOn(talk, seq, reader, received);
      if (received === undefined) break;
      progress = take(talk, received, seq, reader);
    }
  } catch (error) {
    return drainShared(talk).then(() => falseFor(error));
  }
  return progress === 'whole' || drainShared(talk).then(() => false);
}

/** Continues with waits. */
async function scanOn(
  talk: Talk,
  seq: number,
  reader: DatagramReader,
  coming?: Promise<Uint8Array | undefined>,
): Promise<boolean> {
  const { transport, slice } = talk;
  let progress: Progress = 'more';
  try {
    for (let next = coming; progress === 'more'; next = undefined) {
      const received = await (next ?? transport.receive(true));
      if (received === undefined) break;
      progress = take(talk, received, seq, reader);
      if (slice.isOver()) await slice.pause();
    }
  } catch (error) {
    falseFor(error);
    progress = 'unexpected';
  } finally {
    if (progress !== 'whole') await drainShared(talk);
  }
  return progress === 'whole';
}

function take({ trace }: Talk, datagram: Uint8Array, seq: number, reader: DatagramReader): Progress {
  if (REPLIES.hasSubscribers) trace.reply(datagram);
  return reader.read(datagram, seq);
}

/** Returns false for errors that the ordinary call will meet again and report. */
function falseFor(error: unknown): false {
  if (!NetlinkError.is(error) || error.code === 'ERR_NETLINK_CLOSED') throw error;
  return false;
}
