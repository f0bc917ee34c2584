import { LITTLE_ENDIAN } from '../wire/align.js';

/** The used part of `WebAssembly`, which Node does not have with `--jitless`. */
interface WebAssemblyNamespace {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

/** The common exports of our modules. */
export interface WasmExports {
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** A constant of a module. */
export interface Constant {
  readonly value: number;
}

/** The numbers of the kinds of values in `wasm/`. */
export const VALUE_KINDS = {
  ...{ u16: 1, be16: 2, u32: 3, be32: 4, u8: 5 },
  ...{ text: 6, named: 7, address: 8, u64: 9 },
} as const;

/** A number in a message: its encoding, and its offset in bytes. */
export interface Place {
  readonly as: 'u16' | 'be16' | 'u32' | 'be32';
  readonly at: number;
}

/**
 * Instantiates one of our WebAssembly modules from base64. Returns undefined where there is no WebAssembly, where
 * memory for it is refused (`ulimit -v`), and on big-endian machines.
 */
export function startWasm(
  code: string,
  imports: Readonly<Record<string, Readonly<Record<string, (...args: number[]) => number>>>> = {},
): object | undefined {
  const { WebAssembly } = globalThis as { WebAssembly?: WebAssemblyNamespace };
  if (WebAssembly === undefined || !LITTLE_ENDIAN) return undefined;
  try {
    const module = new WebAssembly.Module(Buffer.from(code, 'base64'));
    return new WebAssembly.Instance(module, imports).exports;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A part of a module's memory that is filled from its start. */
export class Arena {
  readonly #wasm: WasmExports;
  readonly #start: number;
  readonly #end: number;
  #at: number;
  /** The memory, until it grows: then it is detached, and has no bytes. */
  #bytes: Buffer;

  constructor(wasm: WasmExports, start: Constant, end: Constant) {
    this.#wasm = wasm;
    this.#at = this.#start = start.value;
    this.#end = end.value;
    this.#bytes = Buffer.from(wasm.memory.buffer);
  }

  /** Stores bytes and returns their place. Throws a RangeError if they do not fit. */
  bytes(bytes: Uint8Array): number {
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
    return at;
  }

  /** Stores a text of characters of one byte and returns its place. */
  text(text: string): number {
    const at = this.#take(text.length);
    this.#bytes.write(text, at, 'latin1');
    return at;
  }

  /** Stores 32-bit words and returns their place. */
  words(words: readonly number[]): number {
    const at = this.#take(words.length * 4);
    new Uint32Array(this.#bytes.buffer, at, words.length).set(words);
    return at;
  }

  /** Frees everything. */
  clear(): void {
    this.#at = this.#start;
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#end) throw new RangeError('the memory of a WebAssembly module is full');
    this.#at = (at + length + 7) & ~7;
    if (this.#bytes.length === 0) this.#bytes = Buffer.from(this.#wasm.memory.buffer);
    return at;
  }
}

/**
 * Words for `patch` of `wasm/patch.ts`: the places of each value of a record in a message of `length` bytes. Throws a
 * RangeError for a place outside it.
 */
export function patchWords(places: readonly (readonly Place[])[], length: number): number[] {
  for (const { as, at } of places.flat()) {
    const least = as === 'u16' || as === 'be16' ? 2 : 4;
    if (!(at >= 0 && at + least <= length))
      throw new RangeError(`a value at byte ${at} of a message of ${length} bytes`);
  }
  const words = places.flatMap((each, value) => each.flatMap(({ as, at }) => [value, VALUE_KINDS[as], at]));
  return [...words, 0, 0, 0];
}
