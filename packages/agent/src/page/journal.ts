/** A message of the journal. */
export interface Entry<T> {
  /** Counts up from 1. */
  readonly id: number;
  readonly message: T;
  /** What it counts against the limit. */
  readonly size: number;
}

/** The last messages, numbered, so that who missed some gets them. */
export class Journal<T> {
  readonly #mostSize: number;
  readonly #entries: Entry<T>[] = [];
  #size = 0;
  #last = 0;

  /** `mostSize`: the sum of sizes that is kept. */
  constructor(mostSize: number) {
    this.#mostSize = mostSize;
  }

  /** Number of the last message; 0: there was none. */
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

  /** Those after number `id`, oldest first; undefined: some of them are not kept, or there is no such number. */
  after(id: number): readonly Entry<T>[] | undefined {
    if (!Number.isInteger(id) || id < 0 || id > this.#last) return undefined;
    const missed = this.#last - id;
    return missed > this.#entries.length ? undefined : this.#entries.slice(this.#entries.length - missed);
  }
}
