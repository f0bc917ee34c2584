import { ITEMS_PER_SLICE, type Outcome } from '@ipvs-ts/netlink';
import type { DatagramReader, EncodedRequest } from '@ipvs-ts/netlink/bulk';
import { IpvsError } from '../errors.js';
import type { Call } from './call.js';

/** Yielded now and then by long procedures, so that the runner can let other work run. */
export const PAUSE = Symbol('pause');

/**
 * Yielded to get the family as it was last looked up, for procedures that encode requests themselves; the value is
 * undefined if it was not looked up yet.
 */
export const KNOWN_FAMILY = Symbol('known family');

/** A dump whose request is already encoded. Its value is whether the answer had the usual form. */
export interface Scan {
  readonly request: EncodedRequest;
  readonly reader: DatagramReader;
}

/** What a procedure yields: a call, a batch of calls, an encoded dump, or a pause. */
export type Step = Call | readonly Call[] | Scan | typeof KNOWN_FAMILY | typeof PAUSE;

/**
 * An operation of more than one call, written once for both clients: a generator that yields steps and receives the
 * value of a call, or the outcomes of a batch (fewer than its calls if it was aborted). Its runner does all waiting.
 */
export type Procedure<T> = Generator<Step, T, unknown>;

/** Whether a step is one call. */
export function isCall(step: Step): step is Call {
  return typeof step === 'object' && 'verb' in step;
}

/** Whether a step is an encoded dump. */
export function isScan(step: Step): step is Scan {
  return typeof step === 'object' && 'reader' in step;
}

/** Iterates over `items`, with pauses. */
export function* eachOf<T>(
  items: Iterable<T>,
  work: (item: T, index: number) => void,
): Generator<typeof PAUSE, void, unknown> {
  if (Array.isArray(items)) {
    // The iterator of an array would be half of the cost.
    const list = items as readonly T[];
    for (let at = 0; at < list.length; at++) {
      work(list[at] as T, at);
      if ((at + 1) % ITEMS_PER_SLICE === 0) yield PAUSE;
    }
    return;
  }
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

/** Returns the result of `work`; undefined if its service does not exist, or no longer. */
export function* unlessGone<T>(work: Procedure<T>): Procedure<T | undefined> {
  try {
    return yield* work;
  } catch (error) {
    if (IpvsError.is(error, 'ERR_IPVS_SERVICE_NOT_FOUND')) return undefined;
    throw error;
  }
}
