const PERIOD = 20;

/** Measures how late timers fire in this guest: a busy host may not run the guest at all for some time. */
export class Pulse {
  readonly #late: { readonly at: number; readonly late: number }[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor() {
    let expected = Date.now() + PERIOD;
    this.#timer = setInterval(() => {
      const at = Date.now();
      if (at > expected + PERIOD) this.#late.push({ at, late: at - expected });
      expected = at + PERIOD;
    }, PERIOD);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Milliseconds that were lost between two times. */
  lost(from: number, to: number): number {
    return this.#late.reduce((sum, { at, late }) => (at > from && at - late < to ? sum + late : sum), 0);
  }
}
