import { argumentsOf } from '../argument-checks.js';
import { NLA_F_NESTED } from '../wire/constants.js';
import {
  type AttributeSet,
  type Definition,
  isNest,
  type Nest,
  type Shape,
  type Values,
  type ReaderOf,
} from './definition.js';
import type { Codec } from './codec.js';
import { readerClass } from './reader.js';
import type { Writer } from '../wire/writer.js';

/** A line of a table in the form that encoding needs. */
interface Field {
  readonly definition: Definition;
  readonly number: number;
  readonly kind: Codec<unknown>;
  /** In place of the kind, if the attribute contains attributes. */
  readonly nest: Nest<Shape> | undefined;
}

/** The largest number of an attribute: the two bits above it are flags. */
const LARGEST = 0x3fff;

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LARGEST;
}

function wrongDefinition(key: string, value: unknown): Error {
  const allowed = `an attribute with a kind and a number from 0 to ${LARGEST}`;
  return argumentsOf.error(`attributes.${key.slice(0, 100)}`, allowed, value);
}

class Table<S extends Shape> implements AttributeSet<S> {
  readonly name: string;
  readonly attributes: S;
  readonly known: Uint8Array;
  #numbers: { readonly [A in keyof S]: number } | undefined;
  /** Filled when attributes are written: a short program writes few. */
  readonly #fields = new Map<string, Field>();
  #readerClass: (new () => ReaderOf<S>) | undefined;

  constructor(name: string, attributes: S) {
    this.name = name;
    this.attributes = attributes;
    argumentsOf.is('name', name, 'text');
    argumentsOf.object('attributes', attributes);
    let most = 0;
    for (const key in attributes) {
      const { number, kind } = (attributes[key] as Partial<Definition> | null | undefined) ?? {};
      if (!isNumber(number) || typeof kind !== 'object' || kind === null)
        throw wrongDefinition(key, attributes[key]);
      most = Math.max(most, number);
    }
    this.known = new Uint8Array(most + 1);
    for (const key in attributes) {
      const { number } = attributes[key] as Definition;
      if (this.known[number] === 1)
        throw argumentsOf.mistake(
          'attributes',
          'each number once',
          `${name}: a number stands twice in the table`,
        );
      this.known[number] = 1;
    }
  }

  get numbers(): { readonly [A in keyof S]: number } {
    return (this.#numbers ??= Object.fromEntries(
      Object.entries(this.attributes).map(([key, { number }]) => [key, number]),
    ) as { readonly [A in keyof S]: number });
  }

  reader(): ReaderOf<S> {
    return new (this.#readerClass ??= readerClass(this))();
  }

  encode(writer: Writer, values: Values<S>): void {
    if (typeof (writer as Partial<Writer> | null | undefined)?.attribute !== 'function')
      throw argumentsOf.error('writer', 'a Writer', writer);
    for (const key in values) {
      const value: unknown = values[key];
      if (value === undefined) continue;
      const { definition, number, kind, nest } = this.#field(key);
      if (nest !== undefined) encodeNest(writer, number, nest, this.#group(definition, value));
      else {
        if (!kind.accepts(value)) throw this.#unfit(definition, value);
        const at = writer.attribute(number, kind.measure(value));
        kind.write(writer.view, at, value);
      }
    }
  }

  check(values: Values<S>): void {
    for (const key in values) {
      const value: unknown = values[key];
      if (value === undefined) continue;
      const { definition, kind, nest } = this.#field(key);
      if (nest === undefined) {
        if (!kind.accepts(value)) throw this.#unfit(definition, value);
      } else if (nest.list) {
        for (const group of this.#group(definition, value) as Values<Shape>[]) nest.set.check(group);
      } else nest.set.check(this.#group(definition, value) as Values<Shape>);
    }
  }

  #field(key: string): Field {
    const known = this.#fields.get(key);
    if (known !== undefined) return known;
    if (!Object.hasOwn(this.attributes, key)) {
      const names = Object.keys(this.attributes).join(', ');
      const message = `${this.name} has no attribute ${key.slice(0, 100)}; it has ${names}`;
      throw argumentsOf.mistake(key.slice(0, 100), `one of ${names}`, message, 'type');
    }
    const found = field(this.attributes[key] as Definition);
    this.#fields.set(key, found);
    return found;
  }

  #unfit({ uapi, kind }: Definition, value: unknown): Error {
    return argumentsOf.error(`${this.name} ${uapi}`, (kind as Codec<unknown>).expects, value, 'range');
  }

  #group({ uapi, kind }: Definition, value: unknown): Values<Shape> | readonly Values<Shape>[] {
    const { list } = kind as Nest<Shape>;
    if (typeof value === 'object' && value !== null && Array.isArray(value) === list) return value;
    const allowed = `${list ? 'an array of objects' : 'an object'} of attributes`;
    throw argumentsOf.error(`${this.name} ${uapi}`, allowed, value);
  }
}

function field(definition: Definition): Field {
  const { number, kind } = definition;
  return { definition, number, kind: kind as Codec<unknown>, nest: isNest(kind) ? kind : undefined };
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

/** Defines a table of attributes. */
export function attributeSet<const S extends Shape>(name: string, attributes: S): AttributeSet<S> {
  return new Table(name, attributes);
}
