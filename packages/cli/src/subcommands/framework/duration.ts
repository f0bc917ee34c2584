/** Lengths of time as people write them: `500ms`, `1.5s`, `1m30s`, `5min`, `2h`. */
import { UsageError } from './usage-error.js';

const UNITS = { ms: 1, s: 1000, sec: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The longest time of the library and of Node's timers: 24 days, in milliseconds. */
const LONGEST = 0x7fff_ffff;

/** Longer names first: `m` is the beginning of `ms` and `min`. */
const UNIT = Object.keys(UNITS)
  .sort((one, other) => other.length - one.length)
  .join('|');
const NUMBER = '\\d+(?:\\.\\d+)?';
const DURATION = new RegExp(`^(?:${NUMBER}(?:${UNIT}))+$`);
const PART = new RegExp(`(${NUMBER})(${UNIT})`, 'g');
const BARE = new RegExp(`^${NUMBER}$`);

/**
 * Reads the value of `option` and returns whole milliseconds. Throws {@link UsageError} for anything but a length of
 * time from `shortest` milliseconds to 24 days.
 */
export function parseDuration(option: string, text: string, shortest = 0): number {
  if (BARE.test(text))
    throw new UsageError(
      `${option} ${JSON.stringify(text)}: a number and a unit, such as ${text}s, ${text}m or ${text}h; the unit is missing`,
    );
  if (!DURATION.test(text))
    throw new UsageError(`${option} ${JSON.stringify(text)}: a number and a unit, such as ${EXAMPLES}`);
  let sum = 0;
  for (const [, number, unit] of text.matchAll(PART))
    sum += Number(number) * UNITS[unit as keyof typeof UNITS];
  const ms = Math.round(sum);
  if (ms < shortest || ms > LONGEST)
    throw new UsageError(`${option} ${text}: it may be from ${exactText(shortest)} to 24d`);
  return ms;
}

/** A length of time as options take it: `0s`, `100ms`, `1s`. */
function exactText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

const EXAMPLES = '500ms, 1.5s, 5m, 1h30m or 2d';

/** A length of time for people: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(ms: number): string {
  if (ms < 9950) return `${String(Math.round(ms / 100) / 10)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min${rest(seconds % 60, 's')}`;
  return `${Math.floor(minutes / 60)} h${rest(minutes % 60, 'min')}`;
}

function rest(count: number, unit: string): string {
  return count === 0 ? '' : ` ${count} ${unit}`;
}
