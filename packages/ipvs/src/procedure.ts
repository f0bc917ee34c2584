import type { Call } from './call.js';

/**
 * What takes more than one call, written once for both faces: a generator that yields calls and is given their
 * values. It waits for nothing itself; who runs it does.
 */
export type Procedure<T> = Generator<Call, T, unknown>;

/** One step of a procedure. */
export function* perform<T>(call: Call<T>): Procedure<T> {
  return (yield call) as T;
}
