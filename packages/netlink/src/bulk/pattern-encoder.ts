import type { EncodedRun, EncoderRoom, RequestEncoder } from '../protocol/send-buffer.js';
import { PATTERN_ENCODER } from './wasm.generated.js';
import { Arena, type Constant, type WasmExports, patchWords, type Place, startWasm } from './wasm.js';

/** A pattern of text, and the request to send for a text that matches it. */
export interface Pattern {
  /** ASCII. `@` matches an IPv4 address, `#` a number without leading zeros, everything else itself. */
  readonly text: string;
  /** The least and the largest value of each `@` (an address as a number) and `#`, in order. */
  readonly limits: readonly (readonly [least: number, most: number])[];
  /** The request, whole and padded; its sequence number does not matter. */
  readonly message: Uint8Array;
  /** The places of each value in the request: none, one or more. */
  readonly places: readonly (readonly Place[])[];
}

interface Exports extends WasmExports {
  readonly PATTERNS: Constant;
  readonly PATTERNS_END: Constant;
  readonly TEXT: Constant;
  readonly TEXT_END: Constant;
  readonly REQUESTS: Constant;
  readonly count: Constant;
  readonly end: Constant;
  readonly final: Constant;
  readonly full: Constant;
  setPatterns(first: number): void;
  write(at: number, until: number, seq: number, most: number, room: number): number;
}

const END = 0;
const NUMBER = 256;
const ADDRESS = 257;

/** The longest text of any pattern, in bytes. */
const LONGEST = 512;
const MOST_VALUES = 64;

/**
 * Encodes requests directly from text, for restores of tens of thousands of rules whose texts differ in numbers only.
 * It runs as WebAssembly: see `docs/decisions/0013-webassembly.md`.
 */
export class PatternEncoder implements RequestEncoder {
  readonly #wasm: Exports;
  readonly #arena: Arena;
  /** The text that was copied to the module's memory, and which part of it. */
  #text: Uint8Array | undefined;
  #from = 0;
  #to = 0;

  private constructor(wasm: Exports) {
    this.#wasm = wasm;
    this.#arena = new Arena(wasm, wasm.PATTERNS, wasm.PATTERNS_END);
  }

  /** Returns undefined where WebAssembly does not run; read texts in the ordinary way then. */
  static load(): PatternEncoder | undefined {
    const wasm = startWasm(PATTERN_ENCODER) as Exports | undefined;
    return wasm && new PatternEncoder(wasm);
  }

  /** Whether the last write stopped because the buffer was full. */
  get full(): boolean {
    return this.#wasm.full.value !== 0;
  }

  /** Sets the patterns. Throws a RangeError if there are too many, or one is too long or does not fit its request. */
  setPatterns(patterns: readonly Pattern[]): void {
    this.#arena.clear();
    let first = 0;
    for (const pattern of [...patterns].reverse()) first = this.#put(pattern, first);
    this.#wasm.setPatterns(first);
  }

  /** Writes requests for the texts from `at` on, up to the first that matches no pattern or does not fit. */
  write(text: Uint8Array, at: number, { seq, requests, bytes }: EncoderRoom): EncodedRun {
    const wasm = this.#wasm;
    this.#show(text, at);
    const shift = wasm.TEXT.value - this.#from;
    const room = Math.min(bytes, wasm.memory.buffer.byteLength - wasm.REQUESTS.value);
    const next = wasm.write(at + shift, this.#to + shift, seq, requests, room) - shift;
    const start = wasm.REQUESTS.value;
    return {
      next,
      count: wasm.count.value,
      bytes: new Uint8Array(wasm.memory.buffer, start, wasm.end.value - start),
      last: wasm.final.value - start,
    };
  }

  /** Copies a part of the text from `at` on to the module's memory, unless it is there already. */
  #show(text: Uint8Array, at: number): void {
    const isThere = this.#text === text && at >= this.#from && at <= this.#to;
    if (isThere && (this.#to === text.length || this.#to - at > LONGEST)) return;
    const { memory, TEXT, TEXT_END } = this.#wasm;
    this.#text = text;
    this.#from = at;
    this.#to = Math.min(text.length, at + TEXT_END.value - TEXT.value - 1);
    const target = new Uint8Array(memory.buffer, TEXT.value, this.#to - at + 1);
    target.set(text.subarray(at, this.#to));
    // No pattern contains a zero, so it terminates the text.
    target[this.#to - at] = 0;
  }

  #put({ text, limits, message, places }: Pattern, next: number): number {
    if (text.length * 4 > LONGEST || limits.length > MOST_VALUES)
      throw new RangeError(`the pattern ${JSON.stringify(text)} is too long`);
    const gaps = text.replaceAll(/[^@#]/g, '').length;
    if (limits.length !== gaps || places.length !== gaps)
      throw new RangeError(
        `the pattern ${JSON.stringify(text)} has ${gaps} values, ${limits.length} limits and ${places.length} lists of places`,
      );
    const left = [...limits];
    const steps = Array.from(text).flatMap((char) => {
      if (char !== '@' && char !== '#') return [char.charCodeAt(0), 0, 0];
      const [least = 0, most = 0] = left.shift() ?? [];
      return [char === '@' ? ADDRESS : NUMBER, least, most];
    });
    const arena = this.#arena;
    const parts = [
      arena.words([...steps, END, 0, 0]),
      arena.bytes(message),
      message.length,
      arena.words(patchWords(places, message.length)),
    ];
    return arena.words([next, ...parts]);
  }
}
