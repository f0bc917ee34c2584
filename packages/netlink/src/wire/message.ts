import { align4, LITTLE_ENDIAN } from './align.js';
import { FLAGS_AT, HEADER_BYTES, LENGTH_AT, PORT_AT, SEQUENCE_AT, TYPE_AT } from './constants.js';
import { malformed } from '../errors.js';
import type { Writer } from './writer.js';

/** The header of a message to send; the kernel fills in the port id. */
export interface MessageHeader {
  readonly type: number;
  readonly flags: number;
  /** Echoed in every answer, to match answers to their request. */
  readonly seq: number;
}

/** Begins a message and returns where it starts; {@link endMessage} patches its length. */
export function beginMessage(writer: Writer, { type, flags, seq }: MessageHeader): number {
  const at = writer.reserve(HEADER_BYTES.MESSAGE);
  writer.view.setUint16(at + TYPE_AT, type, LITTLE_ENDIAN);
  writer.view.setUint16(at + FLAGS_AT, flags, LITTLE_ENDIAN);
  writer.view.setUint32(at + SEQUENCE_AT, seq, LITTLE_ENDIAN);
  return at;
}

/** Ends the message that starts at `at`: writes its length. */
export function endMessage(writer: Writer, at: number): void {
  writer.view.setUint32(at + LENGTH_AT, writer.length - at, LITTLE_ENDIAN);
}

/**
 * Walks the messages of one datagram; {@link Messages.next} moves to the next. A length that does not fit is an error:
 * the kernel stops there without a word, but a client must not.
 */
export class Messages {
  readonly view: DataView;
  type = 0;
  flags = 0;
  seq = 0;
  port = 0;
  /** First byte of the message, its header included. */
  at = 0;
  /** First byte after the header. */
  start = 0;
  /** Byte after the message, padding not included. */
  end = 0;
  #next = 0;

  constructor(datagram: Uint8Array) {
    this.view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  }

  /** Moves to the next message; returns false after the last. Throws ERR_NETLINK_MALFORMED. */
  next(): boolean {
    const { view } = this;
    const at = this.#next;
    const left = view.byteLength - at;
    if (left <= 0) return false;
    if (left < HEADER_BYTES.MESSAGE) {
      throw malformed(`${left} bytes at offset ${at} are too few for a message header`);
    }
    const length = view.getUint32(at + LENGTH_AT, LITTLE_ENDIAN);
    if (length < HEADER_BYTES.MESSAGE || length > left) {
      throw malformed(
        `message at offset ${at} gives its length as ${length}; ${HEADER_BYTES.MESSAGE} to ${left} are possible`,
      );
    }
    this.type = view.getUint16(at + TYPE_AT, LITTLE_ENDIAN);
    this.flags = view.getUint16(at + FLAGS_AT, LITTLE_ENDIAN);
    this.seq = view.getUint32(at + SEQUENCE_AT, LITTLE_ENDIAN);
    this.port = view.getUint32(at + PORT_AT, LITTLE_ENDIAN);
    this.at = at;
    this.start = at + HEADER_BYTES.MESSAGE;
    this.end = at + length;
    this.#next = at + align4(length);
    return true;
  }
}
