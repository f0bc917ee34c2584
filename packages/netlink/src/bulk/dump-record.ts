import type { Definition, Nest, Shape } from '../schema/definition.js';
import { type LinePart, listOfNumbers, longestOf, putLine } from './line-steps.js';
import { type MessageLayout, type MessageLayoutOptions, MessageLayouts } from './message-layout.js';
import type { EncodedRequest } from '../protocol/send-buffer.js';
import { type Arena, patchWords, type Place, VALUE_KINDS } from './wasm.js';

/** How an attribute is stored in a record. */
export interface RecordValue {
  readonly attribute: string;
  /** The attribute that contains it, if it is not directly in the nest of the message. */
  readonly inside?: string | undefined;
  /** Whether it may be absent; it is stored as 0 then. */
  readonly optional?: boolean | undefined;
  /** The first word of the record to store it in: `address` takes four, `text` four, `u64` two, all others one. */
  readonly word: number;
  /** `text`: up to 15 characters of ASCII. `named`: unless it is 0, the function of `DumpLister.load` names the message. */
  readonly as: keyof typeof VALUE_KINDS;
  /** The bits to keep; all by default. */
  readonly mask?: number | undefined;
  /** The largest known value; a message with a larger one is unusual. For `u64`: of the high word. */
  readonly most?: number | undefined;
  /** The known numbers; all by default. */
  readonly among?: readonly number[] | undefined;
}

/** What to print of the records of a form, and what to ask about them. */
export interface FormLines {
  readonly line: readonly LinePart[];
  /** The parts of a record that are repeated in the lines below it. */
  readonly kept?: readonly LinePart[] | undefined;
  /** The request about a record, the place of each of its words in it, and the dump that answers. */
  readonly request?:
    | {
        readonly message: Uint8Array;
        readonly places: readonly (readonly Place[])[];
        readonly answer: DumpRecords;
      }
    | undefined;
}

/** A form that messages may have. */
export interface DumpForm<S extends Shape> extends Pick<
  MessageLayoutOptions<S>,
  'absent' | 'only' | 'whole' | 'wanted'
> {
  readonly values: readonly RecordValue[];
  /** Called for the first message of this form. */
  readonly lines: () => FormLines;
}

/** The messages of a dump, and the record that each becomes. */
export interface DumpOptions<S extends Shape> extends Pick<MessageLayoutOptions<S>, 'command' | 'nest'> {
  /** How many words a record has, and how many of them, from the first on, it is sorted by. */
  readonly words: number;
  readonly key: number;
  /** The word that holds the number of the form. */
  readonly form: number;
  /** Whether all messages must have the same form. */
  readonly uniform?: boolean | undefined;
  /** Each is called once, for the first message that has none of the forms before it. */
  readonly forms: readonly (() => DumpForm<S>)[];
}

/** A request in the memory of a lister. */
export interface AddressedRequest extends EncodedRequest {
  /** Its place in the memory. */
  readonly at: number;
  readonly length: number;
  /** The dump that answers. */
  readonly answer: DumpRecords;
}

const ALL_BITS = 0xffffffff;
const NOWHERE = 0xffffffff;
const FORM_WORDS = 5;
const WORD_BYTES = 4;

/** The fewest bytes that the payload of a value may have. */
const LEAST_BYTES: Readonly<Record<keyof typeof VALUE_KINDS, number>> = {
  ...{ u8: 1, u16: 2, be16: 2, u32: 4, be32: 4 },
  ...{ text: 1, named: 4, address: 16, u64: 8 },
};

interface LearntForm extends DumpForm<Shape> {
  readonly layouts: MessageLayouts<Shape>;
}

/** A prepared dump, and the layouts that its messages have had so far. */
export class DumpRecords {
  /** The place of its description in the memory of the module. */
  readonly at: number;
  /** The requests of the forms that have been seen. */
  readonly requests: AddressedRequest[] = [];
  readonly #arena: Arena;
  readonly #forms: readonly (() => LearntForm)[];
  readonly #formsAt: number;

  constructor(options: DumpOptions<Shape>, arena: Arena) {
    const { command, nest, forms, key, uniform = false } = options;
    this.#arena = arena;
    this.#forms = forms.map((make) => {
      let made: LearntForm | undefined;
      return () => {
        if (made === undefined) {
          const form = make();
          made = { ...form, layouts: layoutsOf(command, nest, form) };
        }
        return made;
      };
    });
    this.#formsAt = arena.words(Array.from({ length: forms.length * FORM_WORDS }, () => 0));
    // Records are aligned for 64-bit words.
    const bytes = (options.words * WORD_BYTES + 7) & ~7;
    this.at = arena.words([
      0,
      bytes,
      key * WORD_BYTES,
      options.form * WORD_BYTES,
      Number(uniform),
      this.#formsAt,
    ]);
  }

  /**
   * Learns the layout of a message and returns its place. Throws ERR_NETLINK_MALFORMED, and a RangeError if the memory
   * is full.
   */
  learn(view: DataView, at: number, end: number): number {
    for (const [index, make] of this.#forms.entries()) {
      const form = make();
      const layout = form.layouts.learn(view, at, end);
      if (layout === undefined) continue;
      const place = this.#formsAt + index * FORM_WORDS * WORD_BYTES;
      if (view.getUint32(place, true) === 0) this.#put(form.lines(), index, view, place);
      return this.#arena.words([
        view.getUint32(this.at, true),
        layout.length,
        this.#arena.words(heads(layout)),
        this.#arena.words(entries(form.values, layout, this.#arena)),
        index,
      ]);
    }
    return 0;
  }

  /** Stores the description of a form in the memory of the module. */
  #put({ line, kept = [], request }: FormLines, index: number, view: DataView, place: number): void {
    const arena = this.#arena;
    const words = [0, kept.length === 0 ? 0 : putLine(kept, arena), 0, 0, 0];
    if (request !== undefined) {
      const { message, places, answer } = request;
      const at = arena.bytes(message);
      const patches = patchWords(places, message.length);
      this.requests[index] = { at, answer, ...addressedAt(view.buffer as ArrayBuffer, at, message.length) };
      words.splice(2, 3, at, arena.words(patches), answer.at);
    }
    words[0] = putLine(line, arena);
    for (const [offset, word] of words.entries()) view.setUint32(place + offset * WORD_BYTES, word, true);
  }
}

/** Stores a request in the memory of the module, where it stays. */
export function addressedAt(
  buffer: ArrayBuffer,
  at: number,
  length: number,
): EncodedRequest & { readonly length: number } {
  return { length, message: new Uint8Array(buffer, at, length), view: new DataView(buffer, at, length) };
}

function layoutsOf(
  command: number,
  nest: Definition<Nest<Shape>>,
  { values, wanted, ...form }: DumpForm<Shape>,
): MessageLayouts<Shape> {
  const taken = values.map(({ attribute, inside, optional, as }) => ({
    ...{ name: attribute, inside, optional },
    bytes: LEAST_BYTES[as],
  }));
  return new MessageLayouts({ ...form, command, nest, wanted: [...taken, ...wanted] });
}

function heads({ places, heads: words }: MessageLayout): number[] {
  const result: number[] = [];
  for (let index = 0; index < places.length; index++)
    result.push((places[index] as number) * WORD_BYTES, words[index] as number);
  result.push(NOWHERE);
  return result;
}

function entries(values: readonly RecordValue[], { payloads }: MessageLayout, arena: Arena): number[] {
  const result: number[] = [];
  for (let index = 0; index < values.length; index++) {
    const payload = payloads[index];
    if (payload === undefined) continue;
    const { word, as, mask, most, among } = values[index] as RecordValue;
    const list = among === undefined ? 0 : listOfNumbers(among, arena);
    result.push(payload, VALUE_KINDS[as], word, mask ?? ALL_BITS, most ?? ALL_BITS, list);
  }
  result.push(0, 0);
  return result;
}

/** The part of a line that repeats what was kept of the record above it. */
export function keptPart(kept: readonly LinePart[]): LinePart {
  return { kept: true, longest: longestOf(kept) };
}
