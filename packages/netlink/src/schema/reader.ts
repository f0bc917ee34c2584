import { align4, LITTLE_ENDIAN } from '../wire/align.js';
import { attributeLength, attributes } from '../wire/attribute.js';
import { ATTRIBUTE_TYPE_AT, ATTRIBUTE_TYPE_MASK, HEADER_BYTES } from '../wire/constants.js';
import {
  type AttributeSet,
  type Decoded,
  type Definition,
  isNest,
  type Shape,
  type UnknownAttribute,
  type ReaderOf,
  type AttributeReader,
} from './definition.js';
import { malformed } from '../errors.js';
import type { Codec } from './codec.js';

const EMPTY = new DataView(new ArrayBuffer(0));

class LoadedAttributes<S extends Shape> {
  readonly set: AttributeSet<S>;
  view: DataView = EMPTY;
  /** Payload offset by attribute number; 0 for those that are absent (no payload starts there). */
  readonly starts: Int32Array;
  #start = 0;
  #end = 0;
  /** Whether there are attributes that are not in the table. */
  #hasUnknown = false;
  readonly #nests: (AttributeReader<Shape> | undefined)[] = [];

  constructor(set: AttributeSet<S>) {
    this.set = set;
    this.starts = new Int32Array(set.known.length);
  }

  load(view: DataView, start: number, end: number): this {
    const { starts } = this;
    const { known } = this.set;
    let hasUnknown = false;
    starts.fill(0);
    this.view = view;
    this.#start = start;
    this.#end = end;
    for (let at = start; at < end;) {
      const length = attributeLength(view, at, end);
      const type = view.getUint16(at + ATTRIBUTE_TYPE_AT, LITTLE_ENDIAN) & ATTRIBUTE_TYPE_MASK;
      if (known[type] === 1) starts[type] = at + HEADER_BYTES.ATTRIBUTE;
      else hasUnknown = true;
      at += align4(length);
    }
    this.#hasUnknown = hasUnknown;
    return this;
  }

  u16(number: number, absent: number): number {
    const at = this.startOf(number, 2);
    return at === 0 ? absent : this.view.getUint16(at, LITTLE_ENDIAN);
  }

  be16(number: number, absent: number): number {
    const at = this.startOf(number, 2);
    return at === 0 ? absent : this.view.getUint16(at);
  }

  u32(number: number, absent: number): number {
    const at = this.startOf(number, 4);
    return at === 0 ? absent : this.view.getUint32(at, LITTLE_ENDIAN);
  }

  number64(number: number, absent: number): number {
    const at = this.startOf(number, 8);
    if (at === 0) return absent;
    const first = this.view.getUint32(at, LITTLE_ENDIAN);
    const second = this.view.getUint32(at + 4, LITTLE_ENDIAN);
    return LITTLE_ENDIAN ? first + second * 2 ** 32 : first * 2 ** 32 + second;
  }

  need(name: keyof S & string): unknown {
    const value = (this as unknown as Record<string, unknown>)[name];
    if (value === undefined)
      throw malformed(`${this.set.name} without ${this.set.attributes[name]?.uapi ?? name}`);
    return value;
  }

  payload(name: keyof S & string, minimum: number): number | undefined {
    const { number } = this.set.attributes[name] as Definition;
    const start = this.startOf(number, minimum);
    return start === 0 ? undefined : start;
  }

  decode(): Decoded<S> {
    const decoded: Record<string, unknown> = {};
    for (const name of Object.keys(this.set.attributes)) {
      const value = (this as unknown as Record<string, unknown>)[name];
      if (value !== undefined) decoded[name] = value instanceof LoadedAttributes ? value.decode() : value;
    }
    return decoded as Decoded<S>;
  }

  unknown(): UnknownAttribute[] {
    const found: UnknownAttribute[] = [];
    if (!this.#hasUnknown) return found;
    for (const { type, start, end } of attributes(this.view, this.#start, this.#end)) {
      if (this.set.known[type] === 1) continue;
      found.push({
        type,
        bytes: new Uint8Array(this.view.buffer, this.view.byteOffset + start, end - start).slice(),
      });
    }
    return found;
  }

  /** Returns the reader of a nested attribute, which is created once and reused. */
  nest(number: number, set: AttributeSet<Shape>, start: number, end: number): AttributeReader<Shape> {
    return (this.#nests[number] ??= set.reader()).load(this.view, start, end);
  }

  /** The offset of an attribute's payload; 0 if it is absent. Throws if it has fewer than `minimum` bytes. */
  startOf(number: number, minimum: number): number {
    const start = this.starts[number] as number;
    if (start !== 0 && payloadLength(this.view, start) < minimum)
      throw this.#tooShort(number, start, minimum);
    return start;
  }

  #tooShort(number: number, start: number, minimum: number): Error {
    const { name, attributes } = this.set;
    const uapi = Object.values(attributes).find((definition) => definition.number === number)?.uapi;
    const length = payloadLength(this.view, start);
    return malformed(`${name} ${uapi ?? number} has ${length} bytes; at least ${minimum} are expected`);
  }
}

/** A class of readers with a getter for each attribute of `set`. */
export function readerClass<S extends Shape>(set: AttributeSet<S>): new () => ReaderOf<S> {
  class SetReader extends LoadedAttributes<S> {
    constructor() {
      super(set);
    }
  }
  for (const [key, definition] of Object.entries(set.attributes)) {
    Object.defineProperty(SetReader.prototype, key, { get: getter(definition) });
  }
  return SetReader as unknown as new () => ReaderOf<S>;
}

function getter({ number, kind }: Definition): (this: LoadedAttributes<Shape>) => unknown {
  if (isNest(kind)) {
    const { set, list } = kind;
    return function () {
      const start = this.starts[number] as number;
      if (start === 0) return undefined;
      const end = start + payloadLength(this.view, start);
      return list ? decodeList(this.view, set, start, end) : this.nest(number, set, start, end);
    };
  }
  const { minimum, read } = kind as Codec<unknown>;
  return function () {
    const start = this.startOf(number, minimum);
    return start === 0 ? undefined : read(this.view, start, payloadLength(this.view, start));
  };
}

function decodeList(view: DataView, set: AttributeSet<Shape>, start: number, end: number): Decoded<Shape>[] {
  const reader = set.reader();
  return Array.from(attributes(view, start, end), (entry) =>
    reader.load(view, entry.start, entry.end).decode(),
  );
}

/** Length of the payload at `start`; loading has checked its header. */
function payloadLength(view: DataView, start: number): number {
  return view.getUint16(start - HEADER_BYTES.ATTRIBUTE, LITTLE_ENDIAN) - HEADER_BYTES.ATTRIBUTE;
}
