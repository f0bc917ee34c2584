import type { Call } from './call.js';

/**
 * What takes more than one call, written once for both faces: a generator that yields calls and is given their
 * values. It waits for nothing itself; who runs it does.
 */
export type Procedure<T> = Generator<Call | typeof PAUSE, T, unknown>;

/** Yielded now and then by long work: whoever runs it may let others have their turn. */
export const PAUSE = Symbol('breathe');

/** So many small items may be worked through without a break. */
export const ITEMS_A_BREATH = 64;

/** Goes through `items`, with breaks. */
export function* eachOf<T>(
  items: Iterable<T>,
  work: (item: T, index: number) => void,
): Generator<typeof PAUSE, void, unknown> {
  let index = 0;
  for (const item of items) {
    work(item, index++);
    if (index % ITEMS_A_BREATH === 0) yield PAUSE;
  }
}

/** One step of a procedure. */
export function* perform<T>(call: Call<T>): Procedure<T> {
  return (yield call) as T;
}
