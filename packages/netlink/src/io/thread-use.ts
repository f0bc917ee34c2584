/** Milliseconds after which a call of the kernel on the event loop was too long. */
const LONG = 2;

/** So many sends go through other threads then. */
const CAUTIOUS = 100;

/**
 * Says where the kernel works: on the event loop's own thread, where a call takes microseconds and a hop to another
 * thread forty; or on another one, after a call took long because another writer held the lock of the kernel.
 */
export class ThreadUse {
  #left = 0;

  /** Whether to stay away from the event loop's thread. */
  get isWanted(): boolean {
    return this.#left > 0;
  }

  /** Takes how long a call on the event loop's thread took, in milliseconds. */
  took(milliseconds: number): void {
    if (milliseconds > LONG) this.#left = CAUTIOUS;
  }

  /** Whether the next send goes through another thread. */
  next(): boolean {
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }
}
