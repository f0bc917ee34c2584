import { type Family, NetlinkError, type Outcome, type Request } from '@ipvs-ts/netlink';
import { wrongType } from '../argument-checks.js';
import { abortedError, checkCall, isUnconfirmedStop, toResult } from '../calls/batch.js';
import type { Call } from '../calls/call.js';
import type { Calls } from '../calls/calls.js';
import type { BatchResult } from '../errors.js';
import { explain } from '../calls/explain.js';
import type { Info } from '../model/info.js';
import { isMissing, openError, type OpenOptions } from './open.js';
import { PAUSE, eachOf, type Procedure } from '../calls/procedure.js';
import { confirmStopped } from '../calls/read-table.js';
import { ENOENT, familyMayHaveMoved, toRequest } from './request.js';

/** What a client can be asked to do; everything else is made of these. */
export type Step =
  /** Look up the family, or give the one that is known. */
  | { readonly type: 'family' }
  /** Forget the family that is known. */
  | { readonly type: 'forget' }
  /** Run `modprobe`; gives what it said. */
  | { readonly type: 'modprobe' }
  /** Send one request; gives its value. */
  | { readonly type: 'send'; readonly request: Request }
  /** Let others have their turn, if it is time. */
  | { readonly type: 'breathe' }
  /** Send many; gives their outcomes, fewer than requests if it was aborted. */
  | { readonly type: 'batch'; readonly requests: readonly Request[] };

/** The way of calls to the kernel and back, written once for both faces: yields steps, is given what they give. */
export type Work<T> = Generator<Step, T, unknown>;

function* family(): Work<Family> {
  return (yield { type: 'family' }) as Family;
}

/** Finds the family, has its module loaded if need be, and asks a first question, which needs the privilege; gives its answer. */
export function* open(calls: Calls, options: OpenOptions<unknown>): Work<Info> {
  let modprobe: string | undefined;
  try {
    try {
      yield* family();
    } catch (error) {
      if (!isMissing(error) || options.transport !== undefined || (options.autoload ?? true) !== true)
        throw error;
      modprobe = (yield { type: 'modprobe' }) as string;
      yield* family();
    }
    return (yield { type: 'send', request: toRequest(yield* family(), calls.info()) }) as Info;
  } catch (error) {
    throw openError(error, options, modprobe);
  }
}

/** Sends one call; a second time if the family has another number since its module was loaded again. */
export function* send<T>(call: Call<T>): Work<T> {
  let used: Family;
  try {
    used = yield* family();
  } catch (error) {
    throw explain(call, error);
  }
  try {
    return (yield { type: 'send', request: toRequest(used, call) }) as T;
  } catch (error) {
    return yield* sendAgain(call, used, error);
  }
}

/** Sends a call that failed once more, if the family's number was out of date. */
export function* sendAgain<T>(call: Call<T>, used: Family, failure: unknown): Work<T> {
  try {
    if (!(yield* hasMoved(used, failure))) throw failure;
    return (yield { type: 'send', request: toRequest(yield* family(), call) }) as T;
  } catch (error) {
    throw explain(call, error);
  }
}

/** Runs what takes several calls. */
export function* workOf<T>(procedure: Procedure<T>): Work<T> {
  for (let step = procedure.next(); ;) {
    if (step.done === true) return step.value;
    let value: unknown;
    try {
      value = step.value === PAUSE ? yield { type: 'breathe' } : yield* send(step.value);
    } catch (error) {
      step = procedure.throw(error);
      continue;
    }
    step = procedure.next(value);
  }
}

/** Sends many calls; a result for each. Throws ERR_IPVS_ABORTED with those that ran. */
export function* batch(calls: Calls, batched: readonly Call[], signal?: AbortSignal): Work<BatchResult[]> {
  if (!isArray(batched)) throw wrongType('calls', 'an array of calls', batched);
  yield* withBreaks(batched, checkCall);
  if (batched.length === 0) return [];
  const results: BatchResult[] = [];
  yield* withBreaks(yield* outcomes(batched), (outcome, index) =>
    results.push(toResult(batched[index] as Call, outcome)),
  );
  for (const [index, call] of batched.entries()) {
    if (call.verb !== 'stopDaemon') continue;
    const result = results[index];
    if (result !== undefined && isUnconfirmedStop(call, result))
      results[index] = yield* confirmed(calls, call, result);
  }
  if (results.length < batched.length) throw abortedError(batched.length, results, signal?.reason);
  return results;
}

function* outcomes(batched: readonly Call[]): Work<readonly Outcome[]> {
  try {
    const used = yield* family();
    const first = yield* exchange(used, batched);
    const stale = first.flatMap((outcome, index) => (isStale(outcome) ? [index] : []));
    const sample = first[stale[0] ?? -1];
    if (sample === undefined || sample.ok || !(yield* hasMoved(used, sample.error))) return first;
    const second = yield* exchange(
      yield* family(),
      stale.map((index) => batched[index] as Call),
    );
    second.forEach((outcome, at) => (first[stale[at] as number] = outcome));
    return first;
  } catch (error) {
    throw explain({ ...(batched[0] as Call), words: `run a batch of ${batched.length} calls` }, error);
  }
}

function* exchange(used: Family, batched: readonly Call[]): Work<Outcome[]> {
  const requests: Request[] = [];
  yield* withBreaks(batched, (call) => requests.push(toRequest(used, call)));
  return (yield { type: 'batch', requests }) as Outcome[];
}

/** Array.isArray forgets that an array may be readonly, and what is in it. */
function isArray(value: unknown): boolean {
  return Array.isArray(value);
}

function isStale(outcome: Outcome): boolean {
  return !outcome.ok && outcome.errno === ENOENT;
}

function* withBreaks<T>(items: Iterable<T>, work: (item: T, index: number) => void): Work<void> {
  for (const _ of eachOf(items, work)) yield { type: 'breathe' };
}

function* confirmed(calls: Calls, call: Call, result: BatchResult): Work<BatchResult> {
  try {
    yield* workOf(confirmStopped(calls, call, result.ok ? undefined : result.error));
    return { ok: true, value: undefined };
  } catch {
    return result;
  }
}

/** Whether the family has another number than the one that was used. */
export function* hasMoved(used: Family, error: unknown): Work<boolean> {
  if (!NetlinkError.is(error) || !familyMayHaveMoved(error)) return false;
  if ((yield* family()).id === used.id) yield { type: 'forget' };
  return (yield* family()).id !== used.id;
}
