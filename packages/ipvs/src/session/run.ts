/** Runs a procedure to its end; `perform` does each of its steps. */
export function runSync<S, T>(procedure: Generator<S, T, unknown>, perform: (step: S) => unknown): T {
  for (let state = procedure.next(); ;) {
    if (state.done === true) return state.value;
    let value: unknown;
    try {
      value = perform(state.value);
    } catch (error) {
      state = procedure.throw(error);
      continue;
    }
    state = procedure.next(value);
  }
}

/** The same with steps that may take time: `perform` returns a promise if it has to wait. */
export async function run<S, T>(
  procedure: Generator<S, T, unknown>,
  perform: (step: S) => unknown,
): Promise<T> {
  for (let state = procedure.next(); ;) {
    if (state.done === true) return state.value;
    let value: unknown;
    try {
      value = perform(state.value);
      if (value instanceof Promise) value = await value;
    } catch (error) {
      state = procedure.throw(error);
      continue;
    }
    state = procedure.next(value);
  }
}
