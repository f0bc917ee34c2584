import { argumentsOf } from '../argument-checks.js';
import { align4, LITTLE_ENDIAN } from './align.js';
import { ATTRIBUTE_TYPE_AT, ATTRIBUTE_TYPE_MASK, HEADER_BYTES } from './constants.js';

/** The most bytes that can be reserved at once. */
const MOST_BYTES = 0x3fff_ffff;

/** Largest value of the 16-bit `nla_len`, including its own four bytes. */
const MAX_ATTRIBUTE_LENGTH = 0xffff;

/**
 * A growable buffer for requests. Lengths of messages and attributes are written when they end. One writer serves many
 * requests; {@link Writer.clear} starts again in the same memory.
 */
export class Writer {
  bytes: Uint8Array;
  view: DataView;
  #length = 0;

  constructor(capacity = 4096) {
    argumentsOf.integer('capacity', capacity, 0, 0x7fff_ffff);
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Bytes written so far; always a multiple of four between attributes. */
  get length(): number {
    return this.#length;
  }

  /** Discards what was written and keeps the buffer. */
  clear(): void {
    this.cut(0);
  }

  /** Discards all but the first `length` bytes. The rest of the buffer is zero again. */
  cut(length: number): void {
    argumentsOf.integer('length', length, 0, this.#length);
    this.bytes.fill(0, length, this.#length);
    this.#length = length;
  }

  /** Reserves the next `size` bytes, all zero, including padding, and returns where they start. */
  reserve(size: number): number {
    if (typeof size !== 'number' || !(size >= 0 && size <= MOST_BYTES))
      throw argumentsOf.error('size', `a number of bytes from 0 to ${MOST_BYTES}`, size, 'range');
    const at = this.#length;
    const end = at + align4(size);
    if (end > this.bytes.length) this.#grow(end);
    this.#length = end;
    return at;
  }

  /** Begins an attribute of `payload` bytes and returns where the payload starts. */
  attribute(type: number, payload: number): number {
    if (typeof type !== 'number') throw argumentsOf.error('type', 'a number', type);
    if (typeof payload !== 'number') throw argumentsOf.error('payload', 'a number', payload);
    const length = HEADER_BYTES.ATTRIBUTE + payload;
    const at = this.reserve(length);
    this.#header(at, type, length);
    return at + HEADER_BYTES.ATTRIBUTE;
  }

  /** Begins an attribute that holds attributes; {@link Writer.endNest} patches its length. */
  beginNest(type: number): number {
    return this.attribute(type, 0) - HEADER_BYTES.ATTRIBUTE;
  }

  /** Ends the attribute that begins at `at`: writes its length. */
  endNest(at: number): void {
    this.#header(at, this.view.getUint16(at + ATTRIBUTE_TYPE_AT, LITTLE_ENDIAN), this.#length - at);
  }

  /** Writes attributes that were encoded before. */
  append(attributes: Uint8Array): void {
    if (!(attributes instanceof Uint8Array)) argumentsOf.is('attributes', attributes, 'bytes');
    const at = this.reserve(attributes.length);
    this.bytes.set(attributes, at);
  }

  /** The bytes written so far. They are valid until the writer is used again. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.#length);
  }

  #header(at: number, type: number, length: number): void {
    if (length > MAX_ATTRIBUTE_LENGTH) {
      throw argumentsOf.mistake(
        'payload',
        `at most ${MAX_ATTRIBUTE_LENGTH} bytes with its header`,
        `attribute ${type & ATTRIBUTE_TYPE_MASK} is ${length} bytes long; netlink allows at most ${MAX_ATTRIBUTE_LENGTH}`,
      );
    }
    this.view.setUint16(at, length, LITTLE_ENDIAN);
    this.view.setUint16(at + ATTRIBUTE_TYPE_AT, type, LITTLE_ENDIAN);
  }

  #grow(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    bytes.set(this.bytes.subarray(0, this.#length));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}
