import { argumentsOf } from '../argument-checks.js';
import type { CheckTiming } from '../check/check.js';
import type { CheckResult, Outcome } from '../check/result.js';

/** The verdict on a server by one check. Times are milliseconds of a monotonic clock. */
export interface Verdict {
  /** `unknown`: not judged yet since the agent knows it. */
  readonly state: 'unknown' | 'up' | 'down';
  /** Since when it has this state. */
  readonly since: number;
  /** Whether it was ever up. */
  readonly everUp: boolean;
  /** Failures in a row. */
  readonly failures: number;
  /** Passes in a row. */
  readonly passes: number;
  /** Share of the weight that the server requested at its last pass; all by default. */
  readonly share?: number;
  /** The last result with a verdict; absent before the first. */
  readonly last?: LastResult;
}

/** A result and its time. */
export interface LastResult {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly milliseconds: number | undefined;
  readonly at: number;
}

/** The verdict on a server that is not known yet. */
export function unknownVerdict(now: number): Verdict {
  return { state: 'unknown', since: now, everUp: false, failures: 0, passes: 0 };
}

/**
 * The verdict after one more result. `fall` failures in a row take a server down, `rise` passes in a row bring it up:
 * one is enough for a server that was never up. A result without a verdict changes only the last result.
 */
export function judge(
  verdict: Verdict,
  timing: Pick<CheckTiming, 'fall' | 'rise'>,
  result: CheckResult,
  now: number,
): Verdict {
  argumentsOf.object('verdict', verdict);
  argumentsOf.object('timing', timing);
  argumentsOf.object('result', result);
  argumentsOf.is('now', now, 'number');
  const last: LastResult = {
    outcome: result.outcome,
    reason: result.reason,
    milliseconds: result.milliseconds,
    at: now,
  };
  switch (result.outcome) {
    case 'no verdict':
      return { ...verdict, last };
    case 'passed': {
      const passes = verdict.passes + 1;
      const rises = verdict.state !== 'up' && passes >= (verdict.everUp ? timing.rise : 1);
      const after = {
        state: rises ? 'up' : verdict.state,
        since: rises ? now : verdict.since,
        everUp: rises || verdict.everUp,
        failures: 0,
        passes: Math.min(passes, timing.rise),
        last,
      };
      return result.share === undefined ? after : { ...after, share: result.share };
    }
    case 'failed': {
      const failures = verdict.failures + 1;
      const falls = verdict.state !== 'down' && failures >= timing.fall;
      return {
        ...verdict,
        ...(falls && { state: 'down', since: now }),
        failures: Math.min(failures, timing.fall),
        passes: 0,
        last,
      };
    }
  }
}

/** Whether two verdicts lead to the same decisions, apart from the last result and the time. */
export function sameVerdict(one: Verdict, other: Verdict): boolean {
  return (
    one.state === other.state &&
    one.since === other.since &&
    one.everUp === other.everUp &&
    one.failures === other.failures &&
    one.passes === other.passes &&
    one.share === other.share
  );
}

/** Milliseconds until the next check, counted from the start of the last one. */
export function pauseAfter(verdict: Verdict, timing: CheckTiming): number {
  if (verdict.state === 'down') return timing.downInterval;
  return verdict.failures > 0 || verdict.state === 'unknown' ? timing.failingInterval : timing.interval;
}
