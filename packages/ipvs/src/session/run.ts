import type { Step } from './work.js';

/** Runs `work` to its end, each of its steps done by `perform`. */
export function runSync<T, S = Step>(work: Generator<S, T, unknown>, perform: (step: S) => unknown): T {
  for (let state = work.next(); ;) {
    if (state.done === true) return state.value;
    let value: unknown;
    try {
      value = perform(state.value);
    } catch (error) {
      state = work.throw(error);
      continue;
    }
    state = work.next(value);
  }
}

/** The same with steps that take time. */
export async function run<T, S = Step>(
  work: Generator<S, T, unknown>,
  perform: (step: S) => Promise<unknown>,
): Promise<T> {
  for (let state = work.next(); ;) {
    if (state.done === true) return state.value;
    let value: unknown;
    try {
      value = await perform(state.value);
    } catch (error) {
      state = work.throw(error);
      continue;
    }
    state = work.next(value);
  }
}
