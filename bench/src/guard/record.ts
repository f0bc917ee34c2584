/** The recorded counts, and the comparison with them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ModeCounts } from './callgrind.js';

const FILE = fileURLToPath(new URL('../../instructions.json', import.meta.url));

/** A task may take this much more than recorded. Runs on one machine differ by less than a thousandth. */
export const TOLERANCE = 0.03;

/** Instructions of each task, as a multiple of the reference. */
export interface Record {
  readonly why: string;
  /** The version of Node that was recorded: another V8 compiles differently. */
  readonly node: string;
  readonly ratios: Readonly<globalThis.Record<string, number>>;
}

/** A task and its record. */
export interface Comparison {
  readonly task: string;
  readonly ratio: number;
  /** Undefined for a task without a record. */
  readonly recorded: number | undefined;
  /** Change in percent; positive is slower. */
  readonly change: number;
  readonly verdict: 'ok' | 'slower' | 'faster' | 'not recorded';
}

/** Compares the instructions of tasks, as multiples of the reference, with what is recorded. */
export function compare(
  measured: Record['ratios'],
  ratios: Record['ratios'],
): { comparisons: Comparison[]; gone: string[] } {
  const comparisons = Object.entries(measured).map(([task, ratio]): Comparison => {
    const recorded = ratios[task];
    if (recorded === undefined) return { task, ratio, recorded, change: 0, verdict: 'not recorded' };
    const change = ratio / recorded - 1;
    const verdict = change > TOLERANCE ? 'slower' : change < -TOLERANCE ? 'faster' : 'ok';
    return { task, ratio, recorded, change: 100 * change, verdict };
  });
  return { comparisons, gone: Object.keys(ratios).filter((task) => !(task in measured)) };
}

/** Each task as a multiple of the reference that was counted in the same mode. */
export function ratiosOf(counts: readonly ModeCounts[]): globalThis.Record<string, number> {
  return Object.fromEntries(
    counts.flatMap(({ reference, tasks }) => {
      if (reference.instructions === 0) throw new Error('the reference was not counted');
      return [...tasks].map(([task, { instructions }]) => [
        task,
        Number((instructions / reference.instructions).toFixed(4)),
      ]);
    }),
  );
}

export function readRecord(): Record {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Record;
}

export function writeRecord(node: string, ratios: Record['ratios']): void {
  const why =
    'Instructions of each task as a multiple of the reference (bench/src/guard/reference.ts), for this version of Node. npm run test:instructions -- --update writes it anew; say in the commit why a number grew.';
  writeFileSync(FILE, `${JSON.stringify({ why, node, ratios }, undefined, 2)}\n`);
}
