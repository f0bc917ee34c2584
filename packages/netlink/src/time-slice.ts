import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

/** Milliseconds of work without a break. */
const SLICE = 1;

/**
 * Breaks up long work on the event loop: a loop checks now and then whether its slice of time is over, and pauses if it
 * is. The measure is time, not items, so it holds on slow machines too.
 */
export class TimeSlice {
  #until = performance.now() + SLICE;

  /** Whether the slice is used up. */
  isOver(): boolean {
    return performance.now() >= this.#until;
  }

  /** Lets the event loop run everything else that waits; then a new slice begins. */
  async pause(): Promise<void> {
    await setImmediate();
    this.#until = performance.now() + SLICE;
  }
}

/** Small items between two checks of the clock. */
export const ITEMS_PER_SLICE = 16;
