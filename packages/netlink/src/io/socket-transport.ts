import { argumentsOf } from '../argument-checks.js';
import { milliseconds, readings } from '../time-slice.js';
import type { NetlinkSocket } from './socket.js';
import { ThreadUse } from './thread-use.js';
import { threadWaits } from './thread-waits.js';
import type { Transport } from './transport.js';

/** Options of a transport over a socket. */
export interface SocketTransportOptions {
  /** The clock that measures calls, in milliseconds; by default the process's, which {@link TimeSlice} reads too. */
  readonly now?: (() => number) | undefined;
  /**
   * How often this thread has waited so far. By default its voluntary context switches; those of the whole process where a `long` has
   * 32 bits.
   */
  readonly waits?: (() => number) | undefined;
}

/** How many datagrams of an answer are received without a measurement. */
const UNMEASURED = 2;

/**
 * A transport over a socket that blocks the event loop for some microseconds only. The kernel executes requests inside
 * `send` and builds the parts of a dump inside `recv`. If that may be slow, it runs on libuv's threads; so do the next
 * hundred sends, and dumps, after a call that waited for over two milliseconds. Answers that are already queued are received
 * at once.
 */
export function socketTransport(socket: NetlinkSocket, options: SocketTransportOptions = {}): Transport {
  argumentsOf.object('socket', socket);
  argumentsOf.object('options', options);
  const own = new SocketTransport(socket, options);
  // Methods of its own, so that a caller may wrap some of them: `{ ...transport, send }`.
  return {
    capacity: own.capacity,
    firstSeq: own.firstSeq,
    send: (bytes, slow) => own.send(bytes, slow),
    receive: (working) => own.receive(working),
    close: async () => own.close(),
  };
}

class SocketTransport implements Transport {
  readonly capacity: number;
  readonly firstSeq: number;
  readonly #socket: NetlinkSocket;
  readonly #threads: ThreadUse;
  readonly #now: () => number;
  readonly #waits: () => number;
  /** The readings that slices take; absent with a clock of its own. */
  readonly #readings: typeof readings | undefined;
  /** Datagrams received since the last send. */
  #received = 0;
  /** How often the process had waited before the last send that was measured. */
  #waited = 0;

  constructor(socket: NetlinkSocket, { now, waits }: SocketTransportOptions) {
    this.capacity = socket.capacity;
    this.firstSeq = socket.firstSeq;
    this.#socket = socket;
    this.#now = now ?? milliseconds;
    this.#waits = waits ?? threadWaits;
    this.#threads = new ThreadUse(this.#waits);
    this.#readings = now === undefined ? readings : undefined;
  }

  send(bytes: Uint8Array, slow = true): Promise<void> | undefined {
    const threads = this.#threads;
    const reading = this.#readings?.lastReading;
    this.#received = 0;
    if (threads.next(reading) || slow) return this.#socket.sendAsync(bytes);
    if (threads.isSuspicious) {
      this.#waited = this.#waits();
      const start = this.#now();
      this.#socket.send(bytes);
      threads.took(this.#now() - start, this.#hasWaited);
    } else {
      this.#socket.send(bytes);
      // The slice was checked just before, so that reading is also the start of the call.
      if (reading !== undefined && threads.hasReading && this.#readings?.hasSlowClock === false)
        threads.mayHaveTaken(this.#now() - reading);
    }
    return undefined;
  }

  receive(working: boolean): Promise<Uint8Array | undefined> | Uint8Array | undefined {
    if (!working) return this.#socket.receive();
    if (this.#threads.isWanted) return this.#socket.receiveAsync();
    this.#received += 1;
    if (!this.#threads.isSuspicious) {
      if (this.#received <= UNMEASURED) return this.#socket.receive();
      if (this.#received === UNMEASURED + 1) this.#waited = this.#waits();
    }
    const start = this.#now();
    const datagram = this.#socket.receive();
    this.#threads.took(this.#now() - start, this.#hasWaited);
    return datagram;
  }

  async close(): Promise<void> {
    this.#socket.close();
  }

  readonly #hasWaited = (): boolean => this.#waits() > this.#waited;
}
