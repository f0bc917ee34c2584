type Reject = (reason: unknown) => void;

/**
 * Pending calls that can be rejected early, by their own AbortSignal or all together. However many calls share a signal,
 * it gets one listener (Node warns of a leak from the eleventh on), and calls one after another share it too.
 */
export class PendingCalls {
  readonly #all = new Set<Reject>();
  readonly #bySignal = new Map<AbortSignal, Set<Reject>>();
  /** A signal that no pending call uses any more. */
  #idle: AbortSignal | undefined;

  add(reject: Reject, signal: AbortSignal | undefined): void {
    this.#all.add(reject);
    if (signal === undefined) return;
    const group = this.#bySignal.get(signal);
    if (group !== undefined) {
      group.add(reject);
      return;
    }
    this.#dropIdle();
    this.#bySignal.set(signal, new Set([reject]));
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  remove(reject: Reject, signal: AbortSignal | undefined): void {
    this.#all.delete(reject);
    if (signal === undefined) return;
    const group = this.#bySignal.get(signal);
    if (group?.delete(reject) !== true || group.size > 0) return;
    // The next call often has the same signal: its listener stays until a call with another one is added.
    if (this.#idle !== signal) this.#dropIdle();
    this.#idle = signal;
  }

  /** Whether the call is still pending. */
  has(reject: Reject): boolean {
    return this.#all.has(reject);
  }

  /** Rejects all calls with `reason`. */
  rejectAll(reason: unknown): void {
    for (const reject of this.#all) reject(reason);
    this.#all.clear();
    for (const signal of this.#bySignal.keys()) signal.removeEventListener('abort', this.#onAbort);
    this.#bySignal.clear();
  }

  #dropIdle(): void {
    const idle = this.#idle;
    this.#idle = undefined;
    if (idle === undefined || (this.#bySignal.get(idle)?.size ?? 0) > 0) return;
    this.#bySignal.delete(idle);
    idle.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (event: Event): void => {
    const signal = event.target as AbortSignal;
    for (const reject of this.#bySignal.get(signal) ?? []) {
      this.#all.delete(reject);
      reject(signal.reason);
    }
    this.#bySignal.delete(signal);
  };
}
