/** Requests that may come at once, and so many more each second. */
const REQUESTS = 100;
/** What a millisecond of work counts: about a fifth of the time may be spent on requests. */
const PER_MILLISECOND = REQUESTS / 200;
/** A request counts this much at most: one that is slow once refuses nobody. */
const MOST_COUNTED = 20;

/** How much requests may cost: those beyond it are refused, so that checks stay on time. */
export class RequestBudget {
  #left = REQUESTS;
  #at = -Infinity;

  /** Whether a request may be answered at `now`, in milliseconds. */
  allows(now: number): boolean {
    const earned = ((now - this.#at) / 1000) * REQUESTS;
    this.#left = Math.min(REQUESTS, this.#left + earned);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  /** A request took so many milliseconds of work, waiting not counted. */
  spend(milliseconds: number): void {
    this.#left -= Math.min(MOST_COUNTED, milliseconds * PER_MILLISECOND);
  }
}
