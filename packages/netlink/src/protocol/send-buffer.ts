import { align4, LITTLE_ENDIAN } from '../wire/align.js';
import { FLAGS_AT, HEADER_BYTES, LENGTH_AT, NLM_F, SEQUENCE_AT } from '../wire/constants.js';
import { Writer } from '../wire/writer.js';
import { Conversation, type DataHandler, type Expectation } from './conversation.js';
import type { SequenceNumbers } from './sequence-numbers.js';

/** How much one send may hold. */
export interface Limits {
  /** How many answers the receive buffer holds in any case. */
  readonly answers: number;
  /** Bytes; the kernel refuses more than its send buffer (212 960 unless changed). */
  readonly bytes: number;
}

/** The bytes of one request, and a view of them. */
export interface EncodedRequest {
  readonly message: Uint8Array;
  readonly view: DataView;
}

/** The space that an encoder may fill. */
export interface EncoderRoom {
  /** The sequence number of the first request. */
  readonly seq: number;
  readonly requests: number;
  readonly bytes: number;
}

/** The requests that an encoder wrote. */
export interface EncodedRun {
  /** Where in the text it stopped. */
  readonly next: number;
  readonly count: number;
  /** The requests, valid until more are written, and the offset at which the last one begins. */
  readonly bytes: Uint8Array;
  readonly last: number;
}

/** Encodes requests from text. */
export interface RequestEncoder {
  /** Encodes the text from `at` on, up to the first part that it does not know or that does not fit. */
  write(text: Uint8Array, at: number, room: EncoderRoom): EncodedRun;
}

const NO_DATA = (): void => undefined;

/**
 * The bytes of the requests of one send. It numbers them, keeps the limits, and asks for an acknowledgement of the last
 * one only: the kernel reports earlier ones if they fail, so no answer to them means success.
 */
export class SendBuffer {
  readonly #limits: Limits;
  readonly #numbers: SequenceNumbers;
  readonly #writer = new Writer();
  /** Where the last message begins. */
  #last = 0;
  #size = 0;
  #firstSeq: number;

  constructor(limits: Limits, numbers: SequenceNumbers) {
    const answers = Math.min(limits.answers, Math.ceil(limits.bytes / HEADER_BYTES.MESSAGE));
    this.#limits = { answers, bytes: limits.bytes };
    this.#numbers = numbers;
    this.#firstSeq = numbers.next;
  }

  /** How many requests there are. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds the request that `write` writes with the sequence number `seq`; returns false if it does not fit. The first
   * always fits.
   */
  add(write: (writer: Writer, seq: number) => void): boolean {
    if (this.#size >= this.#limits.answers) return false;
    const writer = this.#writer;
    const at = writer.length;
    write(writer, this.#firstSeq + this.#size);
    if (this.#size > 0 && writer.length > this.#limits.bytes) {
      writer.cut(at);
      return false;
    }
    this.#last = at;
    this.#size += 1;
    return true;
  }

  /**
   * Adds the requests that `encoder` makes from the text at `at`, up to the first part that it does not know or that
   * does not fit; returns where it stopped. A request that does not fit into an empty buffer never does.
   */
  fill(encoder: RequestEncoder, text: Uint8Array, at: number): number {
    const { length } = this.#writer;
    const { next, count, bytes, last } = encoder.write(text, at, {
      seq: this.#firstSeq + this.#size,
      requests: this.#limits.answers - this.#size,
      bytes: Math.max(0, this.#limits.bytes - length),
    });
    if (count === 0) return next;
    this.#writer.append(bytes);
    this.#last = length + last;
    this.#size += count;
    return next;
  }

  /** A copy of the message at `index`. */
  message(index: number): Uint8Array {
    const { bytes, view } = this.#writer;
    let at = 0;
    for (let before = 0; before < index; before++)
      at += align4(view.getUint32(at + LENGTH_AT, LITTLE_ENDIAN));
    return bytes.slice(at, at + view.getUint32(at + LENGTH_AT, LITTLE_ENDIAN));
  }

  /** Removes all requests. */
  clear(): void {
    this.#writer.clear();
    this.#size = 0;
    this.#firstSeq = this.#numbers.next;
  }

  /**
   * Ends the list; returns the bytes to send, valid until the buffer is used again, and the conversation that takes the
   * answers. Without `expectations` no request asks for data.
   */
  start(
    expectations: Expectation[] = new Array<Expectation>(this.#size).fill('quiet'),
    onData: DataHandler = NO_DATA,
  ): { bytes: Uint8Array; conversation: Conversation } {
    const first = this.#numbers.take(this.#size);
    if (first !== this.#firstSeq) this.#renumber(first);
    if (expectations[this.#size - 1] === 'quiet') {
      expectations[this.#size - 1] = 'ack';
      const { view } = this.#writer;
      const flags = this.#last + FLAGS_AT;
      view.setUint16(flags, view.getUint16(flags, LITTLE_ENDIAN) | NLM_F.ACK, LITTLE_ENDIAN);
    }
    return {
      bytes: this.#writer.written(),
      conversation: new Conversation(first, expectations, onData),
    };
  }

  /** Other sends have used the numbers since the first request was added. */
  #renumber(first: number): void {
    const { view } = this.#writer;
    this.#firstSeq = first;
    for (let at = 0, index = 0; index < this.#size; index++) {
      view.setUint32(at + SEQUENCE_AT, first + index, LITTLE_ENDIAN);
      at += align4(view.getUint32(at + LENGTH_AT, LITTLE_ENDIAN));
    }
  }
}
