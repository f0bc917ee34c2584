import { LITTLE_ENDIAN } from '../wire/align.js';
import { SEQUENCE_AT } from '../wire/constants.js';
import { NetlinkError } from '../errors.js';
import type { EncodedRequest } from '../protocol/send-buffer.js';
import type { Trace } from '../protocol/trace.js';
import { drain, type TransportSync } from '../io/transport-sync.js';

/** How far a reader is after a datagram; `unexpected`: it was anything but the usual form. */
export type Progress = 'more' | 'whole' | 'unexpected';

/** Takes the datagrams of one dump, whose messages have the sequence number `seq`. */
export interface DatagramReader {
  read(datagram: Uint8Array, seq: number): Progress;
}

/**
 * Sends the request of one dump under the sequence number `seq` and passes the datagrams of the answer to `reader`. False
 * if an error, a disturbance or anything unexpected came: then what was read may be incomplete. Throws ERR_NETLINK_CLOSED,
 * and ERR_NETLINK_SYSCALL if the request cannot be sent.
 */
export function scan(
  transport: TransportSync,
  trace: Trace,
  { message, view }: EncodedRequest,
  seq: number,
  reader: DatagramReader,
): boolean {
  view.setUint32(SEQUENCE_AT, seq, LITTLE_ENDIAN);
  const traced = trace.listening;
  if (traced) trace.request(message);
  transport.send(message);
  let progress: Progress = 'more';
  try {
    while (progress === 'more') {
      const datagram = transport.receive();
      if (datagram === undefined) break;
      if (traced) trace.reply(datagram);
      progress = reader.read(datagram, seq);
    }
  } catch (error) {
    if (!NetlinkError.is(error) || error.code === 'ERR_NETLINK_CLOSED') throw error;
  } finally {
    // The rest would meet the next conversation, and an unfinished dump blocks the next one.
    if (progress !== 'whole') drain(transport);
  }
  return progress === 'whole';
}
