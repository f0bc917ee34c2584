/** Highest sequence number that a send may start with; then they start over. */
const LAST = 0xfff0_0000;

/** The sequence numbers of a client's requests: one after another, by which answers find their request. */
export class SequenceNumbers {
  #next: number;

  /** Starts at `first`. The kernel numbers what nobody asked for 0, so no request has that number. */
  constructor(first = 1) {
    this.#next = startable(first);
  }

  /** The number of the next request. */
  get next(): number {
    return this.#next;
  }

  /** Takes the numbers of `count` requests that are about to be sent; the first of them. */
  take(count: number): number {
    const first = this.#next;
    this.#next = startable(first + count);
    return first;
  }
}

function startable(seq: number): number {
  return seq >= 1 && seq <= LAST ? seq : 1;
}
