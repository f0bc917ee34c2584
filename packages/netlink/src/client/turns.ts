import { isPromise } from '../io/maybe-promise.js';
import type { TimeSlice } from '../time-slice.js';

/** The work of one turn; returns a promise only if it has to wait. */
type Work<T> = () => Promise<T> | T;

/** Turns at a socket: one exchange at a time, in the order of the calls. */
export class Turns {
  readonly #slice: TimeSlice;
  readonly #waiting: Work<void>[] = [];
  #isTaken = false;

  constructor(slice: TimeSlice) {
    this.#slice = slice;
  }

  /** Whether nobody has a turn. */
  get isFree(): boolean {
    return !this.#isTaken;
  }

  /** Runs `work` at once; only if {@link Turns.isFree}. */
  take<T>(work: Work<T>): Promise<T> | T {
    this.#isTaken = true;
    let isOver = true;
    try {
      const result = work();
      if (!isPromise(result)) return result;
      isOver = false;
      return result.finally(() => {
        this.#end();
      });
    } finally {
      if (isOver) this.#end();
    }
  }

  /** Runs `work`, which must not fail, after all turns before it, and never before the caller continues. */
  wait(work: Work<void>): void {
    this.#waiting.push(work);
    if (this.#isTaken) return;
    this.#isTaken = true;
    this.#end();
  }

  #end(): void {
    if (this.#waiting.length === 0) this.#isTaken = false;
    else void this.#doWaiting();
  }

  async #doWaiting(): Promise<void> {
    await Promise.resolve();
    for (let work = this.#waiting.shift(); work !== undefined; work = this.#waiting.shift()) {
      if (this.#slice.isOver()) await this.#slice.pause();
      const done = work();
      if (isPromise(done)) await done;
    }
    this.#isTaken = false;
  }
}
