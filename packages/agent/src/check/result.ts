/** The outcome of a check: it passed, it failed, or it could not judge the server because of this host. */
export type Outcome = 'passed' | 'failed' | 'no verdict';

/** The result of one run of a check. */
export interface CheckResult {
  readonly outcome: Outcome;
  /** The reason as text: `connection refused`, `status 503, not 200-299`. */
  readonly reason: string;
  /** The server refused a connection, so its host is alive: never a reason to doubt the checks. */
  readonly refused?: true | undefined;
  /** Share of the declared weight that the server requested, from 0 to 1; more counts as 1; all by default. */
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

/** The check could not judge the server: this host is at fault. */
export function noVerdict(reason: string): CheckResult {
  return { outcome: 'no verdict', reason };
}
