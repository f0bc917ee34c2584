import { type FlapRecord, STEADY, wentDown } from './flapping.js';
import type { Verdict } from './judge.js';

/** The health of a destination by all its checks. Times are milliseconds of a monotonic clock. */
export interface DestinationHealth {
  /** By the index of the check in the document. */
  readonly verdicts: readonly Verdict[];
  /** `up`: by every check. `down`: by at least one. */
  readonly state: 'unknown' | 'up' | 'down';
  readonly since: number;
  readonly everUp: boolean;
  readonly flaps: FlapRecord;
  /** When a slow start began; absent if the whole weight was inherited. */
  readonly rampFrom?: number;
}

/** The health of a destination when it is first seen. */
export function firstHealth(verdicts: readonly Verdict[], now: number): DestinationHealth {
  const state = stateOf(verdicts);
  return { verdicts, state, since: now, everUp: everUp(verdicts), flaps: STEADY };
}

/** The health after one of the verdicts has changed. */
export function withVerdicts(
  health: DestinationHealth,
  verdicts: readonly Verdict[],
  now: number,
): DestinationHealth {
  const state = stateOf(verdicts);
  if (state === health.state) return { ...health, verdicts };
  const { rampFrom: _, ...rest } = health;
  return {
    ...rest,
    verdicts,
    state,
    since: now,
    everUp: health.everUp || state === 'up',
    flaps: state === 'down' && health.state === 'up' ? wentDown(health.flaps, now) : health.flaps,
    ...(state === 'up' && { rampFrom: now }),
  };
}

/** The share of the weight that the server requested, from 0 to 1: the smallest that a check reports. */
export function shareOf({ verdicts }: DestinationHealth): number {
  return verdicts.reduce((least, { share = 1 }) => Math.min(least, share), 1);
}

/** Whether it passes its checks but is held down because it is flapping. */
export function isHeld({ state, flaps }: DestinationHealth, now: number): boolean {
  return state === 'up' && flaps.until > now;
}

function stateOf(verdicts: readonly Verdict[]): DestinationHealth['state'] {
  let all: DestinationHealth['state'] = 'up';
  for (const { state } of verdicts) {
    if (state === 'down') return 'down';
    if (state === 'unknown') all = 'unknown';
  }
  return all;
}

function everUp(verdicts: readonly Verdict[]): boolean {
  return verdicts.every((verdict) => verdict.everUp);
}
