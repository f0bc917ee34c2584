import { uptime } from 'node:os';

/** The times of an agent: monotonic inside, wall time in texts only, so that a clock that jumps decides nothing. */
export interface Clock {
  /** Milliseconds since the host started: it goes on over a restart of the agent. */
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
