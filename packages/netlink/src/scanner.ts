import { LITTLE_ENDIAN } from './align.js';
import { FLAGS_AT, HEADER_BYTES, NLM_F, NLMSG, SEQUENCE_AT } from './constants.js';
import type { Shape } from './definition.js';
import { malformed, NetlinkError } from './errors.js';
import type { Layout, Layouts } from './layout.js';
import type { Trace } from './trace.js';
import { drain, type SyncTransport } from './transport-sync.js';

/** One request in bytes, and a view on them. */
export interface Packed {
  readonly message: Uint8Array;
  readonly view: DataView;
}

/**
 * Takes the message at `at`, whose headers are as `layout` says. `words` and `view` show the same bytes, as numbers of
 * this machine's order and as any; they are valid during the call only. False: it is another message than is due.
 */
export type Take = (words: Int32Array, view: DataView, at: number, layout: Layout) => boolean;

const NO_BYTES = new ArrayBuffer(0);

/**
 * Reads dumps whose messages look alike, for whoever knows another way when they do not: it decides nothing, explains
 * nothing, and stops at whatever is not as always.
 */
export class Scanner {
  readonly #transport: SyncTransport;
  readonly #trace: Trace;
  #words: Int32Array = new Int32Array(NO_BYTES);
  #view: DataView = new DataView(NO_BYTES);

  constructor(transport: SyncTransport, trace: Trace) {
    this.#transport = transport;
    this.#trace = trace;
  }

  /**
   * Sends the request of one dump under the sequence number `seq`; `take` is given its messages. False if an error, a
   * disturbance or anything unusual came: then what was taken may not be all. Throws ERR_NETLINK_CLOSED, and
   * ERR_NETLINK_SYSCALL if the request cannot be sent.
   */
  run({ message, view }: Packed, seq: number, layouts: Layouts<Shape>, take: Take): boolean {
    const traced = this.#trace.listening;
    view.setUint32(SEQUENCE_AT, seq, LITTLE_ENDIAN);
    if (traced) this.#trace.request(message);
    this.#transport.send(message);
    let whole = false;
    try {
      whole = this.#read(seq | 0, layouts, take, traced);
    } catch (error) {
      if (!NetlinkError.is(error) || error.code === 'ERR_NETLINK_CLOSED') throw error;
    } finally {
      // The rest would meet the next conversation, and an unfinished dump blocks the next one.
      if (!whole) drain(this.#transport);
    }
    return whole;
  }

  /** `seq` as it is among words, which have a sign. */
  #read(seq: number, layouts: Layouts<Shape>, take: Take, traced: boolean): boolean {
    const transport = this.#transport;
    for (;;) {
      const datagram = transport.receive();
      if (datagram === undefined) return false;
      if (traced) this.#trace.reply(datagram);
      let at = this.#look(datagram);
      const words = this.#words;
      const view = this.#view;
      const end = at + datagram.length;
      let layout = layouts.known[0];
      while (at < end) {
        if (layout === undefined || !fits(layout, words, at, end)) {
          if (isEnd(words, view, at, end, seq)) return true;
          layout = layoutOf(layouts, words, view, at, end);
        }
        if (layout === undefined || words[(at + SEQUENCE_AT) >> 2] !== seq) return false;
        if (!take(words, view, at, layout)) return false;
        at += layout.length;
      }
    }
  }

  /** Turns to the buffer of a datagram, mostly the one before; where in it the datagram starts. */
  #look(datagram: Uint8Array): number {
    if (datagram.buffer === this.#view.buffer && datagram.byteOffset % 4 === 0) return datagram.byteOffset;
    const { buffer, byteOffset } = datagram.byteOffset % 4 === 0 ? datagram : datagram.slice();
    this.#words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
    this.#view = new DataView(buffer);
    return byteOffset;
  }
}

/** Whether the message at `at` has a layout. */
function fits({ length, places, heads }: Layout, words: Int32Array, at: number, end: number): boolean {
  if (at + length > end) return false;
  const from = at >> 2;
  for (let index = heads.length - 1; index >= 0; index--) {
    if (words[from + (places[index] as number)] !== heads[index]) return false;
  }
  return true;
}

/** Whether the message at `at` ends the dump, and well. Old kernels send it without a status. */
function isEnd(words: Int32Array, view: DataView, at: number, end: number, seq: number): boolean {
  const left = end - at;
  if (left < HEADER_BYTES.MESSAGE || view.getUint16(at + 4, LITTLE_ENDIAN) !== NLMSG.DONE) return false;
  const from = at >> 2;
  const status = left < HEADER_BYTES.MESSAGE + 4 ? 0 : words[from + 4];
  return words[from + 2] === seq && status === 0 && isUndisturbed(view, at);
}

/** Which layout the message at `at` has, if it is one of data. Throws ERR_NETLINK_MALFORMED. */
function layoutOf(
  layouts: Layouts<Shape>,
  words: Int32Array,
  view: DataView,
  at: number,
  end: number,
): Layout | undefined {
  const left = end - at;
  const length = left < HEADER_BYTES.MESSAGE ? 0 : view.getUint32(at, LITTLE_ENDIAN);
  if (length < HEADER_BYTES.MESSAGE || length > left)
    throw malformed(`a message of ${length} bytes where ${left} are left`);
  if (view.getUint16(at + 4, LITTLE_ENDIAN) < NLMSG.MIN_TYPE || !isUndisturbed(view, at)) return undefined;
  return layouts.known.find((known) => fits(known, words, at, end)) ?? layouts.learn(view, at, at + length);
}

function isUndisturbed(view: DataView, at: number): boolean {
  return (view.getUint16(at + FLAGS_AT, LITTLE_ENDIAN) & NLM_F.DUMP_INTR) === 0;
}
