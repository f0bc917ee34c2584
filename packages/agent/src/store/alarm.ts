/** Node's longest timer. */
const LONGEST_TIMER = 0x7fff_ffff;

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
    const pause = Math.min(LONGEST_TIMER, Math.max(0, at - this.#now()));
    this.#timer = setTimeout(this.#ring, pause);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
