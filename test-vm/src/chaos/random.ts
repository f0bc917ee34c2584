import { randomInt } from 'node:crypto';

/** Numbers that a seed decides. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#next() * (most - least + 1));
  }

  /** One of a list; undefined if it is empty. */
  one<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#next() * list.length)];
  }

  // mulberry32
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let word = this.#state;
    word = Math.imul(word ^ (word >>> 15), word | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 0x1_0000_0000;
  }
}

/** The seed that the environment names (`IPVS_TS_SEED`), or a new one. */
export function chosenSeed(): number {
  const named = process.env['IPVS_TS_SEED'];
  if (named === undefined) return randomInt(0x7fff_ffff);
  const seed = Number(named);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`IPVS_TS_SEED must be a whole number from 0, not ${named}`);
  return seed;
}
