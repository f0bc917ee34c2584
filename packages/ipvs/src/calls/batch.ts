import type { FailedOutcome, Outcome } from '@ipvs-ts/netlink';
import { wrongType } from '../argument-checks.js';
import type { Call } from './call.js';
import { type BatchResult, IpvsError } from '../errors.js';
import { explain } from './explain.js';

/** What a call gives: `Service` for a `Call<Service>`. */
export type ResultOf<C> = C extends Call<infer T> ? T : never;

/** One result a call, at the same place. */
export type BatchResults<C extends readonly Call[]> = {
  readonly [K in keyof C]: BatchResult<ResultOf<C[K]>>;
};

/** Refuses what a batch cannot hold, before anything is sent. */
export function checkCall(call: Partial<Call> | undefined, index: number): void {
  const path = `calls[${index}]`;
  if (typeof call?.verb !== 'string' || call.operation === undefined) {
    throw wrongType(path, 'a call, such as calls.addService(…)', call);
  }
  if (call.operation.mode === 'dump') {
    throw wrongType(path, `a call with a single answer; ${call.verb} lists, which a batch cannot`, call.verb);
  }
}

class FailedCall {
  readonly ok = false;
  readonly #call: Call;
  readonly #outcome: FailedOutcome;
  #error: IpvsError | undefined;

  constructor(call: Call, outcome: FailedOutcome) {
    this.#call = call;
    this.#outcome = outcome;
  }

  /** Made when it is first asked for: thousands of calls may fail of which nobody asks why. */
  get error(): IpvsError {
    return (this.#error ??= explain(this.#call, this.#outcome.error) as IpvsError);
  }
}

/** The result of a call from what netlink made of it. */
export function toResult(call: Call, outcome: Outcome): BatchResult {
  return outcome.ok ? outcome : new FailedCall(call, outcome);
}

/** Whether the kernel stopped a daemon without a word, which only the list of daemons can confirm. */
export function isUnconfirmedStop(call: Call, result: BatchResult): boolean {
  return call.verb === 'stopDaemon' && !result.ok && isUnanswered(result.error);
}

/** Whether the kernel took a request and gave no answer. */
export function isUnanswered(error: unknown): boolean {
  return (
    IpvsError.is(error, 'ERR_IPVS_NETLINK') &&
    (error.cause as { code?: unknown } | undefined)?.code === 'ERR_NETLINK_NO_ANSWER'
  );
}

/** ERR_IPVS_ABORTED with the results of the calls that ran: the first ones, in order. */
export function abortedError(total: number, results: readonly BatchResult[], reason: unknown): IpvsError {
  const operation = `run a batch of ${total} calls`;
  return new IpvsError(
    'ERR_IPVS_ABORTED',
    `cannot ${operation}: it was aborted after ${results.length} of them, whose results are in the property results; the others were not sent`,
    { operation, results, cause: reason },
  );
}
