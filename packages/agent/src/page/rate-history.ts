import { STEP, STEPS } from './wire.js';

/** Totals of a service, as the kernel counts them. */
export interface ServiceTotals {
  readonly connections: bigint;
  readonly inBytes: bigint;
  readonly outBytes: bigint;
}

/** Per second; null: there is nothing to compare with. */
export interface ServiceRates {
  readonly connections: number | null;
  readonly inBytes: number | null;
  readonly outBytes: number | null;
}

const UNKNOWN: ServiceRates = { connections: null, inBytes: null, outBytes: null };

interface Track {
  totals: ServiceTotals;
  rates: ServiceRates;
  /** Connections a second by step; NaN: not known. */
  readonly steps: Float32Array;
}

/** Rates of services, and five minutes of their connections a second. */
export class RateHistory {
  readonly #tracks = new Map<string, Track>();
  #at: number | undefined;
  #step: number | undefined;

  /** Number of the last step that is known; undefined: none. */
  get step(): number | undefined {
    return this.#step;
  }

  /** The totals of all services were read at `now`. A sample that is late fills the steps since the last one. */
  add(totals: ReadonlyMap<string, ServiceTotals>, now: number): void {
    const elapsed = this.#at === undefined ? undefined : now - this.#at;
    if (elapsed !== undefined && elapsed <= 0) return;
    const step = Math.floor(now / STEP);
    const from = Math.max(step - STEPS + 1, Math.min(step, (this.#step ?? step - 1) + 1));
    for (const name of this.#tracks.keys()) if (!totals.has(name)) this.#tracks.delete(name);
    for (const [name, each] of totals) {
      let track = this.#tracks.get(name);
      if (track === undefined) {
        track = { totals: each, rates: UNKNOWN, steps: new Float32Array(STEPS).fill(NaN) };
        this.#tracks.set(name, track);
      } else track.rates = ratesBetween(track.totals, each, elapsed);
      track.totals = each;
      for (let at = from; at <= step; at++) track.steps[at % STEPS] = track.rates.connections ?? NaN;
    }
    this.#at = now;
    this.#step = step;
  }

  rates(service: string): ServiceRates {
    return this.#tracks.get(service)?.rates ?? UNKNOWN;
  }

  /** Connections a second, oldest step first; null: not known. Undefined where there were none. */
  of(service: string): (number | null)[] | undefined {
    const track = this.#tracks.get(service);
    const { step } = this;
    if (track === undefined || step === undefined || !track.steps.some((value) => value > 0))
      return undefined;
    return Array.from({ length: STEPS }, (_, index) => {
      const value = track.steps[(step + 1 + index) % STEPS] as number;
      return Number.isNaN(value) ? null : significant(value);
    });
  }
}

function ratesBetween(from: ServiceTotals, to: ServiceTotals, elapsed: number | undefined): ServiceRates {
  // Zeroed, or deleted and added again.
  if (elapsed === undefined || to.connections < from.connections || to.inBytes < from.inBytes) return UNKNOWN;
  const rate = (name: keyof ServiceTotals): number =>
    significant((Number(to[name] - from[name]) * 1000) / elapsed);
  return { connections: rate('connections'), inBytes: rate('inBytes'), outBytes: rate('outBytes') };
}

/** Three digits, which is what a page can show. */
function significant(value: number): number {
  return Number(value.toPrecision(3));
}

/**
 * Milliseconds until the next reading: a step while somebody looks; else so long that a reading that took `duration`
 * milliseconds costs a thousandth of the time, a minute at most.
 */
export function samplePause(duration: number, watched: boolean): number {
  return watched ? STEP : Math.min(60_000, Math.max(STEP, duration * 1000));
}
