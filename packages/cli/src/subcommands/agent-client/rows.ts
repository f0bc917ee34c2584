/** Lines about destinations that fit a terminal, optionally in colour. */
import type { DestinationStatus } from '@ipvs-ts/agent';
import { durationText } from '../framework/duration.js';
import type { Output } from '../framework/io.js';
import { type Paint, painted } from '../framework/paint.js';
import { visible } from '../framework/visible.js';
import { wrapped } from '../framework/wrap.js';

/** The paint of each state. */
export const PAINTS: Readonly<Record<DestinationStatus['state'], Paint>> = {
  up: 'green',
  down: 'alarm',
  unknown: 'yellow',
  draining: 'yellow',
  maintenance: 'yellow',
  manual: 'yellow',
  kept: 'alarm',
};

const INDENT = 2;
/** The width of the longest state. */
const STATE_WIDTH = 'maintenance'.length;
/** From this width on, states have their own column. */
const NARROW = 60;

/** The output of lines. */
export type Page = Pick<Output, 'columns' | 'colour'>;

/** Text in lines that fit, each indented by `indent` spaces. */
export function fitted(text: string, page: Page, indent = 0, paint: Paint = 'plain'): string[] {
  return wrapped(`${' '.repeat(indent)}${visible(text)}`.trimEnd().trimStart(), page.columns(), indent).map(
    (line) => painted(line, paint, page.colour),
  );
}

/** A destination: its state, name and weight, and since when. Names are in a column of `nameWidth`. */
export function destinationLines(
  { destination, state, since, declaredWeight, weight }: DestinationStatus,
  nameWidth: number,
  now: number,
  page: Page,
): string[] {
  const wide = page.columns() >= NARROW;
  const words = [
    wide ? state.padEnd(STATE_WIDTH) : state,
    wide ? destination.padEnd(nameWidth) : destination,
    weightText(weight, declaredWeight),
    `for ${ago(since, now)}`,
  ];
  const indent = ' '.repeat(INDENT);
  const whole = `${indent}${words.join('  ')}`;
  const lines = whole.length <= page.columns() ? [whole] : wrapped(words.join(' '), page.columns(), INDENT);
  return lines.map((line, index) =>
    index === 0
      ? `${indent}${painted(state, PAINTS[state], page.colour)}${visible(line.slice(INDENT + state.length))}`
      : visible(line),
  );
}

/** A remark under a destination. */
export function remarkLines(text: string, page: Page): string[] {
  return fitted(text, page, page.columns() >= NARROW ? INDENT + STATE_WIDTH + 2 : INDENT * 2);
}

/** `weight 100`, `weight 0 of 100`, `not in the table`. */
export function weightText(weight: number | null, declared: number): string {
  if (weight === null) return 'not in the table';
  return weight === declared ? `weight ${weight}` : `weight ${weight} of ${declared}`;
}

/** How long ago a time was, even if the clock of the host was set back since. */
export function ago(time: string, now: number): string {
  return durationText(Math.max(0, now - Date.parse(time)));
}
