import { uptime } from 'node:os';

/**
 * The clock of an agent: monotonic for decisions, wall time in texts only, so that jumps of the clock have no effect.
 */
export interface Clock {
  /** Milliseconds since the host started, which continues over a restart of the agent. */
  now(): number;
  /** Wall time in milliseconds since 1970 at a time of {@link now}. */
  wall(at: number): number;
}

/** The clock of this host. */
export function hostClock(): Clock {
  const offset = uptime() * 1000 - performance.now();
  const now = (): number => performance.now() + offset;
  return { now, wall: (at) => Date.now() + (at - now()) };
}

/** Converts times of a clock to wall times, ISO 8601, by one reading of it, so that intervals stay exact. */
export function wallTimes(clock: Clock): (at: number) => string {
  const start = clock.wall(0);
  return (at) => new Date(start + at).toISOString();
}
