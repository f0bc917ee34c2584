import { type CheckResult, failed, noVerdict } from '../check/result.js';

/** Ends an attempt; only the first call counts. */
export type End = (result: CheckResult) => void;

/** The phase of an attempt, which decides its result at the timeout. */
export interface Phase {
  /** What it waits for: `no connection`, `no reply`. */
  waiting: string;
  /** The result at the timeout, if it is not a failure. */
  atTimeout?: CheckResult | undefined;
}

/**
 * Runs one attempt. `begin` starts it and returns a function that cleans up. At the timeout the event loop is polled
 * once more before the attempt fails. If the loop was busy for more than half the timeout, there is no verdict, since
 * this process was late and not the server. The duration is measured when the attempt ends.
 */
export function attempt(
  timeout: number,
  begin: (end: End, phase: Phase) => () => void,
): Promise<CheckResult> {
  return new Promise((resolve) => {
    new Attempt(timeout, resolve).begin(begin);
  });
}

/** An attempt as one object with a timer: thousands of them run per second. */
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
    // Data that has arrived meanwhile is read before this runs.
    setImmediate(() => {
      if (late > timeout / 2) attempt.#end(noVerdict(`this process was busy for ${Math.round(late)} ms`));
      else attempt.#end(attempt.atTimeout ?? failed(`${attempt.waiting} within ${timeout} ms`));
    });
  }
}
