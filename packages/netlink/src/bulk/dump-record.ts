import type { Shape } from '../schema/definition.js';
import { type MessageLayout, type MessageLayoutOptions, MessageLayouts } from './message-layout.js';
import { type Arena, VALUE_KINDS } from './wasm.js';

/** Where an attribute is stored: one of the eight words of a record. Records are sorted by the first three. */
export interface RecordValue {
  readonly word: number;
  /** `text`: up to 15 characters of ASCII, in four words. `special`: unless it is 0, the message is kept. */
  readonly as: keyof typeof VALUE_KINDS;
  /** The bits that count, all if absent. */
  readonly mask?: number | undefined;
  /** The largest known value; a message with a larger one is unexpected. */
  readonly most?: number | undefined;
  /** The values that it may have, and their texts; any number if absent. */
  readonly words?: ReadonlyMap<number, string> | undefined;
}

/** The messages of a dump, and how each is stored as a record. */
export interface DumpOptions<S extends Shape> extends Omit<MessageLayoutOptions<S>, 'wanted'> {
  readonly values: Readonly<Partial<Record<keyof S & string, RecordValue>>>;
  /** Further attributes that must be present, and the least number of bytes of each. */
  readonly needed?: MessageLayoutOptions<S>['wanted'];
}

const ALL_BITS = 0xffffffff;
const NOWHERE = 0xffffffff;

/** The least number of bytes of a value. */
const LEAST_BYTES = { u16: 2, be16: 2, u32: 4, be32: 4, text: 1, special: 4 } as const;

/** A dump: the layouts of its messages, and their records. */
export class DumpRecords {
  /** Where the first record is, and how many there are. */
  base = 0;
  count = 0;
  /** The first layout, in the module's memory. */
  first = 0;
  readonly #layouts: MessageLayouts<Shape>;
  readonly #values: readonly RecordValue[];

  constructor({ values, needed, ...options }: DumpOptions<Shape>) {
    const wanted = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, LEAST_BYTES[(value as RecordValue).as]]),
    );
    this.#layouts = new MessageLayouts({ ...options, wanted: { ...wanted, ...needed } });
    this.#values = Object.values(values) as RecordValue[];
  }

  /** Learns the layout of a message. Throws ERR_NETLINK_MALFORMED, and a RangeError if there is no more room. */
  learn(view: DataView, at: number, end: number, arena: Arena): number {
    const layout = this.#layouts.learn(view, at, end);
    if (layout === undefined) return 0;
    return (this.first = arena.words([
      this.first,
      layout.length,
      arena.words([...heads(layout), NOWHERE]),
      arena.words([...this.#values.flatMap((value, index) => taken(value, layout, index, arena)), 0, 0]),
    ]));
  }
}

function heads({ places, heads: words }: MessageLayout): number[] {
  return places.flatMap((place, index) => [place * 4, words[index] as number]);
}

function taken(
  { word, as, mask, most, words }: RecordValue,
  layout: MessageLayout,
  index: number,
  arena: Arena,
): number[] {
  const list = words === undefined ? 0 : listOf(words, arena);
  return [layout.payloads[index] as number, VALUE_KINDS[as], word, mask ?? ALL_BITS, most ?? ALL_BITS, list];
}

/** Stores a list of words for `wordOf` of `wasm/dump-lister.ts`; returns its place. */
export function listOf(words: ReadonlyMap<number, string>, arena: Arena): number {
  const entries = [...words].flatMap(([value, text]) => [
    value,
    arena.bytes(Buffer.from(text, 'latin1')),
    text.length,
  ]);
  return arena.words([words.size, ...entries]);
}
