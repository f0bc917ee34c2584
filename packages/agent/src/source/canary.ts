/** The state of a canary with the candidate. Times are milliseconds of a monotonic clock. */
export interface CanaryState {
  /** When the candidate took effect; undefined if it has not. */
  readonly since: number | undefined;
  /** Why it did not take effect: mistakes, or a pending removal. */
  readonly obstacle: string | undefined;
  /** Destinations that were down before it took effect, and those that are down now. */
  readonly downBefore: ReadonlySet<string>;
  readonly down: readonly string[];
  /** Destinations that have not been judged yet. */
  readonly unknown: number;
  readonly doubt: boolean;
  /** Why the director is not fit; empty if it is. */
  readonly unfitness: readonly string[];
}

/** The verdict on a candidate. */
export type CanaryVerdict =
  | { readonly kind: 'wait'; readonly until: number | undefined }
  | { readonly kind: 'promote' }
  | { readonly kind: 'stop'; readonly reason: string };

/** Judges a candidate that must work well for `bake` milliseconds. */
export function judgeCanary(state: CanaryState, bake: number, now: number): CanaryVerdict {
  const { since, obstacle, downBefore, down, unknown, doubt, unfitness } = state;
  if (obstacle !== undefined) return { kind: 'stop', reason: obstacle };
  if (since === undefined) return { kind: 'wait', until: undefined };
  const fresh = down.filter((each) => !downBefore.has(each));
  if (fresh.length > 0) {
    const more = fresh.length > 3 ? ` and ${fresh.length - 3} more` : '';
    return { kind: 'stop', reason: `${fresh.slice(0, 3).join(', ')}${more} went down` };
  }
  if (doubt) return { kind: 'stop', reason: 'so much failed at once that the director doubts its checks' };
  const end = since + bake;
  if (now < end) return { kind: 'wait', until: end };
  if (unfitness.length > 0) return { kind: 'stop', reason: unfitness[0] as string };
  // Added destinations take their own time to be judged.
  return unknown > 0 ? { kind: 'wait', until: undefined } : { kind: 'promote' };
}
