import { type CheckResult, failed, noVerdict } from '../check/result.js';

/** Ends an attempt; only the first call counts. */
export type End = (result: CheckResult) => void;

/** What an attempt is about to do when its time is over, and what it then comes to. */
export interface Phase {
  /** What it waits for: `no connection`, `no reply`. */
  waiting: string;
  /** The result at the timeout, where that is no failure. */
  atTimeout?: CheckResult | undefined;
}

/**
 * Runs one attempt. `begin` starts it and returns what cleans up after it. At the timeout the event loop is polled once
 * more before it counts; a loop that was busy for more than half the timeout makes no verdict, since then this process
 * was late and not the server. The time is measured when the attempt ends.
 */
export function attempt(
  timeout: number,
  begin: (end: End, phase: Phase) => () => void,
): Promise<CheckResult> {
  return new Promise((resolve) => {
    new Attempt(timeout, resolve).begin(begin);
  });
}

/** Thousands of them run a second, so it is one object with a timer. */
class Attempt implements Phase {
  waiting = 'no answer';
  atTimeout: CheckResult | undefined;
  readonly #timeout: number;
  readonly #resolve: (result: CheckResult) => void;
  readonly #start = performance.now();
  readonly #timer: NodeJS.Timeout;
  #ended = false;
  #cleanUp: (() => void) | undefined;

  constructor(timeout: number, resolve: (result: CheckResult) => void) {
    this.#timeout = timeout;
    this.#resolve = resolve;
    this.#timer = setTimeout(Attempt.#late, timeout, this);
  }

  begin(begin: (end: End, phase: Phase) => () => void): void {
    this.#cleanUp = begin((result) => this.#end(result), this);
    if (this.#ended) this.#cleanUp();
  }

  #end({ outcome, reason, refused, share }: CheckResult): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#cleanUp?.();
    const milliseconds = performance.now() - this.#start;
    this.#resolve(
      refused === undefined && share === undefined
        ? { outcome, reason, milliseconds }
        : { outcome, reason, refused, share, milliseconds },
    );
  }

  static #late(this: void, attempt: Attempt): void {
    const timeout = attempt.#timeout;
    const late = performance.now() - attempt.#start - timeout;
    // What has arrived meanwhile is read before this runs.
    setImmediate(() => {
      if (late > timeout / 2) attempt.#end(noVerdict(`this process was busy for ${Math.round(late)} ms`));
      else attempt.#end(attempt.atTimeout ?? failed(`${attempt.waiting} within ${timeout} ms`));
    });
  }
}
