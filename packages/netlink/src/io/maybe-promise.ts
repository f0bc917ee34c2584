/** A value, or a promise of it if the caller has to wait. */
export type MaybePromise<T> = Promise<T> | T;

/** Work in steps that yields each promise that it waits for. */
export type Steps<T> = Generator<Promise<unknown>, T, unknown>;

/** Whether the caller has to wait. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return value instanceof Promise;
}

/** Inside steps: waits for a value if it is a promise. */
export function* waitFor<T>(value: MaybePromise<T>): Steps<T> {
  return isPromise(value) ? ((yield value) as T) : value;
}

/** Runs steps to their end. Returns a promise only if one of them waits. */
export function runSteps<T>(steps: Steps<T>): MaybePromise<T> {
  const first = steps.next();
  return first.done === true ? first.value : runOn(steps, first.value);
}

async function runOn<T>(steps: Steps<T>, waited: Promise<unknown>): Promise<T> {
  for (let promise = waited; ;) {
    const step = await promise.then(
      (value) => steps.next(value),
      (error: unknown) => steps.throw(error),
    );
    if (step.done === true) return step.value;
    promise = step.value;
  }
}
