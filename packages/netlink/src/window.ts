import { align4 } from './align.js';
import { attributeLength, attributes, attributeType } from './attribute.js';
import { HEADER_BYTES } from './constants.js';
import {
  type AttributeSet,
  type Decoded,
  type Definition,
  isNest,
  type Shape,
  type UnknownAttribute,
  type View,
  type Window,
} from './definition.js';
import { malformed } from './errors.js';
import type { Kind } from './kinds.js';

const EMPTY = new DataView(new ArrayBuffer(0));

class AttributeWindow<S extends Shape> {
  readonly set: AttributeSet<S>;
  view: DataView = EMPTY;
  /** Payload offset by attribute number; 0 for those that are absent (no payload starts there). */
  readonly starts: Int32Array;
  #start = 0;
  #end = 0;
  /** Whether there are attributes that the table does not name. */
  #strange = false;
  readonly #nests: (Window<Shape> | undefined)[] = [];

  constructor(set: AttributeSet<S>) {
    this.set = set;
    this.starts = new Int32Array(set.known.length);
  }

  load(view: DataView, start: number, end: number): this {
    const { starts } = this;
    const { known } = this.set;
    starts.fill(0);
    this.view = view;
    this.#start = start;
    this.#end = end;
    this.#strange = false;
    for (let at = start; at < end;) {
      const length = attributeLength(view, at, end);
      const type = attributeType(view, at);
      if (known[type] === 1) starts[type] = at + HEADER_BYTES.ATTRIBUTE;
      else this.#strange = true;
      at += align4(length);
    }
    return this;
  }

  need(name: keyof S & string): unknown {
    const value = (this as unknown as Record<string, unknown>)[name];
    if (value === undefined)
      throw malformed(`${this.set.name} without ${this.set.attributes[name]?.uapi ?? name}`);
    return value;
  }

  payload(name: keyof S & string, minimum: number): number | undefined {
    const { number, uapi } = this.set.attributes[name] as Definition;
    const start = this.starts[number] as number;
    if (start === 0) return undefined;
    checkLength(`${this.set.name} ${uapi}`, payloadLength(this.view, start), minimum);
    return start;
  }

  decode(): Decoded<S> {
    const decoded: Record<string, unknown> = {};
    for (const name of Object.keys(this.set.attributes)) {
      const value = (this as unknown as Record<string, unknown>)[name];
      if (value !== undefined) decoded[name] = value instanceof AttributeWindow ? value.decode() : value;
    }
    return decoded as Decoded<S>;
  }

  unknown(): UnknownAttribute[] {
    const found: UnknownAttribute[] = [];
    if (!this.#strange) return found;
    for (const { type, start, end } of attributes(this.view, this.#start, this.#end)) {
      if (this.set.known[type] === 1) continue;
      found.push({
        type,
        bytes: new Uint8Array(this.view.buffer, this.view.byteOffset + start, end - start).slice(),
      });
    }
    return found;
  }

  /** The window on a nested attribute; made once, then reused. */
  nest(number: number, set: AttributeSet<Shape>, start: number, end: number): Window<Shape> {
    return (this.#nests[number] ??= set.window()).load(this.view, start, end);
  }
}

/** A class of windows with a getter for each attribute of `set`. */
export function windowClass<S extends Shape>(set: AttributeSet<S>): new () => View<S> {
  class SetWindow extends AttributeWindow<S> {
    constructor() {
      super(set);
    }
  }
  for (const [key, definition] of Object.entries(set.attributes)) {
    Object.defineProperty(SetWindow.prototype, key, { get: getter(set.name, definition) });
  }
  return SetWindow as unknown as new () => View<S>;
}

function getter(
  setName: string,
  { number, uapi, kind }: Definition,
): (this: AttributeWindow<Shape>) => unknown {
  if (isNest(kind)) {
    const { set, list } = kind;
    return function () {
      const start = this.starts[number] as number;
      if (start === 0) return undefined;
      const end = start + payloadLength(this.view, start);
      return list ? decodeList(this.view, set, start, end) : this.nest(number, set, start, end);
    };
  }
  const { minimum, read } = kind as Kind<unknown>;
  const what = `${setName} ${uapi}`;
  return function () {
    const start = this.starts[number] as number;
    if (start === 0) return undefined;
    const length = payloadLength(this.view, start);
    checkLength(what, length, minimum);
    return read(this.view, start, length);
  };
}

function decodeList(view: DataView, set: AttributeSet<Shape>, start: number, end: number): Decoded<Shape>[] {
  const window = set.window();
  return Array.from(attributes(view, start, end), (entry) =>
    window.load(view, entry.start, entry.end).decode(),
  );
}

/** Length of the payload at `start`, whose header loading has checked already. */
function payloadLength(view: DataView, start: number): number {
  return attributeLength(view, start - HEADER_BYTES.ATTRIBUTE, view.byteLength) - HEADER_BYTES.ATTRIBUTE;
}

function checkLength(what: string, length: number, minimum: number): void {
  if (length < minimum) throw malformed(`${what} has ${length} bytes; at least ${minimum} are due`);
}
