/** The signals that end the program. */
import { type EndingSignal, Interruption } from '../subcommands/framework/interruption.js';

const SIGNALS: readonly EndingSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Aborts {@link EndingSignals.signal} at the first signal. The second one ends the program at once. */
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

  /** Aborted at the first signal. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Ends the program by the received signal, even if its threads are blocked: a normal exit would wait for them. */
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

  /**
   * Runs work that blocks the thread, so that handlers cannot run: meanwhile signals end the program, as by default.
   */
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
