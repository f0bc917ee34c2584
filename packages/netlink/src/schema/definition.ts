import { argumentsOf } from '../argument-checks.js';
import type { Codec } from './codec.js';
import type { Writer } from '../wire/writer.js';

/** One line of an attribute table: a kernel fact, written once. */
export interface Definition<K = unknown> {
  readonly number: number;
  /** The kernel's name without its prefix: `SCHED_NAME`. */
  readonly uapi: string;
  readonly kind: K;
  /** What it means, in one line, with its unit and range. */
  readonly doc: string;
  /** First kernel version with the attribute, if newer than the family. */
  readonly since?: string | undefined;
}

/** The kind of an attribute that contains attributes of `set`: one group of them, or a numbered list of groups. */
export interface Nest<S extends Shape> {
  readonly name: string;
  readonly set: AttributeSet<S>;
  readonly list: boolean;
}

/** Attributes by their names in the API. */
export type Shape = Readonly<Record<string, Definition>>;

/**
 * A table of attributes. It encodes requests and creates readers of replies; types, traces and docs are derived from
 * it.
 */
export interface AttributeSet<S extends Shape> {
  readonly name: string;
  readonly attributes: S;
  /** The numbers of the attributes by name, for `u16`, `be16`, `u32` and `number64` of its readers. */
  readonly numbers: { readonly [A in keyof S]: number };
  /** 1 at the index of each number in the table. */
  readonly known: Uint8Array;
  /** Creates a reader with a getter for each attribute; load it before reading. */
  reader(): ReaderOf<S>;
  /** Writes the attributes of `values`, in the order of its keys, without undefined ones. */
  encode(writer: Writer, values: Values<S>): void;
  /** Throws what `encode` would throw, without writing anything: `TypeError` or `RangeError`. */
  check(values: Values<S>): void;
}

/**
 * Reads attributes in place in a datagram. Loading checks every length and records where each attribute starts; an
 * attribute is decoded when it is read. A reader is reused from message to message, so its values are valid until it is
 * loaded again. Of duplicates the last one counts, as in the kernel.
 */
export interface AttributeReader<S extends Shape> {
  readonly set: AttributeSet<S>;
  readonly view: DataView;
  /** Loads the attributes from `start` to `end`. Throws ERR_NETLINK_MALFORMED. */
  load(view: DataView, start: number, end: number): this;
  /** Returns the value of an attribute that every such message has. Throws ERR_NETLINK_MALFORMED if it is absent. */
  need<A extends keyof S & string>(name: A): ValueOut<S[A]['kind']>;
  /** The attribute `number`, a u16, or `absent`: the same as the getter, faster for many messages. */
  u16(number: number, absent: number): number;
  /** The attribute `number`, a be16, or `absent`. */
  be16(number: number, absent: number): number;
  /** The attribute `number`, a u32, or `absent`. */
  u32(number: number, absent: number): number;
  /** The attribute `number`, a u64, as a number instead of a bigint, exact up to 2^53, or `absent`. */
  number64(number: number, absent: number): number;
  /**
   * The offset of an attribute's payload, for readers that decode it in place; undefined if it is absent. Throws
   * ERR_NETLINK_MALFORMED for a payload of fewer than `minimum` bytes.
   */
  payload(name: keyof S & string, minimum: number): number | undefined;
  /** Returns all attributes as values that stay valid, for tests, traces and rare replies. */
  decode(): Decoded<S>;
  /** The attributes that are not in the table, in the order of the message. */
  unknown(): UnknownAttribute[];
}

/** An attribute that is not in the table, as raw bytes. */
export interface UnknownAttribute {
  readonly type: number;
  readonly bytes: Uint8Array;
}

type ValueIn<K> =
  K extends Nest<infer S>
    ? K['list'] extends true
      ? readonly Values<S>[]
      : Values<S>
    : K extends Codec<infer In, infer _Out>
      ? In
      : never;
type ValueOut<K> =
  K extends Nest<infer S>
    ? K['list'] extends true
      ? Decoded<S>[]
      : ReaderOf<S>
    : K extends Codec<infer _In, infer Out>
      ? Out
      : never;
type DecodedOut<K> =
  K extends Nest<infer S>
    ? K['list'] extends true
      ? Decoded<S>[]
      : Decoded<S>
    : K extends Codec<infer _In, infer Out>
      ? Out
      : never;

/** Values of a set in a request: any of its attributes. They are written in the order of the object's keys. */
export type Values<S extends Shape> = { readonly [A in keyof S]?: ValueIn<S[A]['kind']> | undefined };

/** All attributes of a reply, as plain values that stay valid. */
export type Decoded<S extends Shape> = { readonly [A in keyof S]?: DecodedOut<S[A]['kind']> };

/** A reader with a typed getter for each attribute of its set. */
export type ReaderOf<S extends Shape> = AttributeReader<S> & {
  readonly [A in keyof S]: ValueOut<S[A]['kind']> | undefined;
};

/** Defines a line of a table. */
export function attribute<K>(
  number: number,
  uapi: string,
  kind: K,
  doc: string,
  since?: string,
): Definition<K> {
  return { number, uapi, kind, doc, since };
}

/** The kind of an attribute that contains the attributes of `set`. */
export function nest<S extends Shape>(set: AttributeSet<S>): Nest<S> & { readonly list: false } {
  argumentsOf.object('set', set, { name: 'text' });
  return { name: `nest of ${set.name}`, set, list: false };
}

/** The kind of an attribute that contains numbered groups of attributes of `set`, such as the controller's OPS. */
export function list<S extends Shape>(set: AttributeSet<S>): Nest<S> & { readonly list: true } {
  argumentsOf.object('set', set, { name: 'text' });
  return { name: `list of ${set.name}`, set, list: true };
}

/** Whether an attribute of this kind contains attributes. */
export function isNest(kind: unknown): kind is Nest<Shape> {
  return typeof kind === 'object' && kind !== null && 'set' in kind;
}
