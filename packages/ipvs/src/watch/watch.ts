import { setTimeout as sleep } from 'node:timers/promises';
import { checkChoice, checkInteger, checkOptions, checkSignal, wrongType } from '../argument-checks.js';
import { parseServiceKey, type ServiceName } from '../model/key.js';
import type { Consistency } from '../calls/read-table.js';
import type { Reading, Sampled, WatchSample } from './sample.js';

/** Options of a watch. */
export interface WatchOptions {
  /** Milliseconds from the start of one reading to the start of the next, 0 to 2147483647; 1000 by default. */
  readonly interval?: number | undefined;
  /** Ends the watch: a pending sample is rejected with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** The services to watch, whether they exist or not; all by default. */
  readonly services?: readonly ServiceName[] | undefined;
  /**
   * `single` by default. While others write, a reading of more than about a hundred services, or destinations of one, may
   * lack some, which then show as removed and added; `verified` readings do not, and cost at least twice as much.
   */
  readonly consistency?: Consistency | undefined;
}

/** Checks the options of a watch. */
export function checkWatchOptions(options: WatchOptions): void {
  checkOptions('options', options, ['interval', 'signal', 'services', 'consistency']);
  checkInteger('options.interval', options.interval ?? 1000, 0, 0x7fff_ffff);
  checkChoice('options.consistency', options.consistency ?? 'single', ['single', 'verified']);
  checkSignal('options.signal', options.signal);
  const { services = [] }: { readonly services?: unknown } = options;
  if (!Array.isArray(services))
    throw wrongType('options.services', 'an array of names of services', services);
  for (const [index, name] of services.entries()) {
    parseServiceKey(name as ServiceName, `options.services[${index}]`);
  }
}

/** Reads the table and compares it with the last reading. */
export type TakeSample = (last: Reading | undefined, signal: AbortSignal) => Promise<Sampled>;

/**
 * Samples, taken on request: nothing runs between two calls of `next`, and a slow reader gets fewer samples, never a
 * queue. Only one reading runs at a time. It is not a generator because a generator's `return` waits for its `next`.
 */
export class Watch implements AsyncIterableIterator<WatchSample> {
  readonly #take: TakeSample;
  readonly #interval: number;
  readonly #signal: AbortSignal | undefined;
  readonly #ending = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();
  #last: Reading | undefined;
  #due = 0;

  /** `Ipvs.watch` creates watches. */
  constructor(take: TakeSample, { interval = 1000, signal }: WatchOptions) {
    this.#take = take;
    this.#interval = interval;
    this.#signal = signal;
  }

  /** The next sample, at its time. If reading the table fails, it rejects with that error and the watch ends. */
  async next(): Promise<IteratorResult<WatchSample, undefined>> {
    const turn = this.#turn.then(() => this.#step());
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Ends the watch at once: a pending `next` resolves with `done`. */
  async return(): Promise<IteratorResult<WatchSample, undefined>> {
    this.#ending.abort();
    return { done: true, value: undefined };
  }

  /** Itself, for `for await`. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** `return()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #step(): Promise<IteratorResult<WatchSample, undefined>> {
    const ending = this.#ending.signal;
    const outer = this.#signal;
    const stop = (): void => this.#ending.abort();
    if (this.#hasEnded()) return { done: true, value: undefined };
    // Listens only while a sample is pending, so that abandoned watches leave no listener on the signal.
    outer?.addEventListener('abort', stop);
    try {
      outer?.throwIfAborted();
      const wait = this.#due - performance.now();
      if (wait > 0) await sleep(wait, undefined, { signal: ending });
      this.#due = performance.now() + this.#interval;
      const { sample, reading } = await this.#take(this.#last, ending);
      this.#last = reading;
      return { done: false, value: sample };
    } catch (error) {
      const returned = this.#hasEnded() && outer?.aborted !== true;
      this.#ending.abort();
      this.#last = undefined;
      if (returned) return { done: true, value: undefined };
      outer?.throwIfAborted();
      throw error;
    } finally {
      outer?.removeEventListener('abort', stop);
    }
  }
  #hasEnded(): boolean {
    return this.#ending.signal.aborted;
  }
}
