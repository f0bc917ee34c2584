/** Durations with their units: `500ms`, `1.5s`, `1m30s`, `2h`, `1d`. */
import { argumentsOf } from '../argument-checks.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/** The longest duration: 24 days, in milliseconds. */
export const LONGEST_DURATION = 0x7fff_ffff;

/** Whole milliseconds; undefined for text that is not a duration. */
export function parseDuration(text: string): number | undefined {
  argumentsOf.is('text', text, 'text');
  if (!DURATION.test(text)) return undefined;
  let sum = 0;
  for (const [, number, unit] of text.matchAll(PART))
    sum += Number(number) * (UNITS[unit as string] as number);
  return Math.round(sum);
}

/** The shortest text that {@link parseDuration} reads as `ms`: `1m30s`, `500ms`, `0s`. */
export function writeDuration(ms: number): string {
  argumentsOf.is('ms', ms, 'number');
  if (ms === 0) return '0s';
  let rest = ms;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const size = UNITS[unit] as number;
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text;
}
