/** Milliseconds on the event loop's thread that are too long for a system call. */
const LONG = 2;

/** How many sends use other threads after a call that took longer. */
const CAUTIOUS = 100;

/** How many sends have each of their calls measured after an interval in which one may have waited that long. */
const SUSPICIOUS = 16;

/** How many sends may come without a reading of the clock between them before each of their calls is measured. */
const MOST_UNREAD = 16;

/**
 * Decides on which thread system calls run: usually on the event loop's, since a call takes few microseconds and a hop
 * to another thread 40; on another one for a while after a call took long, as it does when another writer holds the
 * kernel's lock. On a busy machine calls take long because other programs run meanwhile: then another thread does not help.
 * Long tasks read the clock between their calls for their slices. As long as those readings are close to one another, the calls
 * need not be measured too.
 */
export class ThreadUse {
  readonly #waits: () => number;
  #left = 0;
  #measured = 0;
  #reading = Number.NaN;
  #unread = 0;
  /** How often this thread had waited when that was last asked. Before the first time it counts as having waited. */
  #waited = -1;

  /** `waits`: how often this thread has waited so far. */
  constructor(waits: () => number) {
    this.#waits = waits;
  }

  /** Whether to use another thread. */
  get isWanted(): boolean {
    return this.#left > 0;
  }

  /** Whether to measure each call of this send. */
  get isSuspicious(): boolean {
    return this.#measured > 0;
  }

  /** Whether the clock was read between this send and the one before it. */
  get hasReading(): boolean {
    return this.#unread === 0;
  }

  /** Records how many milliseconds a call on the event loop's thread took, and whether it waited meanwhile. */
  took(milliseconds: number, hasWaited: () => boolean): void {
    if (milliseconds > LONG && hasWaited()) this.#left = CAUTIOUS;
  }

  /**
   * Records an interval that a call may have filled, in milliseconds: if it was too long and this thread waited, the answers to this
   * send are received through another thread, and the next sends are measured.
   */
  mayHaveTaken(milliseconds: number): void {
    if (milliseconds <= LONG || !this.#hasWaited()) return;
    this.#left = Math.max(this.#left, 1);
    this.#measured = SUSPICIOUS;
  }

  /** Whether the next send goes through another thread. `reading`: the last one of the clock, if others read it. */
  next(reading: number | undefined): boolean {
    this.#watch(reading);
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }

  #watch(reading: number | undefined): void {
    const isNew = reading !== undefined && reading !== this.#reading;
    // NaN, before the first reading, compares as false. An interval without a wait was spent working, or another program ran.
    const isLong = isNew && reading - this.#reading > LONG && this.#hasWaited();
    this.#unread = isNew ? 0 : this.#unread + 1;
    if (isNew) this.#reading = reading;
    if (isLong) this.#measured = SUSPICIOUS;
    else if (reading === undefined || this.#unread >= MOST_UNREAD) this.#measured = 1;
    else if (this.#measured > 0) this.#measured -= 1;
  }

  /** Whether this thread has waited since the last time that this was asked. */
  #hasWaited(): boolean {
    const before = this.#waited;
    this.#waited = this.#waits();
    return this.#waited > before;
  }
}
