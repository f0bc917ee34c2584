/** Highest sequence number that a send may start with; after it, they start again. */
const LAST = 0xfff0_0000;

/** The sequence numbers of a client's requests, by which answers are matched to their requests. */
export class SequenceNumbers {
  #next: number;

  /** Starts at `first`. Never 0, which is the number of messages from the kernel that nobody requested. */
  constructor(first = 1) {
    this.#next = startable(first);
  }

  /** The number of the next request. */
  get next(): number {
    return this.#next;
  }

  /** Reserves the numbers of `count` requests that are about to be sent; returns the first. */
  take(count: number): number {
    const first = this.#next;
    this.#next = startable(first + count);
    return first;
  }
}

function startable(seq: number): number {
  return seq >= 1 && seq <= LAST ? seq : 1;
}
