/** A system call on the event loop's thread that takes more milliseconds than this is too long. */
const LONG = 2;

/** How many sends use other threads after that. */
const CAUTIOUS = 100;

/**
 * Decides on which thread system calls run: usually on the event loop's, since a call takes few microseconds and a hop
 * to another thread 40; on another one for a while after a call took long, as it does when another writer holds the
 * kernel's lock.
 */
export class ThreadUse {
  #left = 0;

  /** Whether to use another thread. */
  get isWanted(): boolean {
    return this.#left > 0;
  }

  /** Records how many milliseconds a call on the event loop's thread took. */
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
