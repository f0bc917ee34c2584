import { ITEMS_PER_SLICE, type Outcome } from '@ipvs-ts/netlink';
import type { DatagramReader, EncodedRequest } from '@ipvs-ts/netlink/bulk';
import { IpvsError } from '../errors.js';
import type { Call } from './call.js';

/** Yielded now and then by long work, so that the caller may let other work run. */
export const PAUSE = Symbol('pause');

/** Yielded for the family as it was looked up last, by those who encode requests themselves; undefined if it was not yet. */
export const KNOWN_FAMILY = Symbol('known family');

/** A dump whose request is encoded already. Its value is whether the answer was of the usual form. */
export interface Scan {
  readonly request: EncodedRequest;
  readonly reader: DatagramReader;
}

/** What a procedure yields: a call, a batch of calls, a dump that is encoded already, or a pause. */
export type Step = Call | readonly Call[] | Scan | typeof KNOWN_FAMILY | typeof PAUSE;

/**
 * What takes more than one call, written once for both clients: a generator that yields steps and receives the value
 * of a call, or the outcomes of a batch, fewer than its calls if it was aborted. It waits for nothing itself; its
 * runner does.
 */
export type Procedure<T> = Generator<Step, T, unknown>;

/** Whether a step is one call. */
export function isCall(step: Step): step is Call {
  return typeof step === 'object' && 'verb' in step;
}

/** Whether a step is a dump that is encoded already. */
export function isScan(step: Step): step is Scan {
  return typeof step === 'object' && 'reader' in step;
}

/** Goes through `items`, with pauses. */
export function* eachOf<T>(
  items: Iterable<T>,
  work: (item: T, index: number) => void,
): Generator<typeof PAUSE, void, unknown> {
  let index = 0;
  for (const item of items) {
    work(item, index++);
    if (index % ITEMS_PER_SLICE === 0) yield PAUSE;
  }
}

/** Sends a call; returns its value. */
export function* perform<T>(call: Call<T>): Procedure<T> {
  return (yield call) as T;
}

/** Sends a batch; returns an outcome for each call that was sent. */
export function* performAll(calls: readonly Call[]): Procedure<Outcome[]> {
  return (yield calls) as Outcome[];
}

/** What `work` returns; undefined if its service is not there, or no longer. */
export function* unlessGone<T>(work: Procedure<T>): Procedure<T | undefined> {
  try {
    return yield* work;
  } catch (error) {
    if (IpvsError.is(error, 'ERR_IPVS_SERVICE_NOT_FOUND')) return undefined;
    throw error;
  }
}
