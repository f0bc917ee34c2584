import { Failed, type Outcome } from '@ipvs-ts/netlink';
import { wrongType } from '../argument-checks.js';
import type { IpvsError } from '../errors.js';
import { BatchError, type BatchResult } from './batch-error.js';
import { type Call, isCall, noCall } from './call.js';
import type { Calls } from './calls.js';
import { explain, isUnanswered } from './explain.js';
import { eachOf, performAll, type Procedure } from './procedure.js';
import { confirmStopped } from './update.js';

/** What a call returns: `Service` for a `Call<Service>`. */
export type ResultOf<C> = C extends Call<infer T> ? T : never;

/** One result for each call, at the same index. */
export type BatchResults<C extends readonly Call[]> = {
  readonly [K in keyof C]: BatchResult<ResultOf<C[K]>>;
};

/** Sends many calls; returns a result for each. Throws ERR_IPVS_ABORTED with the results of those that ran. */
export function* batch(
  calls: Calls,
  batched: readonly Call[],
  signal?: AbortSignal,
): Procedure<BatchResult[]> {
  if (!isArray(batched)) throw wrongType('calls', 'an array of calls', batched);
  yield* eachOf(batched, checkBatched);
  return yield* sendBatch(calls, batched, signal);
}

/** The same for calls that are certain to be calls with a single answer. */
export function* sendBatch(
  calls: Calls,
  batched: readonly Call[],
  signal?: AbortSignal,
): Procedure<BatchResult[]> {
  if (batched.length === 0) return [];
  const results: BatchResult[] = [];
  yield* eachOf(yield* outcomes(batched), (outcome, index) =>
    results.push(toResult(batched[index] as Call, outcome)),
  );
  for (let index = 0; index < batched.length; index++) {
    const call = batched[index] as Call;
    if (call.verb !== 'stopDaemon') continue;
    const result = results[index];
    if (result !== undefined && !result.ok && isUnanswered(result.error))
      results[index] = yield* confirmed(calls, call, result);
  }
  if (results.length < batched.length) throw abortedError(batched.length, results, signal?.reason);
  return results;
}

/** `Array.isArray` loses `readonly` and the type of the items. */
function isArray(value: unknown): boolean {
  return Array.isArray(value);
}

/** Throws for calls that a batch cannot contain, before anything is sent. */
function checkBatched(call: Call, index: number): void {
  if (!isCall(call)) throw noCall(pathOf(index), call);
  if (call.operation.mode === 'dump') {
    throw wrongType(
      pathOf(index),
      `a call with a single answer; ${call.verb} lists, which a batch cannot`,
      call.verb,
    );
  }
}

function pathOf(index: number): string {
  return `calls[${index}]`;
}

function* outcomes(batched: readonly Call[]): Procedure<Outcome[]> {
  try {
    return yield* performAll(batched);
  } catch (error) {
    throw explain({ ...(batched[0] as Call), words: `run a batch of ${batched.length} calls` }, error);
  }
}

/** The result of a call from the outcome of its request. */
function toResult(call: Call, outcome: Outcome): BatchResult {
  if (outcome.ok) return outcome;
  return new Failed(outcome.errno, () => explain(call, outcome.error) as IpvsError);
}

/** After a stop of a daemon that got no answer, only the list of daemons can confirm it. */
function* confirmed(
  calls: Calls,
  call: Call,
  result: BatchResult & { readonly ok: false },
): Procedure<BatchResult> {
  try {
    yield* confirmStopped(calls, call, result.error);
    return { ok: true, value: undefined };
  } catch {
    return result;
  }
}

/** ERR_IPVS_ABORTED with the results of the calls that ran: the first ones, in order. */
function abortedError(total: number, results: readonly BatchResult[], reason: unknown): IpvsError {
  const operation = `run a batch of ${total} calls`;
  return new BatchError(
    `cannot ${operation}: it was aborted after ${results.length} of them, whose results are in the property results; the others were not sent`,
    { operation, results, cause: reason },
  );
}
