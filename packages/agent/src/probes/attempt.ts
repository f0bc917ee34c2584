import { type CheckResult, failed, noVerdict } from '../check/result.js';

/** Ends an attempt; only the first call counts. */
export type End = (result: CheckResult) => void;

/** What an attempt is about to do when its time is over, and what it then comes to. */
export interface Phase {
  /** What it waits for: `no connection`, `no reply`. */
  waiting: string;
  /** The result at the timeout, where that is no failure. */
  atTimeout?: CheckResult;
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
    const start = performance.now();
    const phase: Phase = { waiting: 'no answer' };
    const state: { ended: boolean; cleanUp?: () => void } = { ended: false };
    const end: End = (result) => {
      if (state.ended) return;
      state.ended = true;
      clearTimeout(timer);
      state.cleanUp?.();
      resolve({ ...result, milliseconds: performance.now() - start });
    };
    const timer = setTimeout(() => {
      const late = performance.now() - start - timeout;
      // What has arrived meanwhile is read before this runs.
      setImmediate(() => {
        if (late > timeout / 2) end(noVerdict(`this process was busy for ${Math.round(late)} ms`));
        else end(phase.atTimeout ?? failed(`${phase.waiting} within ${timeout} ms`));
      });
    }, timeout);
    state.cleanUp = begin(end, phase);
    if (state.ended) state.cleanUp();
  });
}
