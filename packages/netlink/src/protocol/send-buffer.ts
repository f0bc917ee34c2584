import { align4, LITTLE_ENDIAN } from '../wire/align.js';
import { FLAGS_AT, HEADER_BYTES, NLM_F, SEQUENCE_AT } from '../wire/constants.js';
import { Conversation, type Expectation } from './conversation.js';
import type { Limits } from './exchange.js';

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
 * The requests of one send, as bytes that lie one behind another: for senders of tens of thousands, for whom an object
 * a request would cost more than the request. They ask for no data; only the last one is acknowledged, and those
 * before it that fail are answered all the same.
 */
export class SendBuffer {
  readonly #limits: Limits;
  readonly #sequence: () => number;
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;
  /** Where the last message begins. */
  #last = 0;
  #size = 0;
  #firstSeq: number;

  /** Room for what `limits` allow; `sequence` gives the first of so many sequence numbers that are free. */
  constructor(limits: Limits, sequence: (count: number) => number) {
    const answers = Math.min(limits.answers, Math.ceil(limits.bytes / HEADER_BYTES.MESSAGE));
    this.#limits = { answers, bytes: limits.bytes };
    this.#sequence = () => sequence(answers);
    this.#firstSeq = this.#sequence();
    this.#bytes = new Uint8Array(limits.bytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** How many requests there are. */
  get size(): number {
    return this.#size;
  }

  /** Adds a whole message, padded, whose sequence number does not matter; false if there is no room. The first always fits. */
  add(message: Uint8Array): boolean {
    const at = this.#length;
    const end = at + message.length;
    if (this.#size >= this.#limits.answers || end > this.#bytes.length) {
      if (this.#size > 0) return false;
      this.#bytes = new Uint8Array(end);
      this.#view = new DataView(this.#bytes.buffer);
    }
    this.#bytes.set(message, at);
    this.#view.setUint32(at + SEQUENCE_AT, this.#firstSeq + this.#size, LITTLE_ENDIAN);
    this.#last = at;
    this.#length = end;
    this.#size += 1;
    return true;
  }

  /**
   * Adds the requests that `encoder` makes of the texts from `at` on, up to the first that it does not know, or for which
   * there is no room; where it stopped. A request that does not fit where there is none yet never does.
   */
  fill(encoder: RequestEncoder, text: Uint8Array, at: number): number {
    const { next, count, bytes, last } = encoder.write(text, at, {
      seq: this.#firstSeq + this.#size,
      requests: this.#limits.answers - this.#size,
      bytes: this.#bytes.length - this.#length,
    });
    if (count === 0) return next;
    this.#bytes.set(bytes, this.#length);
    this.#last = this.#length + last;
    this.#length += bytes.length;
    this.#size += count;
    return next;
  }

  /** A copy of the message at `index`. */
  message(index: number): Uint8Array {
    let at = 0;
    for (let before = 0; before < index; before++) at += align4(this.#view.getUint32(at, LITTLE_ENDIAN));
    return this.#bytes.slice(at, at + this.#view.getUint32(at, LITTLE_ENDIAN));
  }

  /** Forgets them all. */
  clear(): void {
    this.#length = 0;
    this.#size = 0;
    this.#firstSeq = this.#sequence();
  }

  /** Closes the list: what to send, and the conversation that takes the answers. */
  start(): { bytes: Uint8Array; conversation: Conversation } {
    const flags = this.#last + FLAGS_AT;
    this.#view.setUint16(flags, this.#view.getUint16(flags, LITTLE_ENDIAN) | NLM_F.ACK, LITTLE_ENDIAN);
    const expectations = new Array<Expectation>(this.#size).fill('quiet');
    expectations[this.#size - 1] = 'ack';
    return {
      bytes: this.#bytes.subarray(0, this.#length),
      conversation: new Conversation(this.#firstSeq, expectations, NO_DATA),
    };
  }
}
