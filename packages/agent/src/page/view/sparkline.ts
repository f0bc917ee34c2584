/** The paths of a sparkline, as SVG writes them. */
export interface Sparkline {
  /** The line, with gaps where values are not known. */
  readonly line: string;
  /** The area below it. */
  readonly area: string;
  /** The largest value; 0 if there is none above 0. */
  readonly most: number;
}

/** A sparkline of values from 0 up, oldest first, in a box of `width` by `height`; NaN: not known. */
export function sparkline(values: readonly number[], width: number, height: number): Sparkline {
  const most = values.reduce((largest, value) => (value > largest ? value : largest), 0);
  const across = width / Math.max(1, values.length - 1);
  const points = values.map((value, index): readonly [string, string] | undefined =>
    Number.isNaN(value)
      ? undefined
      : [short(index * across), short(height - (most === 0 ? 0 : (value / most) * (height - 1)) - 0.5)],
  );
  let line = '';
  let area = '';
  let start: string | undefined;
  for (const [index, point] of points.entries()) {
    if (point === undefined) continue;
    const [x, y] = point;
    const begins = start === undefined;
    line += `${begins ? 'M' : 'L'}${x} ${y}`;
    area += begins ? `M${x} ${height}L${x} ${y}` : `L${x} ${y}`;
    start ??= x;
    if (points[index + 1] !== undefined) continue;
    // A value between two unknown ones is a dot.
    if (begins) line += 'h0.01';
    area += `L${x} ${height}Z`;
    start = undefined;
  }
  return { line, area, most };
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
