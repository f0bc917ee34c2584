const PARTS = 64;

/**
 * A set of keys in small parts: a single `Set` of many thousands of keys blocks the event loop each time that it grows
 * (8 ms at 70 000 keys, measured).
 */
export class KeySet {
  readonly #parts: (Set<string> | undefined)[] = [];

  /** Adds a key; returns whether it is new. */
  add(key: string): boolean {
    const part = (this.#parts[partOf(key)] ??= new Set());
    const size = part.size;
    return part.add(key).size > size;
  }

  /** Whether a key was added. */
  has(key: string): boolean {
    return this.#parts[partOf(key)]?.has(key) === true;
  }
}

/** Keys of one table differ mostly in their last characters: the ends of addresses, and ports. */
function partOf(key: string): number {
  let sum = 0;
  for (let at = Math.max(0, key.length - 8); at < key.length; at++) sum = sum * 7 + key.charCodeAt(at);
  return sum % PARTS;
}
