/** A message of the journal. */
export interface Entry<T> {
  /** Counts up from 1. */
  readonly id: number;
  readonly message: T;
  /** Its size, which counts against the limit. */
  readonly size: number;
}

/** The last messages with numbers, so that a reader can get those that it missed. */
export class Journal<T> {
  readonly #mostSize: number;
  readonly #entries: Entry<T>[] = [];
  #size = 0;
  #last = 0;

  /** `mostSize`: the largest sum of sizes to keep. */
  constructor(mostSize: number) {
    this.#mostSize = mostSize;
  }

  /** Number of the last message; 0 if there was none. */
  get last(): number {
    return this.#last;
  }

  add(message: T, size: number): Entry<T> {
    const entry = { id: ++this.#last, message, size };
    this.#entries.push(entry);
    this.#size += size;
    while (this.#size > this.#mostSize) this.#size -= (this.#entries.shift() as Entry<T>).size;
    return entry;
  }

  /**
   * The messages after number `id`, oldest first; undefined if some are no longer kept, or if there is no such number.
   */
  after(id: number): readonly Entry<T>[] | undefined {
    if (!Number.isInteger(id) || id < 0 || id > this.#last) return undefined;
    const missed = this.#last - id;
    return missed > this.#entries.length ? undefined : this.#entries.slice(this.#entries.length - missed);
  }
}
