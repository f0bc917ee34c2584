/** Lower weights are set at once: a tenth of them would be 0. */
const LEAST_WEIGHT = 10;
const STEPS = 10;

/** The weight of a destination during a slow start, and the time of the next step. */
export interface Ramp {
  readonly weight: number;
  /** Undefined when the slow start is over. */
  readonly nextAt: number | undefined;
}

/** The part of `weight` at `now`, in ten even steps over `duration` from `from` on. Never 0. */
export function ramp(weight: number, from: number | undefined, duration: number, now: number): Ramp {
  if (from === undefined || duration <= 0 || weight < LEAST_WEIGHT || now - from >= duration)
    return { weight, nextAt: undefined };
  const step = Math.floor(((now - from) * STEPS) / duration) + 1;
  if (step >= STEPS) return { weight, nextAt: undefined };
  return {
    weight: Math.max(1, Math.floor((weight * step) / STEPS)),
    nextAt: from + Math.ceil((duration * step) / STEPS),
  };
}
