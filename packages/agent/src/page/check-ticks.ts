import type { CheckResult } from '../check/result.js';

/** Results that are kept of a check. */
const KEPT = 30;
const FAILED = -1;
const NO_VERDICT = -2;

/** The last results of checks, by the key of their probe. */
export class CheckTicks {
  readonly #rings = new Map<string, { readonly results: Float32Array; count: number }>();

  /** A check has ended. */
  add(probe: string, { outcome, milliseconds }: CheckResult): void {
    let ring = this.#rings.get(probe);
    if (ring === undefined) this.#rings.set(probe, (ring = { results: new Float32Array(KEPT), count: 0 }));
    ring.results[ring.count % KEPT] =
      outcome === 'passed'
        ? Math.round((milliseconds ?? 0) * 10) / 10
        : outcome === 'failed'
          ? FAILED
          : NO_VERDICT;
    ring.count += 1;
  }

  /** Oldest first: milliseconds of one that passed, -1 failed, -2 no verdict. */
  of(probe: string): number[] {
    const ring = this.#rings.get(probe);
    if (ring === undefined) return [];
    const { results, count } = ring;
    const first = Math.max(0, count - KEPT);
    return Array.from({ length: count - first }, (_, index) => {
      const result = results[(first + index) % KEPT] as number;
      return Math.round(result * 10) / 10;
    });
  }

  /** Checks of which results are kept. */
  get size(): number {
    return this.#rings.size;
  }

  /** Forgets the results of checks that are none of these. */
  keep(probes: ReadonlySet<string>): void {
    for (const key of this.#rings.keys()) if (!probes.has(key)) this.#rings.delete(key);
  }
}
