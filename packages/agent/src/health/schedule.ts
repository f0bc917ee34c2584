import { hash } from './hash.js';

/**
 * When a check with `interval` runs next after `now`: at its own phase, a hash of the director and the check. This
 * spreads the checks of one director over the interval, and several directors do not check a server at the same time.
 */
export function nextInPhase(identity: string, interval: number, now: number): number {
  return nextAtShare(shareOf(identity), interval, now);
}

/** The phase of a check as a share of its interval. */
export function shareOf(identity: string): number {
  return hash(identity) / 0x1_0000_0000;
}

/** Like {@link nextInPhase}, with a known share. */
export function nextAtShare(share: number, interval: number, now: number): number {
  const phase = Math.floor(share * interval);
  const next = Math.floor((now - phase) / interval) * interval + phase;
  return next > now ? next : next + interval;
}

/** A queue ordered by time: a binary heap. Setting an entry again moves it. */
export class DueQueue {
  readonly #heap: { readonly key: string; readonly due: number }[] = [];
  readonly #current = new Map<string, number>();

  /** How many entries there are. */
  get size(): number {
    return this.#current.size;
  }

  /** Sets the time of `key`. */
  set(key: string, due: number): void {
    this.#current.set(key, due);
    const heap = this.#heap;
    let index = heap.length;
    heap.push({ key, due });
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if ((heap[parent] as { due: number }).due <= due) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  has(key: string): boolean {
    return this.#current.has(key);
  }

  delete(key: string): void {
    this.#current.delete(key);
  }

  /** The time of the first entry; undefined if there is none. */
  get next(): number | undefined {
    this.#dropStale();
    return this.#heap[0]?.due;
  }

  /** Removes and returns the first entry if its time is not after `now`. */
  take(now: number): string | undefined {
    this.#dropStale();
    const [first] = this.#heap;
    if (first === undefined || first.due > now) return undefined;
    this.#current.delete(first.key);
    this.#pop();
    return first.key;
  }

  #dropStale(): void {
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined || this.#current.get(first.key) === first.due) return;
      this.#pop();
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let index = 0; ;) {
      const left = index * 2 + 1;
      const right = left + 1;
      let least = index;
      for (const child of [left, right])
        if (
          child < heap.length &&
          (heap[child] as { due: number }).due < (heap[least] as { due: number }).due
        )
          least = child;
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #swap(one: number, other: number): void {
    const kept = this.#heap[one] as { key: string; due: number };
    this.#heap[one] = this.#heap[other] as { key: string; due: number };
    this.#heap[other] = kept;
  }
}

/** Limits how many checks start per second: a token bucket with the size of 50 ms. */
export class StartLimit {
  readonly #perMillisecond: number;
  readonly #most: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, now: number) {
    this.#perMillisecond = perSecond / 1000;
    this.#most = Math.max(1, perSecond / 20);
    this.#tokens = this.#most;
    this.#at = now;
  }

  /** Returns whether one may start at `now`, and counts it as started. */
  take(now: number): boolean {
    this.#tokens = Math.min(this.#most, this.#tokens + (now - this.#at) * this.#perMillisecond);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** When the next may start. */
  nextAt(now: number): number {
    return now + Math.max(1, Math.ceil((1 - this.#tokens) / this.#perMillisecond));
  }
}
