/** What a check said: it passed, it failed, or it could not tell because of this host. */
export type Outcome = 'passed' | 'failed' | 'no verdict';

/** The result of one run of a check. */
export interface CheckResult {
  readonly outcome: Outcome;
  /** Why, in words: `connection refused`, `status 503, not 200-299`. */
  readonly reason: string;
  /** The server refused a connection, so the host behind the address is alive: never a reason to doubt the checks. */
  readonly refused?: true | undefined;
  /** Share of the declared weight that the server asked for, from 0 to 1; more counts as 1; absent: all of it. */
  readonly share?: number | undefined;
  /** How long the run took, in milliseconds, measured at the socket. */
  readonly milliseconds?: number | undefined;
}

/** The check passed. */
export function passed(reason: string, share?: number): CheckResult {
  return { outcome: 'passed', reason, ...(share !== undefined && { share }) };
}

/** The check failed: the server is at fault. */
export function failed(reason: string): CheckResult {
  return { outcome: 'failed', reason };
}

/** The check cannot tell: this host is at fault. */
export function noVerdict(reason: string): CheckResult {
  return { outcome: 'no verdict', reason };
}
