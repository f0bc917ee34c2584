import { hrtime } from 'node:process';

/** Milliseconds of work without a pause. */
const SLICE = 1;

/** The most calls between two readings of a slow clock. */
const MOST_UNREAD = 8;

/** The part of a slice that may pass between two readings of a slow clock, in milliseconds. */
const UNREAD = SLICE / 2;

/**
 * Milliseconds of a reading from which on a clock is slow. Usually a reading takes less than a microsecond; without a vDSO, as
 * in user-mode Linux, it is a system call.
 */
const SLOW_READING = 0.005;

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
  /** The last reading of the clock; undefined before the first. */
  #read: number | undefined;
  /** Whether the clock is slow; undefined before it was measured. */
  #isSlow: boolean | undefined;
  /** The calls since the last reading, and before the next one. */
  #calls = 0;
  #unread = 0;

  constructor(clock: LoopClock) {
    this.#clock = clock;
  }

  /** The last reading of the clock, in milliseconds; undefined before the first. */
  get lastReading(): number | undefined {
    return this.#read;
  }

  /** Whether a reading of the clock costs as much as a system call. */
  get hasSlowClock(): boolean {
    return this.#isSlow === true;
  }

  /** Whether the slice of this turn of the loop is used up. It begins with the first task of the turn. */
  isOver(): boolean {
    const now = this.#now();
    if (this.#isRunning) return now >= this.#until;
    this.#begin(now);
    return false;
  }

  /**
   * The same between calls or items of similar length, of which there may be thousands: if the clock is slow, it is read only as often as
   * these calls require.
   */
  isOverBetweenCalls(): boolean {
    if (this.#isSlow === false) return this.isOver();
    if (this.#isRunning && this.#unread > 0) {
      this.#unread -= 1;
      return false;
    }
    const before = this.#read ?? -Infinity;
    const isOver = this.isOver();
    const each = ((this.#read ?? 0) - before) / (this.#calls + 1);
    this.#isSlow ??= this.#measure();
    this.#calls = this.#unread =
      this.#isSlow && !isOver ? Math.min(MOST_UNREAD - 1, Math.floor(UNREAD / each)) : 0;
    return isOver;
  }

  /** Resolves with a new slice, after a turn of the loop and after those that are already waiting. */
  async pause(): Promise<void> {
    if (!this.#isRunning) this.#begin(this.#now());
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #now(): number {
    return (this.#read = this.#clock.now());
  }

  /** Whether the clock is slow: a reading can be delayed, so the shortest of some counts. */
  #measure(): boolean {
    let shortest = Infinity;
    for (let reading = 0; reading < 4; reading++) {
      const start = this.#now();
      shortest = Math.min(shortest, this.#now() - start);
    }
    return shortest >= SLOW_READING;
  }

  #begin(now: number): void {
    this.#isRunning = true;
    this.#calls = this.#unread = 0;
    this.#until = now + SLICE;
    this.#clock.afterOthers(this.#turn);
  }

  readonly #turn = (): void => {
    this.#isRunning = false;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#begin(this.#now());
    next();
  };
}

/**
 * A monotonic clock, in milliseconds. This reading takes the fewest instructions in code that V8 has not compiled: two fifths
 * of those of `hrtime()`, three fifths of those of `performance.now()`.
 */
export function milliseconds(): number {
  return Number(hrtime.bigint()) / 1_000_000;
}

const loop = new LoopTime({ now: milliseconds, afterOthers: setImmediate });

/** The readings of this thread's clock, for code that measures calls between them. */
export const readings: Pick<LoopTime, 'lastReading' | 'hasSlowClock'> = loop;

/**
 * Divides long work on the event loop: a loop checks now and then whether its slice of time is over, and pauses if it
 * is. It measures time, not items, so it also works on slow machines. All slices of a thread share its event loop.
 */
export class TimeSlice {
  /** Whether the slice is used up. */
  isOver(): boolean {
    return loop.isOver();
  }

  /**
   * The same for a check between calls or items of similar length, such as those of one long procedure. Where a reading of the clock is a
   * system call, this reads it at most every half millisecond, or before every eighth call.
   */
  isOverBetweenCalls(): boolean {
    return loop.isOverBetweenCalls();
  }

  /** Lets the event loop run everything else that is waiting; then a new slice begins. */
  async pause(): Promise<void> {
    return loop.pause();
  }
}

/** Small items between two checks of the clock. */
export const ITEMS_PER_SLICE = 16;
