const WINDOW = 60_000;
const MOST = 3;

/** Counts how often the same subject is restored, so that two programs do not undo each other's changes forever. */
export class Conflicts {
  readonly #restored = new Map<string, readonly number[]>();
  readonly #until = new Map<string, number>();

  /**
   * Decides what to do after another program changed `subject`. `restore`: restore it; `pause`: three restorations in a
   * minute were undone, so leave it for a minute; `wait`: that minute is not over.
   */
  changed(subject: string, now: number): 'restore' | 'pause' | 'wait' {
    if (this.isPaused(subject, now)) return 'wait';
    const times = (this.#restored.get(subject) ?? []).filter((time) => now - time < WINDOW);
    if (times.length >= MOST) {
      this.#until.set(subject, now + WINDOW);
      // After the minute it is restored once: the next change by others starts another pause.
      this.#restored.set(
        subject,
        times.map(() => now + WINDOW),
      );
      return 'pause';
    }
    this.#restored.set(subject, [...times, now]);
    return 'restore';
  }

  isPaused(subject: string, now: number): boolean {
    return (this.#until.get(subject) ?? 0) > now;
  }

  /** When to try the next subject again. Old entries are removed. */
  nextAt(now: number): number | undefined {
    let next: number | undefined;
    for (const [subject, until] of this.#until) {
      if (until <= now) this.#until.delete(subject);
      else next = Math.min(next ?? until, until);
    }
    return next;
  }
}
