/** A failed check that may be a reason to doubt the checks themselves. Times are milliseconds of a monotonic clock. */
interface Failing {
  readonly at: number;
  readonly services: Set<string>;
}

/** What a doubt rests on. */
export interface Doubt {
  /** Until when nothing is taken out. */
  readonly until: number;
  /** Distinct addresses that failed. */
  readonly failed: number;
  /** Distinct addresses that were up. */
  readonly up: number;
}

const LEAST_ADDRESSES = 3;
const LEAST_SERVICES = 2;
const INTERVALS = 3;

/**
 * Whether all these failures can be true. At least three distinct addresses, and more than half of those that were up,
 * of at least two services, that fail within the longest interval make a doubt of three intervals. Refused connections
 * are evidence of a living host and do not count.
 */
export class DoubtWatch {
  /** Addresses that are up, with how many destinations are. */
  readonly #up = new Map<string, number>();
  /** Addresses that failed while they were up, oldest first. */
  readonly #failing = new Map<string, Failing>();
  #doubt: Doubt | undefined;

  /** `doubt`: what was saved before a restart. */
  constructor(doubt?: Doubt) {
    this.#doubt = doubt;
  }

  /** The doubt at `now`, if there is one. */
  at(now: number): Doubt | undefined {
    return this.#doubt !== undefined && this.#doubt.until > now ? this.#doubt : undefined;
  }

  /** A destination at `address` became up (`+1`), or is so no longer (`-1`). */
  count(address: string, difference: 1 | -1): void {
    const count = (this.#up.get(address) ?? 0) + difference;
    if (count > 0) this.#up.set(address, count);
    else this.#up.delete(address);
  }

  /** A check at `address` passed, or a connection was refused: it says nothing against the checks. */
  passed(address: string): void {
    this.#failing.delete(address);
  }

  /** A check of a destination that was up failed. Returns the doubt that this began, if it did. */
  failed(address: string, service: string, interval: number, now: number): Doubt | undefined {
    const before = this.#failing.get(address);
    const services = before?.services ?? new Set<string>();
    services.add(service);
    this.#failing.delete(address);
    this.#failing.set(address, { at: now, services });
    for (const [old, { at }] of this.#failing) {
      if (at >= now - interval) break;
      this.#failing.delete(old);
    }
    if (this.at(now) !== undefined || !this.#isDoubtful()) return undefined;
    this.#doubt = { until: now + INTERVALS * interval, failed: this.#failing.size, up: this.#upCount() };
    return this.#doubt;
  }

  #isDoubtful(): boolean {
    if (this.#failing.size < LEAST_ADDRESSES || this.#failing.size * 2 <= this.#upCount()) return false;
    const services = new Set<string>();
    for (const each of this.#failing.values()) {
      for (const service of each.services) services.add(service);
      if (services.size >= LEAST_SERVICES) return true;
    }
    return false;
  }

  /** Addresses that are up, and those that went down within the interval. */
  #upCount(): number {
    let count = this.#up.size;
    for (const address of this.#failing.keys()) if (!this.#up.has(address)) count += 1;
    return count;
  }
}
