import type { JSX } from 'preact';
import { countText, shareText } from '../src/page/view/page-text.js';
import { sparkline } from '../src/page/view/sparkline.js';

/** A share as a bar: what is missing is hatched. */
export function CapacityBar({
  share,
  held,
}: {
  readonly share: number;
  readonly held: boolean;
}): JSX.Element {
  const level = share <= 0 ? 'none' : share >= 1 ? 'full' : 'part';
  return (
    <span class="capacity">
      <span class={`bar ${level} ${held ? 'held' : ''}`} aria-hidden="true">
        <span class="fill" style={{ width: `${Math.min(100, share * 100)}%` }} />
      </span>
      <span class="share">{shareText(share)}</span>
    </span>
  );
}

const WIDTH = 120;
const HEIGHT = 20;

/** Five minutes of connections a second. */
export function Spark({
  values,
  label,
}: {
  readonly values: readonly number[];
  readonly label: string;
}): JSX.Element {
  const { line, area, most } = sparkline(values, WIDTH, HEIGHT);
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}, at most ${countText(most)} a second`}
    >
      <path class="area" d={area} />
      <path class="line" d={line} />
    </svg>
  );
}

const TICK = 4;
const SLOTS = 30;
const FAILED = -1;

/** The last results of a check: high as they took long, failures as high as the strip. */
export function Ticks({
  ticks,
  name,
}: {
  readonly ticks: readonly number[];
  readonly name: string;
}): JSX.Element {
  const most = Math.max(1, ...ticks);
  const failures = ticks.filter((tick) => tick === FAILED).length;
  const blank = ticks.filter((tick) => tick < FAILED).length;
  const label = `${name}: the last ${ticks.length} checks, ${failures} failed${blank > 0 ? `, ${blank} without a verdict` : ''}`;
  return (
    <svg class="ticks" viewBox={`0 0 ${SLOTS * TICK} 16`} role="img" aria-label={label}>
      {ticks.map((tick, index) => {
        const x = (SLOTS - ticks.length + index) * TICK;
        if (tick === FAILED) return <path key={index} class="failed" d={`M${x} 0h3v6h-3zM${x} 8h3v8h-3z`} />;
        if (tick < FAILED) return <rect key={index} class="blank" x={x} y="6" width="3" height="4" />;
        const height = 4 + (tick / most) * 9;
        return <rect key={index} class="passed" x={x} y={16 - height} width="3" height={height} />;
      })}
    </svg>
  );
}
