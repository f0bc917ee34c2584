/** The most requests at once, and per second. */
const REQUESTS = 100;
/** The cost of a millisecond of work: about a fifth of the time may be spent on requests. */
const PER_MILLISECOND = REQUESTS / 200;
/** The highest cost of a request, so that a single slow one does not block others. */
const MOST_COUNTED = 20;

/** Limits the cost of requests: more are rejected, so that checks stay on time. */
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

  /** Records how many milliseconds of work a request took, without waiting. */
  spend(milliseconds: number): void {
    this.#left -= Math.min(MOST_COUNTED, milliseconds * PER_MILLISECOND);
  }
}
