import { DUMP_LISTER } from './wasm.generated.js';
import type { Shape } from '../schema/definition.js';
import { NetlinkError } from '../errors.js';
import type { Progress } from '../client/scan.js';
import { Arena, type Constant, type WasmExports, startWasm } from './wasm.js';
import { addressedAt, type AddressedRequest, type DumpOptions, DumpRecords } from './dump-record.js';
import { LONGEST_NAME } from './line-steps.js';

interface Exports extends WasmExports {
  readonly ARENA: Constant;
  readonly ARENA_END: Constant;
  readonly DATAGRAM: Constant;
  readonly DATAGRAM_END: Constant;
  readonly LINES: Constant;
  readonly written: Constant;
  begin(dump: number): void;
  read(length: number, seq: number): number;
  end(order: number): number;
  hold(): void;
  record(index: number): number;
  ask(index: number): number;
  clear(): void;
  print(index: number, order: number): number;
  line(index: number): void;
  more(): number;
}

/** Returns a name for what is special about the message from `at` to `end`; undefined if it has none. */
export type NameMessage = (view: DataView, at: number, end: number) => string | undefined;

/**
 * The order of records: by their first words, as numbers; as ipvsadm has it (`true`), by their 32-bit differences taken as signed
 * numbers; or as the kernel lists them (`false`).
 */
export type RecordOrder = boolean | 'numeric';

/** The number of an order in `wasm/order.ts`. */
function orderNumber(order: RecordOrder): number {
  return order === 'numeric' ? 2 : order ? 1 : 0;
}

/** What `read` of `wasm/dump-lister.ts` returns. */
const PROGRESS: readonly Progress[] = ['more', 'whole', 'unexpected'];
/** What `print` and `more` return when the buffer of lines is full: before the last of them, or before the first. */
const FULL = -2;
const FULL_BEFORE = -3;

/**
 * Reads dumps into records of numbers, sorts them and writes them as lines, for listings of tens of thousands of
 * similar messages. It stops at anything unusual and leaves it to the ordinary reader. It runs as WebAssembly: see
 * `docs/decisions/0013-webassembly.md`.
 *
 * Begin a dump, read its datagrams, then end it. To list a second level, hold the dump instead: then ask about each
 * record, and print it with the records of the answer below it.
 */
export class DumpLister {
  readonly #wasm: Exports;
  readonly #arena: Arena;
  readonly #datagramAt: number;
  readonly #mostDatagram: number;
  readonly #linesAt: number;
  readonly #dumps: DumpRecords[] = [];
  readonly #names = new Map<string, number>();
  #bytes: Buffer;
  #room: Uint8Array;
  #view: DataView<ArrayBuffer>;
  #dump: DumpRecords | undefined;
  #held: DumpRecords | undefined;

  private constructor(wasm: Exports) {
    this.#wasm = wasm;
    this.#arena = new Arena(wasm, wasm.ARENA, wasm.ARENA_END);
    this.#datagramAt = wasm.DATAGRAM.value;
    this.#mostDatagram = wasm.DATAGRAM_END.value - this.#datagramAt;
    this.#linesAt = wasm.LINES.value;
    this.#bytes = Buffer.from(wasm.memory.buffer);
    this.#room = new Uint8Array(wasm.memory.buffer, this.#datagramAt, this.#mostDatagram);
    this.#view = new DataView(wasm.memory.buffer);
  }

  /** Returns undefined where WebAssembly does not run; dumps must be read in another way then. */
  static load(name: NameMessage = () => undefined): DumpLister | undefined {
    let lister: DumpLister | undefined;
    const wasm = startWasm(DUMP_LISTER, {
      'dump-lister': { learn: (at = 0, end = 0) => (lister === undefined ? 0 : lister.#learn(at, end)) },
      record: { name: (at = 0, end = 0) => (lister === undefined ? 0 : lister.#name(at, end, name)) },
    }) as Exports | undefined;
    return (lister = wasm && new DumpLister(wasm));
  }

  /** Prepares a dump. Throws a RangeError if the memory is full. */
  dump<S extends Shape>(options: DumpOptions<S>): DumpRecords {
    const dump = new DumpRecords(options, this.#arena);
    this.#dumps.push(dump);
    return dump;
  }

  /** Begins a dump. Its records replace all others. */
  begin(dump: DumpRecords): void {
    this.#dump = dump;
    this.#wasm.begin(dump.at);
  }

  /** Takes a datagram of the dump that was begun; all its messages have the sequence number `seq`. */
  read(datagram: Uint8Array, seq: number): Progress {
    if (datagram.length > this.#mostDatagram) return 'unexpected';
    this.#bytes.set(datagram, this.#datagramAt);
    return this.readRoom(datagram.length, seq);
  }

  /** Where the next datagram may be received, until it is taken. */
  get room(): Uint8Array {
    return this.#room;
  }

  /** Takes a datagram of `length` bytes that was received in `room`. */
  readRoom(length: number, seq: number): Progress {
    const progress = this.#wasm.read(length, seq);
    if (this.#bytes.length === 0) this.#look();
    return PROGRESS[progress] as Progress;
  }

  /** Ends the dump, sorts its records and holds it. Returns how many there are; undefined if the memory is full. */
  hold(order: RecordOrder): number | undefined {
    const count = this.#wasm.end(orderNumber(order));
    this.#wasm.hold();
    this.#held = this.#dump;
    this.#follow();
    return count < 0 ? undefined : count;
  }

  /** Returns a word of a held record; `index` is its rank in the order. */
  word(index: number, word: number): number {
    return this.#view.getUint32(this.#wasm.record(index) + word * 4, true);
  }

  /**
   * Returns the request that asks about a held record, and begins the dump that answers it. Throws a TypeError if it
   * has none.
   */
  ask(index: number): AddressedRequest {
    const request = this.#held?.requests[this.#wasm.ask(index)];
    if (request === undefined) throw new TypeError('there is nothing to ask about these records');
    this.#dump = request.answer;
    return request;
  }

  /**
   * Ends the dump that `ask` began, and writes the line of the record that was asked about and the lines below it.
   * Returns how many lines are below it; undefined if there is no memory to sort them. A record without lines below it
   * is not written. Calls `print` with the lines whenever their buffer is full.
   */
  print(index: number, order: RecordOrder, print: (text: string) => void): number | undefined {
    const wasm = this.#wasm;
    const by = orderNumber(order);
    let count = wasm.print(index, by);
    if (count === FULL_BEFORE) {
      print(this.lines());
      count = wasm.print(index, by);
    }
    this.#follow();
    for (; count === FULL; count = wasm.more()) print(this.lines());
    return count < 0 ? undefined : count;
  }

  /** Returns the line of a held record, after those that were written since the last call. */
  lineOf(index: number): string {
    const before = this.lines();
    this.#wasm.line(index);
    return before + this.lines();
  }

  /** The lines that were written since the last call. */
  lines(): string {
    const text = this.#bytes.toString('latin1', this.#linesAt, this.#wasm.written.value);
    this.#wasm.clear();
    return text;
  }

  /** Makes new views of the memory after it has grown: the old ones are detached then. */
  #follow(): void {
    if (this.#bytes.length === 0) this.#look();
  }

  #look(): void {
    const { buffer } = this.#wasm.memory;
    this.#bytes = Buffer.from(buffer);
    this.#room = new Uint8Array(buffer, this.#datagramAt, this.#mostDatagram);
    this.#view = new DataView(buffer);
    for (const { requests } of this.#dumps)
      for (const request of requests)
        if ((request as AddressedRequest | undefined) !== undefined)
          Object.assign(request, addressedAt(buffer, request.at, request.length));
  }

  #learn(at: number, end: number): number {
    return this.#unlessUnusual(() => this.#dump?.learn(this.#view, at, end) ?? 0);
  }

  #name(at: number, end: number, name: NameMessage): number {
    return this.#unlessUnusual(() => {
      const text = name(this.#view, at, end);
      if (text === undefined || text.length > LONGEST_NAME) return 0;
      const known = this.#names.get(text);
      if (known !== undefined) return known;
      const bytes = Buffer.from(`....${text}`, 'latin1');
      bytes.writeUInt32LE(text.length);
      const place = this.#arena.bytes(bytes);
      this.#names.set(text, place);
      return place;
    });
  }

  /**
   * Returns 0 for a malformed message, and when there are too many layouts: both are unusual. Any message may make the
   * memory grow.
   */
  #unlessUnusual(what: () => number): number {
    this.#look();
    try {
      return what();
    } catch (error) {
      if (NetlinkError.is(error) || error instanceof RangeError) return 0;
      throw error;
    }
  }
}
