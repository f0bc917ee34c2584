/** The signals that ask the program to end. */
import { type EndingSignal, Interruption } from '../subcommands/framework/interruption.js';

const SIGNALS: readonly EndingSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Aborts {@link EndingSignals.signal} at the first of them. The second one ends the program whatever it does. */
export class EndingSignals {
  readonly #stop = new AbortController();
  #ending = SIGNALS;
  readonly #listener = (name: NodeJS.Signals): void => {
    this.#ignore();
    this.#stop.abort(new Interruption(name as EndingSignal));
  };

  constructor() {
    this.#listen();
  }

  /** Aborted when the program is asked to end. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Ends the program by the signal that came, whatever its threads wait for: exiting would wait for them. */
  endBySignal(): void {
    const { reason } = this.signal as { reason: unknown };
    this.#ignore();
    if (reason instanceof Interruption) process.kill(process.pid, reason.signal);
  }

  /** Calls `listener` at every SIGHUP, which no longer ends the program. */
  onHangup(listener: () => void): void {
    process.off('SIGHUP', this.#listener);
    process.on('SIGHUP', listener);
    this.#ending = SIGNALS.filter((name) => name !== 'SIGHUP');
  }

  /** Runs work that blocks the thread, which can hear no signal: meanwhile they end the program as they would by default. */
  duringBlocking<T>(work: () => T): T {
    if (this.signal.aborted) return work();
    this.#ignore();
    try {
      return work();
    } finally {
      this.#listen();
    }
  }

  #listen(): void {
    for (const name of this.#ending) process.on(name, this.#listener);
  }

  #ignore(): void {
    for (const name of this.#ending) process.off(name, this.#listener);
  }
}
