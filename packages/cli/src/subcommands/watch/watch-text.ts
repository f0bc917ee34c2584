/** The output of a watch: a line for each change, as text or as JSON. */
import { toJson, type WatchChange, watchChangeText, type WatchSample } from '@ipvs-ts/ipvs';
import { type Paint, painted } from '../framework/paint.js';

const PAINTS: Readonly<Record<WatchChange['kind'], Paint>> = {
  added: 'green',
  removed: 'red',
  edited: 'yellow',
};

/** The changes of a sample as lines of text: `2026-01-31T09:30:00.000Z removed service tcp:192.0.2.10:80`. */
export function sampleText({ time, changes }: WatchSample, colour: boolean): string[] {
  return changes.map((change) => {
    const line = `${time.toISOString()} ${watchChangeText(change)}`;
    return painted(line, PAINTS[change.kind], colour);
  });
}

/** The changes of a sample as lines of JSON. */
export function jsonLines({ time, changes }: WatchSample): string[] {
  return changes.map((change) => JSON.stringify({ time, ...plain(change) }));
}

/** A whole sample as a line of JSON: the table with its totals and rates, and the changes. */
export function sampleLine(sample: WatchSample): string {
  const { time, elapsed, services, rates } = toJson(sample);
  const elapsedMilliseconds = elapsed === undefined ? null : Math.round(elapsed);
  const changes = sample.changes.map(plain);
  return JSON.stringify(
    { kind: 'sample', time, elapsedMilliseconds, rates, services, changes },
    unknownRates,
  );
}

/** Rates that cannot be known yet are null rather than absent. */
function unknownRates(key: string, value: unknown): unknown {
  return key === 'rates' && value === undefined ? null : value;
}

/** JSON has no undefined: absent values are null in a difference. */
function plain(change: WatchChange): object {
  const { kind, service, destination, from, to } = toJson(change);
  const differences = change.differences.map((each) => ({
    field: each.field,
    from: each.from ?? null,
    to: each.to ?? null,
  }));
  return { kind, service, destination, from, to, differences };
}
