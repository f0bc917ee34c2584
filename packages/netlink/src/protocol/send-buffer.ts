import { align4, LITTLE_ENDIAN } from '../wire/align.js';
import { FLAGS_AT, HEADER_BYTES, LENGTH_AT, NLM_F, SEQUENCE_AT } from '../wire/constants.js';
import { Writer } from '../wire/writer.js';
import { Conversation, type DataHandler, type Expectation } from './conversation.js';
import type { SequenceNumbers } from './sequence-numbers.js';

/** How much one send may hold. */
export interface Limits {
  /** Answers that the receive buffer holds for certain. */
  readonly answers: number;
  /** Bytes; the kernel refuses more than its send buffer (212 960 unless changed). */
  readonly bytes: number;
}

/** One request in bytes, and a view on them. */
export interface EncodedRequest {
  readonly message: Uint8Array;
  readonly view: DataView;
}

/** The room that an encoder may fill. */
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

/** Makes requests from text. */
export interface RequestEncoder {
  /** Encodes the text from `at` on, up to the first part that it does not know or for which there is no room. */
  write(text: Uint8Array, at: number, room: EncoderRoom): EncodedRun;
}

const NO_DATA = (): void => undefined;

/**
 * The requests of one send, one behind another as bytes: their sequence numbers, their limits, and the acknowledgement
 * that only the last one asks for. Those before it that fail are answered all the same, and silence about them is success.
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

  /** Adds the request that `write` writes under the sequence number `seq`; false if there is no room. A first one always fits. */
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
   * Adds the requests that `encoder` makes of the texts from `at` on, up to the first that it does not know, or for which
   * there is no room; returns where it stopped. A request that does not fit into an empty buffer never does.
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

  /** Forgets all requests. */
  clear(): void {
    this.#writer.clear();
    this.#size = 0;
    this.#firstSeq = this.#numbers.next;
  }

  /**
   * Closes the list: what to send, valid until the buffer is used again, and the conversation that takes the answers.
   * Without `expectations` no request asks for data.
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

  /** Others have used the numbers since the first request was added. */
  #renumber(first: number): void {
    const { view } = this.#writer;
    this.#firstSeq = first;
    for (let at = 0, index = 0; index < this.#size; index++) {
      view.setUint32(at + SEQUENCE_AT, first + index, LITTLE_ENDIAN);
      at += align4(view.getUint32(at + LENGTH_AT, LITTLE_ENDIAN));
    }
  }
}
