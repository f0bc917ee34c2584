import { NLA_F_NESTED } from './constants.js';
import {
  type AttributeSet,
  type Definition,
  isNest,
  type Nest,
  type Shape,
  type Values,
  type View,
} from './definition.js';
import type { Kind } from './kinds.js';
import { windowClass } from './window.js';
import type { Writer } from './writer.js';

class Table<S extends Shape> implements AttributeSet<S> {
  readonly name: string;
  readonly attributes: S;
  readonly known: Uint8Array;
  readonly #window: new () => View<S>;

  constructor(name: string, attributes: S) {
    const numbers = Object.values(attributes).map(({ number }) => number);
    if (new Set(numbers).size !== numbers.length)
      throw new TypeError(`${name}: a number stands twice in the table`);
    this.name = name;
    this.attributes = attributes;
    this.known = new Uint8Array(Math.max(0, ...numbers) + 1);
    for (const number of numbers) this.known[number] = 1;
    this.#window = windowClass(this);
  }

  window(): View<S> {
    return new this.#window();
  }

  encode(writer: Writer, values: Values<S>): void {
    for (const key in values) {
      const value: unknown = values[key];
      if (value === undefined) continue;
      const definition = this.#definition(key);
      if (isNest(definition.kind))
        encodeNest(writer, definition.number, definition.kind, this.#group(definition, value));
      else {
        const kind = this.#accept(definition, value);
        const at = writer.attribute(definition.number, kind.measure(value));
        kind.write(writer.view, at, value);
      }
    }
  }

  check(values: Values<S>): void {
    for (const key in values) {
      const value: unknown = values[key];
      if (value === undefined) continue;
      const definition = this.#definition(key);
      if (isNest(definition.kind)) {
        for (const group of [this.#group(definition, value)].flat()) definition.kind.set.check(group);
      } else this.#accept(definition, value);
    }
  }

  #definition(key: string): Definition {
    const definition = this.attributes[key];
    if (definition === undefined) throw new TypeError(`${this.name} has no attribute ${key}`);
    return definition;
  }

  #accept({ uapi, kind }: Definition, value: unknown): Kind<unknown> {
    const known = kind as Kind<unknown>;
    if (known.accepts(value)) return known;
    const given = typeof value === 'string' ? JSON.stringify(value) : String(value);
    throw new RangeError(`${this.name} ${uapi} must be ${known.expects}, not ${given}`);
  }

  #group({ uapi, kind }: Definition, value: unknown): Values<Shape> | readonly Values<Shape>[] {
    const { list } = kind as Nest<Shape>;
    if (typeof value === 'object' && value !== null && Array.isArray(value) === list) return value;
    throw new TypeError(
      `${this.name} ${uapi} must be ${list ? 'an array of objects' : 'an object'} of attributes`,
    );
  }
}

function encodeNest(
  writer: Writer,
  number: number,
  { set }: Nest<Shape>,
  group: Values<Shape> | readonly Values<Shape>[],
): void {
  const at = writer.beginNest(number | NLA_F_NESTED);
  if (Array.isArray(group)) {
    group.forEach((item: Values<Shape>, index) => {
      const entry = writer.beginNest((index + 1) | NLA_F_NESTED);
      set.encode(writer, item);
      writer.endNest(entry);
    });
  } else set.encode(writer, group as Values<Shape>);
  writer.endNest(at);
}

/** States a table of attributes. */
export function attributeSet<const S extends Shape>(name: string, attributes: S): AttributeSet<S> {
  return new Table(name, attributes);
}
