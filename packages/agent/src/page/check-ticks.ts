import type { CheckResult } from '../check/result.js';

/** The number of results to keep of a check. */
const KEPT = 30;
const FAILED = -1;
const NO_VERDICT = -2;

/** The last results of checks, by the key of their probe. */
export class CheckTicks {
  readonly #rings = new Map<string, { readonly results: Float32Array; count: number }>();

  /** Adds the result of a check. */
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

  /** The results, oldest first: milliseconds if it passed, -1 if it failed, -2 for no verdict. */
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

  /** The number of checks with results. */
  get size(): number {
    return this.#rings.size;
  }

  /** Removes the results of all other checks. */
  keep(probes: ReadonlySet<string>): void {
    for (const key of this.#rings.keys()) if (!probes.has(key)) this.#rings.delete(key);
  }
}
