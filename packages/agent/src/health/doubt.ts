/** A failed check that may be a reason to doubt the checks themselves. Times are milliseconds of a monotonic clock. */
interface Failing {
  readonly at: number;
  readonly services: Set<string>;
}

/** A doubt and its evidence. */
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
 * Decides whether many failures at once are plausible. If at least three distinct addresses of at least two services,
 * and more than half of those that were up, fail within the longest interval, there is a doubt for three intervals.
 * Refused connections show that the host is alive, and do not count.
 */
export class DoubtWatch {
  /** Addresses that are up, with the number of their destinations that are. */
  readonly #up = new Map<string, number>();
  /** Addresses that failed while they were up, oldest first. */
  readonly #failing = new Map<string, Failing>();
  #doubt: Doubt | undefined;

  /** `doubt`: saved before a restart. */
  constructor(doubt?: Doubt) {
    this.#doubt = doubt;
  }

  /** The doubt at `now`; undefined if there is none. */
  at(now: number): Doubt | undefined {
    return this.#doubt !== undefined && this.#doubt.until > now ? this.#doubt : undefined;
  }

  /** Records that a destination at `address` is up (`+1`) or no longer (`-1`). */
  count(address: string, difference: 1 | -1): void {
    const count = (this.#up.get(address) ?? 0) + difference;
    if (count > 0) this.#up.set(address, count);
    else this.#up.delete(address);
  }

  /** Records that a check at `address` passed, or that a connection was refused. */
  passed(address: string): void {
    this.#failing.delete(address);
  }

  /** Records that a check of a destination that was up failed. Returns the doubt that begins with it, if any. */
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
