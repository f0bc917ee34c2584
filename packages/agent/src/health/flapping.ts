/** The record of a server that goes down repeatedly and is held down, longer each time. */
export interface FlapRecord {
  /** The last times at which it went down. */
  readonly downs: readonly number[];
  /** Until when it is held down. */
  readonly until: number;
  /** Duration of the last hold; 0: it was never held. */
  readonly hold: number;
}

const WINDOW = 600_000;
const DOWNS = 3;
const FIRST_HOLD = 30_000;
const LONGEST_HOLD = 600_000;

/** The record of a server that is not flapping. */
export const STEADY: FlapRecord = { downs: [], until: 0, hold: 0 };

/** The record after the server went down at `now`: three downs in ten minutes hold it for 30 s, doubling to 10 min. */
export function wentDown(record: FlapRecord, now: number): FlapRecord {
  const downs = [...record.downs.filter((time) => now - time < WINDOW), now].slice(-DOWNS);
  if (downs.length < DOWNS) return { downs, until: record.until, hold: 0 };
  const hold = record.hold === 0 ? FIRST_HOLD : Math.min(record.hold * 2, LONGEST_HOLD);
  return { downs, until: now + hold, hold };
}

/** Whether the server went down three times in the last ten minutes. */
export function isFlapping({ downs }: FlapRecord, now: number): boolean {
  return downs.filter((time) => now - time < WINDOW).length >= DOWNS;
}
