import { setTimeout as delay } from 'node:timers/promises';

/** Bounds of {@link poll}. */
export interface PollOptions {
  /** Give up after this many milliseconds. */
  readonly limit: number;
  /** Milliseconds between two probes (default 100). */
  readonly interval?: number;
}

/**
 * Probe until `good` holds, at most `limit` milliseconds, and return the result of the last probe, good or not: the
 * caller checks it, and a failed check shows the actual result.
 */
export async function poll<T>(
  probe: () => Promise<T>,
  good: (value: T) => boolean,
  { limit, interval = 100 }: PollOptions,
): Promise<T> {
  const end = performance.now() + limit;
  for (;;) {
    const value = await probe();
    if (good(value) || performance.now() >= end) return value;
    await delay(interval);
  }
}
