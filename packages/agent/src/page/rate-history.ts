import { STEP, STEPS } from './wire.js';

/** Totals of a service, as the kernel counts them. */
export interface ServiceTotals {
  readonly connections: bigint;
  readonly inBytes: bigint;
  readonly outBytes: bigint;
}

/** Rates per second; null if there is nothing to compare with. */
export interface ServiceRates {
  readonly connections: number | null;
  readonly inBytes: number | null;
  readonly outBytes: number | null;
}

const UNKNOWN: ServiceRates = { connections: null, inBytes: null, outBytes: null };

interface Track {
  totals: ServiceTotals;
  rates: ServiceRates;
  /** Connections per second by step; NaN: not known. */
  readonly steps: Float32Array;
}

/** Rates of services, and their connections per second for five minutes. */
export class RateHistory {
  readonly #tracks = new Map<string, Track>();
  #at: number | undefined;
  #step: number | undefined;

  /** Number of the last known step; undefined if there is none. */
  get step(): number | undefined {
    return this.#step;
  }

  /** Adds the totals of all services that were read at `now`. A late sample fills the steps since the last one. */
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

  /** Connections per second, oldest step first; null: not known. Undefined if there were none. */
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

/** Rounds to three digits, as the page shows them. */
function significant(value: number): number {
  return Number(value.toPrecision(3));
}

/**
 * Milliseconds until the next reading: a step while a page is open; otherwise so long that a reading of `duration`
 * milliseconds takes a thousandth of the time, but at most a minute.
 */
export function samplePause(duration: number, watched: boolean): number {
  return watched ? STEP : Math.min(60_000, Math.max(STEP, duration * 1000));
}
