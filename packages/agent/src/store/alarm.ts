/** Node's longest timer. */
const LONGEST_TIMER = 0x7fff_ffff;

/** Milliseconds by which it may ring late, so that what begins at almost the same time shares a turn of the event loop. */
const GRANULE = 4;

/** Calls something at a time of a monotonic clock: at the last one that was set. */
export class Alarm {
  readonly #now: () => number;
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => number, ring: () => void) {
    this.#now = now;
    this.#ring = ring;
  }

  /** Replaces the time that was set before. */
  set(at: number): void {
    clearTimeout(this.#timer);
    const pause = Math.ceil(Math.max(0, at - this.#now()) / GRANULE) * GRANULE;
    this.#timer = setTimeout(this.#ring, Math.min(LONGEST_TIMER, pause));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
