/** A source of numbers that a seed repeats: mulberry32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer from 0 to `limit` − 1. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }
}

/** Values that break readers of lengths. */
const NASTY = [0, 1, 3, 4, 5, 7, 8, 0x7f, 0x80, 0xff];

/** A changed copy: bytes replaced, cut, doubled or swapped, some bytes away from where the buffer begins. */
export function mutate(random: Random, datagram: Uint8Array): Uint8Array {
  let bytes = [...datagram];
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const at = random.below(Math.max(1, bytes.length));
    switch (random.below(6)) {
      case 0:
        bytes[at] = random.below(256);
        break;
      case 1:
        bytes[at] = NASTY[random.below(NASTY.length)] as number;
        break;
      case 2:
        bytes = bytes.slice(0, at);
        break;
      case 3:
        bytes.splice(at, 0, ...bytes.slice(at, at + 4 * (1 + random.below(8))));
        break;
      case 4:
        bytes.splice(at, 1 + random.below(8));
        break;
      default:
        // The lengths of attributes stand at multiples of four.
        bytes[at & ~3] = random.below(256);
    }
  }
  const buffer = new Uint8Array(bytes.length + 64).fill(0xa5);
  buffer.set(bytes, 32);
  return buffer.subarray(32, 32 + bytes.length);
}
