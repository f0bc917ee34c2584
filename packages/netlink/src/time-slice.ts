import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

/** Milliseconds of work without a break. */
const SLICE = 1;

/**
 * Breaks up long work on the event loop: whoever works in a loop asks now and then whether a break is due, and takes
 * it. The measure is time, not items, so it holds on slow machines too.
 */
export class TimeSlice {
  #until = performance.now() + SLICE;

  /** Whether the slice is used up. */
  isOver(): boolean {
    return performance.now() >= this.#until;
  }

  /** Lets everything else that waits have its turn; then a new slice begins. */
  async pause(): Promise<void> {
    await setImmediate();
    this.#until = performance.now() + SLICE;
  }
}

/** How many small items may pass between two looks at the clock. */
export const ITEMS_PER_SLICE = 16;
