import type { Service } from '@ipvs-ts/ipvs';
import { type RateHistory, samplePause } from '../page/rate-history.js';

/** Reads the totals of services for the rates of five minutes; rarely if that is expensive and no page is open. */
export class PageSampler {
  readonly #source: { now(): number; readonly kernel: { readServices(): Promise<readonly Service[]> } };
  readonly #history: RateHistory;
  /** Called after every sample. */
  onSample: (() => void) | undefined;
  #isWatched = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #reading = false;

  constructor(
    source: { now(): number; readonly kernel: { readServices(): Promise<readonly Service[]> } },
    history: RateHistory,
  ) {
    this.#source = source;
    this.#history = history;
    this.#plan(0);
  }

  /** Whether a page is open. */
  set isWatched(watched: boolean) {
    if (watched && !this.#isWatched) this.#plan(0);
    this.#isWatched = watched;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #plan(pause: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#sample(), pause);
    this.#timer.unref();
  }

  async #sample(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    const began = this.#source.now();
    const services = await this.#read();
    const ended = this.#source.now();
    this.#reading = false;
    this.#plan(samplePause(ended - began, this.#isWatched));
    if (services === undefined || this.#stopped) return;
    this.#history.add(new Map(services.map(({ key, stats }) => [key, stats])), ended);
    this.onSample?.();
  }

  async #read(): Promise<readonly Service[] | undefined> {
    try {
      return await this.#source.kernel.readServices();
    } catch {
      // The loop reads the table too, and reports that it cannot.
      return undefined;
    }
  }
}
