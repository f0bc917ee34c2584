/** Milliseconds of work without a pause. */
const SLICE = 1;

/** What {@link LoopTime} needs of the event loop. */
export interface LoopClock {
  /** Milliseconds. */
  now(): number;
  /** Calls `turn` after the event loop has run everything else that is waiting. */
  afterOthers(turn: () => void): void;
}

/**
 * Divides the time of an event loop among long tasks: slices of one millisecond, with a turn of the loop after each. A
 * task whose slice is over queues behind all others, so concurrent tasks get equal numbers of slices.
 */
export class LoopTime {
  readonly #clock: LoopClock;
  readonly #waiting: (() => void)[] = [];
  #until = 0;
  #isRunning = false;

  constructor(clock: LoopClock) {
    this.#clock = clock;
  }

  /** Whether the slice of this turn of the loop is used up. It begins with the first task of the turn. */
  isOver(): boolean {
    const now = this.#clock.now();
    if (this.#isRunning) return now >= this.#until;
    this.#begin(now);
    return false;
  }

  /** Resolves with a new slice, after a turn of the loop and after those that are already waiting. */
  async pause(): Promise<void> {
    if (!this.#isRunning) this.#begin(this.#clock.now());
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #begin(now: number): void {
    this.#isRunning = true;
    this.#until = now + SLICE;
    this.#clock.afterOthers(this.#turn);
  }

  readonly #turn = (): void => {
    this.#isRunning = false;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#begin(this.#clock.now());
    next();
  };
}

// The global `performance`, which Node loads when it is first used: a program that never waits does not load it.
const loop = new LoopTime({ now: () => performance.now(), afterOthers: setImmediate });

/**
 * Divides long work on the event loop: a loop checks now and then whether its slice of time is over, and pauses if it
 * is. It measures time, not items, so it also works on slow machines. All slices of a thread share its event loop.
 */
export class TimeSlice {
  /** Whether the slice is used up. */
  isOver(): boolean {
    return loop.isOver();
  }

  /** Lets the event loop run everything else that is waiting; then a new slice begins. */
  async pause(): Promise<void> {
    return loop.pause();
  }
}

/** Small items between two checks of the clock. */
export const ITEMS_PER_SLICE = 16;
