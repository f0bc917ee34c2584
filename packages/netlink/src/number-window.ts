import { align4, LITTLE_ENDIAN } from './align.js';
import { attributeLength } from './attribute.js';
import { ATTRIBUTE_TYPE_MASK, HEADER_BYTES } from './constants.js';
import type { AttributeSet, Definition, Shape } from './definition.js';
import { malformed } from './errors.js';
import { be16, type Kind, u16, u32 } from './kinds.js';

/** How an attribute is read; 0: not at all. */
const U16 = 1;
const BE16 = 2;
const U32 = 3;
const PLACE = 4;

/**
 * A look at some attributes of a message that gives numbers only, found by one small loop that the kinds of the table
 * steer: for readers of tens of thousands of messages in a process that has just started, where each getter of a
 * `Window` is one more function to compile. Lengths are checked as they are by windows.
 */
export class NumberWindow<S extends Shape> {
  /**
   * By the number of the attribute: its value, or for kinds that are no numbers the place in the view where its payload
   * starts; 0 for those that are absent. Valid until the next loading.
   */
  readonly values: Uint32Array;
  readonly #set: AttributeSet<S>;
  readonly #kinds: Uint8Array;
  /** The fewest bytes of a payload. */
  readonly #least: Uint8Array;
  /** A bit for each attribute that no message should lack. */
  readonly #due: number;

  /**
   * Reads the attributes `names`, and gives the places of `places`, whose payloads have so many bytes at least. All but
   * `optional` ones are due.
   */
  constructor(
    set: AttributeSet<S>,
    names: readonly (keyof S & string)[],
    places: Readonly<Partial<Record<keyof S & string, number>>>,
    optional: readonly (keyof S & string)[] = [],
  ) {
    const wanted = [...names, ...Object.keys(places)].filter((name) => !optional.includes(name));
    this.#due = wanted.reduce((bits, name) => bits | bitOf((set.attributes[name] as Definition).number), 0);
    this.#set = set;
    this.#kinds = new Uint8Array(set.known.length);
    this.#least = new Uint8Array(set.known.length);
    this.values = new Uint32Array(set.known.length);
    for (const name of names) {
      const { number, kind } = set.attributes[name] as Definition<Kind<number>>;
      this.#kinds[number] = kind === u16 ? U16 : kind === be16 ? BE16 : kind === u32 ? U32 : 0;
      if (this.#kinds[number] === 0)
        throw new TypeError(`${set.name} ${name} is no number of two or four bytes`);
      this.#least[number] = kind.minimum;
    }
    for (const [name, least] of Object.entries(places) as [string, number][]) {
      const { number } = set.attributes[name] as Definition;
      this.#kinds[number] = PLACE;
      this.#least[number] = least;
    }
  }

  /** Looks at the attributes from `start` to `end`; whether all are there that are due. Throws ERR_NETLINK_MALFORMED. */
  load(view: DataView, start: number, end: number): boolean {
    const { values } = this;
    let found = 0;
    const kinds = this.#kinds;
    values.fill(0);
    for (let at = start; at < end;) {
      const length = attributeLength(view, at, end);
      const type = view.getUint16(at + 2, LITTLE_ENDIAN) & ATTRIBUTE_TYPE_MASK;
      const kind = type < kinds.length ? (kinds[type] as number) : 0;
      if (kind !== 0) {
        const payload = at + HEADER_BYTES.ATTRIBUTE;
        if (length - HEADER_BYTES.ATTRIBUTE < (this.#least[type] as number))
          throw this.#tooShort(type, length);
        if (kind === U32) values[type] = view.getUint32(payload, LITTLE_ENDIAN);
        else if (kind === PLACE) values[type] = payload;
        else values[type] = view.getUint16(payload, kind === U16 && LITTLE_ENDIAN);
        found |= bitOf(type);
      }
      at += align4(length);
    }
    return (found & this.#due) === this.#due;
  }

  #tooShort(type: number, length: number): Error {
    return malformed(
      `${this.#set.name} attribute ${type} has ${length - HEADER_BYTES.ATTRIBUTE} bytes; at least ${this.#least[type] ?? 0} are due`,
    );
  }
}

/** Attributes that are looked for have numbers below 32. */
function bitOf(number: number): number {
  return 1 << number;
}
