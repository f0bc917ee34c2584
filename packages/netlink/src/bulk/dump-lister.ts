import { DUMP_LISTER } from './wasm.generated.js';
import type { Shape } from '../schema/definition.js';
import { NetlinkError } from '../errors.js';
import type { Progress } from '../client/scan.js';
import { Arena, type Constant, type WasmExports, patchWords, type Place, startWasm } from './wasm.js';
import type { EncodedRequest } from '../protocol/send-buffer.js';
import { type DumpOptions, DumpRecords, listOf } from './dump-record.js';

/** A part of a line: literal text, a value of the record by its word, or parts padded with blanks to a width. */
export type LinePart =
  | string
  | { readonly word: number; readonly as: 'number' | 'address' | 'text' | ReadonlyMap<number, string> }
  | { readonly width: number; readonly parts: readonly LinePart[] };

interface Exports extends WasmExports {
  readonly ARENA: Constant;
  readonly ARENA_END: Constant;
  readonly DATAGRAM: Constant;
  readonly DATAGRAM_END: Constant;
  readonly LINES: Constant;
  readonly RECORDS: Constant;
  readonly RECORD_BYTES: Constant;
  readonly written: Constant;
  begin(layouts: number, base: number): void;
  read(length: number, seq: number): number;
  end(): number;
  clear(): void;
  write(line: number, from: number, until: number): number;
  address(record: number, patches: number, request: number): void;
}

/** The results of `read` in `wasm/dump-lister.ts`. `GROWN` is added when the memory has grown, and so has moved. */
const PROGRESS: readonly Progress[] = ['more', 'whole', 'unexpected'];
const GROWN = 4;

/** The longest line that `wasm/dump-lister.ts` has room for. */
const MOST_LINE = 500;
/** The longest texts of values. */
const LONGEST = { number: 10, address: 15, text: 15 } as const;

/** Steps of a line, with their numbers in `wasm/dump-lister.ts`. */
const STEPS = { literal: 1, number: 2, address: 3, word: 4, text: 5, mark: 6, pad: 7 } as const;

/**
 * Reads dumps into records of numbers, orders them and writes them as lines: for listings of tens of thousands, whose
 * messages look alike. It stops at anything unusual, and explains nothing. It runs as WebAssembly: see
 * `docs/decisions/0013-webassembly.md`.
 */
export class DumpLister {
  readonly #wasm: Exports;
  readonly #arena: Arena;
  readonly #recordBytes: number;
  readonly #firstRecord: number;
  readonly #datagramAt: number;
  readonly #mostDatagram: number;
  readonly #requests: AddressedRequest[] = [];
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  #dump: DumpRecords | undefined;

  private constructor(wasm: Exports) {
    this.#wasm = wasm;
    this.#arena = new Arena(wasm, wasm.ARENA, wasm.ARENA_END);
    this.#recordBytes = wasm.RECORD_BYTES.value;
    this.#firstRecord = wasm.RECORDS.value;
    this.#datagramAt = wasm.DATAGRAM.value;
    this.#mostDatagram = wasm.DATAGRAM_END.value - this.#datagramAt;
    this.#bytes = new Uint8Array(wasm.memory.buffer);
    this.#view = new DataView(wasm.memory.buffer);
  }

  /**
   * `keep` is called with messages that are special, and returns a number above 0, which is stored in their record.
   * Returns undefined where WebAssembly does not run: then read dumps in the ordinary way.
   */
  static load(keep: (view: DataView, at: number, end: number) => number): DumpLister | undefined {
    let reader: DumpLister | undefined;
    const wasm = startWasm(DUMP_LISTER, {
      'dump-lister': {
        learn: (at = 0, end = 0) => (reader === undefined ? 0 : reader.#learn(at, end)),
        keep: (at = 0, end = 0) => (reader === undefined ? 0 : reader.#keep(at, end, keep)),
      },
    }) as Exports | undefined;
    return (reader = wasm && new DumpLister(wasm));
  }

  /** Describes a dump to read. */
  dump<S extends Shape>(options: DumpOptions<S>): DumpRecords {
    return new DumpRecords(options);
  }

  /**
   * Compiles a line; returns its place. Literal text is ASCII. Throws a RangeError if it may be too long, or there is
   * no more room.
   */
  line(parts: readonly LinePart[]): number {
    const longest = parts.reduce((sum, part) => sum + longestOf(part), 0);
    if (longest > MOST_LINE)
      throw new RangeError(`a line of up to ${longest} bytes, of ${MOST_LINE} that there may be`);
    return this.#arena.words([...parts.flatMap((part) => this.#steps(part)), 0, 0, 0]);
  }

  /** Prepares a request that records are written into: its bytes, and where each word goes. */
  request(message: Uint8Array, places: readonly (readonly Place[])[]): AddressedRequest {
    const at = this.#arena.bytes(message);
    const patches = this.#arena.words(patchWords(places, message.length));
    const request = { at, patches, ...packedAt(this.#view.buffer, at, message.length) };
    this.#requests.push(request);
    return request;
  }

  /** Writes a record into a request. */
  address(request: AddressedRequest, dump: DumpRecords, index: number): void {
    this.#wasm.address(dump.base + index * this.#recordBytes, request.patches, request.at);
  }

  /** Begins a dump. Its records are stored after those of `behind`, and replace all others. */
  begin(dump: DumpRecords, behind?: DumpRecords): void {
    dump.base = behind === undefined ? this.#firstRecord : behind.base + behind.count * this.#recordBytes;
    dump.count = 0;
    this.#dump = dump;
    this.#wasm.begin(dump.first, dump.base);
  }

  /** Takes a datagram of the dump that was begun; all its messages have the sequence number `seq`. */
  read(datagram: Uint8Array, seq: number): Progress {
    if (datagram.length > this.#mostDatagram) return 'unexpected';
    this.#bytes.set(datagram, this.#datagramAt);
    const progress = this.#wasm.read(datagram.length, seq);
    if (progress >= GROWN) this.#look();
    return PROGRESS[progress % GROWN] as Progress;
  }

  /**
   * Ends the dump and sorts its records. False if they cannot be sorted: one is there twice, or they are too far
   * apart.
   */
  end(): boolean {
    const dump = this.#dump as DumpRecords;
    const count = this.#wasm.end();
    dump.count = Math.max(count, 0);
    return count >= 0;
  }

  /** A word of a record. */
  word(dump: DumpRecords, index: number, word: number): number {
    return this.#view.getUint32(dump.base + index * this.#recordBytes + word * 4, true);
  }

  /** Writes lines for `count` records; calls `print` with the text whenever the memory for lines is full. */
  write(line: number, dump: DumpRecords, from: number, count: number, print: (text: string) => void): void {
    const until = dump.base + (from + count) * this.#recordBytes;
    for (let record = until - count * this.#recordBytes; ;) {
      record = this.#wasm.write(line, record, until);
      if (record >= until) return;
      print(this.lines());
    }
  }

  /** The lines that were written since the last call. */
  lines(): string {
    const { LINES, written } = this.#wasm;
    const { buffer } = this.#bytes;
    const text = Buffer.from(buffer, LINES.value, written.value - LINES.value).toString('latin1');
    this.#wasm.clear();
    return text;
  }

  /** Renews the views on the memory. */
  #look(): void {
    const { buffer } = this.#wasm.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
    for (const request of this.#requests)
      Object.assign(request, packedAt(buffer, request.at, request.length));
  }

  #learn(at: number, end: number): number {
    try {
      this.#look();
      return this.#dump === undefined ? 0 : this.#dump.learn(this.#view, at, end, this.#arena);
    } catch (error) {
      // A malformed message, or a hundredth layout, is unusual.
      if (NetlinkError.is(error) || error instanceof RangeError) return 0;
      throw error;
    }
  }

  /** The memory may have grown since the last message. */
  #keep(at: number, end: number, keep: (view: DataView, at: number, end: number) => number): number {
    this.#look();
    return keep(this.#view, at, end);
  }

  #steps(part: LinePart): number[] {
    const arena = this.#arena;
    if (typeof part === 'string')
      return [STEPS.literal, arena.bytes(Buffer.from(part, 'latin1')), part.length];
    if ('parts' in part)
      return [STEPS.mark, 0, 0, ...part.parts.flatMap((each) => this.#steps(each)), STEPS.pad, part.width, 0];
    const { word, as } = part;
    if (typeof as === 'string') return [STEPS[as], word * 4, 0];
    return [STEPS.word, word * 4, listOf(as, arena)];
  }
}

/** How long a part of a line may be. */
function longestOf(part: LinePart): number {
  if (typeof part === 'string') return part.length;
  if ('parts' in part)
    return Math.max(
      part.width,
      part.parts.reduce((sum, each) => sum + longestOf(each), 0),
    );
  if (typeof part.as === 'string') return LONGEST[part.as];
  return Math.max(0, ...Array.from(part.as.values(), (word) => word.length));
}

/** A request in the memory of a lister. */
export interface AddressedRequest extends EncodedRequest {
  /** Where it and its patches are in that memory. */
  readonly at: number;
  readonly patches: number;
  readonly length: number;
}

function packedAt(
  buffer: ArrayBuffer,
  at: number,
  length: number,
): EncodedRequest & { readonly length: number } {
  return { length, message: new Uint8Array(buffer, at, length), view: new DataView(buffer, at, length) };
}
