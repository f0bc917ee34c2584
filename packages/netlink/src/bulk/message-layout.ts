import { align4, LITTLE_ENDIAN } from '../wire/align.js';
import { type Attribute, attributes } from '../wire/attribute.js';
import { HEADER_BYTES } from '../wire/constants.js';
import { type AttributeSet, type Definition, isNest, type Nest, type Shape } from '../schema/definition.js';
import type { Codec } from '../schema/codec.js';

/** The messages of a dump that hold one nest, and the attributes that a reader needs of it. */
export interface MessageLayoutOptions<S extends Shape> {
  /** The command of the generic header. */
  readonly command: number;
  /** The one attribute of each message. */
  readonly nest: Definition<Nest<S>>;
  /** The attributes that the reader needs, in its order, and how many bytes of each it reads. */
  readonly wanted: Readonly<Partial<Record<keyof S & string, number>>>;
  /** The attributes that must not be there. */
  readonly absent?: readonly (keyof S & string)[];
  /** Numbers of at most four bytes that attributes must hold if they are present. */
  readonly only?: Readonly<Partial<Record<keyof S & string, number>>>;
}

/** Where everything lies in messages that differ in values only. */
export interface MessageLayout {
  /** From one message to the next, in bytes. */
  readonly length: number;
  /** The 32-bit words that are equal in all of them: the headers of the message, of the nest and of its attributes. */
  readonly places: readonly number[];
  /** The contents of these words, in the byte order of this machine. */
  readonly heads: readonly number[];
  /** Where the payloads of wanted attributes start, in bytes from the start of the message. */
  readonly payloads: readonly number[];
}

const NOWHERE = { start: 0, end: 0 };

/**
 * The layouts of the messages of a dump. A kernel builds all messages of a dump by the same code, so most have their
 * attributes at the same places. Where the length and the headers of a message match a layout, values can be read at
 * these places without walking over the attributes: for readers of tens of thousands of messages in a process that
 * has just started, whose code is not compiled yet.
 */
export class MessageLayouts<S extends Shape> {
  readonly #command: number;
  readonly #nest: number;
  readonly #wanted: readonly (readonly [number: number, least: number])[];
  /** The bytes that an attribute must have, whether it is wanted or not: else whoever reads it finds it malformed. */
  readonly #least: ReadonlyMap<number, number>;
  readonly #absent: readonly number[];
  readonly #only: readonly (readonly [definition: Definition<Codec<number>>, value: number])[];

  constructor({ command, nest, wanted, absent = [], only }: MessageLayoutOptions<S>) {
    const { attributes: table }: AttributeSet<S> = nest.kind.set;
    this.#command = command;
    this.#nest = nest.number;
    this.#wanted = Object.entries(wanted).map(
      ([name, least]) => [(table[name] as Definition).number, least as number] as const,
    );
    this.#least = new Map(
      Object.values<Definition>(table).map(({ number, kind }) => [
        number,
        isNest(kind) ? 0 : (kind as Codec<unknown>).minimum,
      ]),
    );
    this.#absent = absent.map((name) => (table[name] as Definition).number);
    this.#only = Object.entries(only ?? {}).map(
      ([name, value]) => [table[name] as Definition<Codec<number>>, value as number] as const,
    );
  }

  /**
   * Learns the layout of the message from `at` to `end`, every length of which it checks; undefined if it is another
   * message than is expected, or lacks something. Throws ERR_NETLINK_MALFORMED.
   */
  learn(view: DataView, at: number, end: number): MessageLayout | undefined {
    const start = at + HEADER_BYTES.MESSAGE;
    if (start + HEADER_BYTES.GENERIC > end || view.getUint8(start) !== this.#command) return undefined;
    const [nest, ...others] = attributes(view, start + HEADER_BYTES.GENERIC, end);
    if (nest?.type !== this.#nest || others.length > 0) return undefined;
    const inside = [...attributes(view, nest.start, nest.end)];
    // Of duplicates the last one counts, as in the kernel.
    const found = new Map(inside.map((attribute) => [attribute.type, attribute]));
    const wanted = this.#wanted.map(([number, least]) => fitting(found.get(number), least));
    if (!wanted.every((attribute) => attribute !== undefined)) return undefined;
    if (inside.some(({ type, start: from, end: to }) => to - from < (this.#least.get(type) ?? 0)))
      return undefined;
    if (this.#absent.some((number) => found.has(number))) return undefined;
    const same: number[] = [];
    for (const [{ number, kind }, value] of this.#only) {
      const { start: payload, end: last } = found.get(number) ?? NOWHERE;
      if (payload === 0) continue;
      if (last - payload < kind.minimum || kind.read(view, payload, last - payload) !== value)
        return undefined;
      same.push(payload - HEADER_BYTES.ATTRIBUTE, payload);
    }
    // Those of attributes that nobody wants too: where one is longer than its place, the message is malformed.
    const headers = [nest, ...inside].map((attribute) => attribute.start - HEADER_BYTES.ATTRIBUTE);
    const all = [at, at + 4, start, ...headers, ...same];
    if (all.some((place) => place + 4 > view.byteLength)) return undefined;
    return {
      length: align4(end - at),
      places: all.map((place) => (place - at) >> 2),
      heads: all.map((place) => view.getInt32(place, LITTLE_ENDIAN)),
      payloads: wanted.map((attribute) => attribute.start - at),
    };
  }
}

function fitting(attribute: Attribute | undefined, least: number): Attribute | undefined {
  return attribute !== undefined && attribute.end - attribute.start >= least ? attribute : undefined;
}
