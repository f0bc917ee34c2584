import type { Probe } from '../check/probe.js';
import type { CheckResult } from '../check/result.js';
import type { LoopEvent } from '../loop/events.js';
import type { Meter } from '../metrics/meter.js';

/**
 * Collects the results of checks: those that end in one turn of the event loop are judged together at its end. Failures
 * are judged at once.
 */
export class Results {
  readonly #meter: Meter;
  readonly #judge: (events: readonly LoopEvent[]) => void;
  #ended: LoopEvent[] = [];

  constructor(meter: Meter, judge: (events: readonly LoopEvent[]) => void) {
    this.#meter = meter;
    this.#judge = judge;
  }

  /** Waits for the result of a running check. */
  expect(probe: Probe, running: Promise<CheckResult>): void {
    void running.then((result) => {
      this.#meter.checked(probe, result);
      const isFirst = this.#ended.push({ kind: 'checked', probe: probe.key, result }) === 1;
      if (result.outcome === 'failed') this.#flush();
      else if (isFirst) setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    if (this.#ended.length === 0) return;
    const events = this.#ended;
    this.#ended = [];
    this.#judge(events);
  }
}
