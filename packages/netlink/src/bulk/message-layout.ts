import { align4, LITTLE_ENDIAN } from '../wire/align.js';
import { type Attribute, attributes } from '../wire/attribute.js';
import { HEADER_BYTES } from '../wire/constants.js';
import { type Definition, isNest, type Nest, type Shape } from '../schema/definition.js';
import type { Codec } from '../schema/codec.js';

/** An attribute that a reader wants. */
export interface WantedAttribute {
  readonly name: string;
  /** The attribute that contains it, if it is not directly in the nest. */
  readonly inside?: string | undefined;
  /** How many bytes of it are read. */
  readonly bytes: number;
  /** Whether it may be absent. */
  readonly optional?: boolean | undefined;
}

/** The messages of a dump that contain a nest, and the attributes that a reader wants of it. */
export interface MessageLayoutOptions<S extends Shape> {
  /** The command of the generic header. */
  readonly command: number;
  /** The one attribute of each message. */
  readonly nest: Definition<Nest<S>>;
  /** The attributes that the reader wants, in its order. */
  readonly wanted: readonly WantedAttribute[];
  /** The attributes that must be absent. */
  readonly absent?: readonly (keyof S & string)[] | undefined;
  /** Numbers of at most four bytes that attributes must have if they are present. */
  readonly only?: Readonly<Partial<Record<keyof S & string, number>>> | undefined;
  /** Attributes that contain attributes, which must have the lengths of their table. */
  readonly whole?: readonly (keyof S & string)[] | undefined;
}

/** The places of headers and values in messages that differ in values only. */
export interface MessageLayout {
  /** Bytes from one message to the next. */
  readonly length: number;
  /** The 32-bit words that are equal in all of them: the headers of the message, of the nest and of its attributes. */
  readonly places: readonly number[];
  /** The contents of these words, in the byte order of this machine. */
  readonly heads: readonly number[];
  /** Where the payloads of wanted attributes start, in bytes from the start of the message; undefined where one is absent. */
  readonly payloads: readonly (number | undefined)[];
}

/**
 * The layouts of the messages of a dump. The kernel builds all messages of a dump with the same code, so most have
 * their attributes at the same places. If the length and the headers of a message match a layout, its values can be
 * read at these places without walking over the attributes. This helps readers of tens of thousands of messages in a
 * process that has just started, whose code is not compiled yet.
 */
export class MessageLayouts<S extends Shape> {
  readonly #options: MessageLayoutOptions<S>;
  readonly #table: Shape;
  readonly #least: ReadonlyMap<number, number>;

  constructor(options: MessageLayoutOptions<S>) {
    this.#options = options;
    const { set }: Nest<S> = options.nest.kind;
    this.#table = set.attributes;
    this.#least = leastBytes(this.#table);
  }

  /**
   * Learns the layout of the message from `at` to `end` and checks its lengths. Returns undefined for an unexpected
   * message and for one that lacks a wanted attribute. Throws ERR_NETLINK_MALFORMED.
   */
  learn(view: DataView, at: number, end: number): MessageLayout | undefined {
    const { command, nest: expected, absent = [], only = {}, whole = [], wanted } = this.#options;
    const start = at + HEADER_BYTES.MESSAGE;
    if (start + HEADER_BYTES.GENERIC > end || view.getUint8(start) !== command) return undefined;
    const [nest, ...others] = attributes(view, start + HEADER_BYTES.GENERIC, end);
    if (nest?.type !== expected.number || others.length > 0) return undefined;
    const inside = attributesOf(view, nest, this.#least);
    if (inside === undefined) return undefined;
    const find = (name: string): Attribute | undefined => inside.get(this.#numberOf(name));
    if (absent.some((name) => find(name) !== undefined)) return undefined;
    const headers = [nest, ...inside.all];
    const deeper = new Map<string, Attributes>();
    for (const name of whole) {
      const attribute = find(name);
      const { set } = (this.#table[name] as Definition<Nest<Shape>>).kind;
      const found = attribute && attributesOf(view, attribute, leastBytes(set.attributes));
      if (attribute !== undefined && found === undefined) return undefined;
      if (found !== undefined) deeper.set(name, found);
      headers.push(...(found?.all ?? []));
    }
    const same: number[] = [];
    for (const [name, value] of Object.entries(only)) {
      const attribute = find(name);
      if (attribute === undefined) continue;
      const { kind } = this.#table[name] as Definition<Codec<number>>;
      if (kind.read(view, attribute.start, attribute.end - attribute.start) !== value) return undefined;
      same.push(attribute.start);
    }
    const payloads: (number | undefined)[] = [];
    for (const { name, inside: outer, bytes, optional } of wanted) {
      const attribute =
        outer === undefined ? find(name) : deeper.get(outer)?.get(this.#numberOf(name, outer));
      const fits = attribute === undefined ? optional : attribute.end - attribute.start >= bytes;
      if (fits !== true) return undefined;
      payloads.push(attribute && attribute.start - at);
    }
    // Includes the headers of attributes that nobody wants: an attribute that is longer than its place makes the
    // message malformed.
    const all = [at, at + 4, start, ...headers.map((each) => each.start - HEADER_BYTES.ATTRIBUTE), ...same];
    if (all.some((place) => place + 4 > view.byteLength)) return undefined;
    return {
      length: align4(end - at),
      places: all.map((place) => (place - at) >> 2),
      heads: all.map((place) => view.getInt32(place, LITTLE_ENDIAN)),
      payloads,
    };
  }

  #numberOf(name: string, outer?: string): number {
    const table =
      outer === undefined ? this.#table : (this.#table[outer] as Definition<Nest<Shape>>).kind.set.attributes;
    return (table[name] as Definition).number;
  }
}

/** The attributes inside another one, by number. Of duplicates the last one counts, as in the kernel. */
interface Attributes extends ReadonlyMap<number, Attribute> {
  readonly all: readonly Attribute[];
}

/**
 * Returns undefined if one is shorter than `least` says: the ordinary reader reports it as malformed, wanted or not.
 */
function attributesOf(
  view: DataView,
  { start, end }: Attribute,
  least: ReadonlyMap<number, number>,
): Attributes | undefined {
  const all = [...attributes(view, start, end)];
  if (all.some((each) => each.end - each.start < (least.get(each.type) ?? 0))) return undefined;
  return Object.assign(new Map(all.map((each) => [each.type, each])), { all });
}

/** The fewest bytes that each attribute must have. */
function leastBytes(table: Shape): ReadonlyMap<number, number> {
  return new Map(
    Object.values(table).map(({ number, kind }) => [
      number,
      isNest(kind) ? 0 : (kind as Codec<unknown>).minimum,
    ]),
  );
}
