/** Node's longest timer. */
const LONGEST_TIMER = 0x7fff_ffff;

/** Milliseconds by which it may be late, so that calls at almost the same time share a turn of the event loop. */
const GRANULE = 4;

/** Calls a function at the last time that was set, of a monotonic clock. */
export class Alarm {
  readonly #now: () => number;
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => number, ring: () => void) {
    this.#now = now;
    this.#ring = ring;
  }

  /** Replaces the time. */
  set(at: number): void {
    clearTimeout(this.#timer);
    const pause = Math.ceil(Math.max(0, at - this.#now()) / GRANULE) * GRANULE;
    this.#timer = setTimeout(this.#ring, Math.min(LONGEST_TIMER, pause));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
