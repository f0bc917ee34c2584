import {
  type FailedRequest,
  isExcused,
  type Outage,
  running,
  type Span,
  type Verdict,
  verdicts,
} from './accounts.js';
import type { Pulse } from './pulse.js';
import { BOUND, CHECK, type Director } from './stage.js';

/** Milliseconds that the timers and readings of the play may be off. */
const RESOLUTION = 150;

/** A verdict, and how long its director took. */
export interface Timed {
  readonly verdict: Verdict;
  /** Milliseconds from the outage to the verdict. */
  readonly whole: number;
  /** The same without the time in which the program did not run. */
  readonly ran: number;
  /** The longest that it may have run: {@link longest}, and what the machine lost meanwhile. */
  readonly bound: number;
}

/** What a director came to. */
export interface Result {
  readonly answered: number;
  readonly excused: readonly FailedRequest[];
  readonly inexcusable: readonly FailedRequest[];
  readonly verdicts: readonly Timed[];
  /** Outages without a verdict. */
  readonly missed: readonly Outage[];
  /** Verdicts after the bound. */
  readonly late: readonly Timed[];
  /** Outages in which a dead or hung server got weight again, and for how many milliseconds in all. */
  readonly back: number;
  readonly backFor: number;
}

/** Judges what happened to a director. */
export function resultOf(
  { watch, pauses }: Director,
  outages: readonly Outage[],
  failed: readonly FailedRequest[],
  answered: number,
  pulse: Pulse,
): Result {
  const all = verdicts(outages, watch.states);
  const timed = all.flatMap((verdict) => timedOf(verdict, pauses, pulse));
  const back = all.filter(({ backFor }) => backFor > 0);
  return {
    answered,
    excused: failed.filter((each) => isExcused(each, all)),
    inexcusable: failed.filter((each) => !isExcused(each, all)),
    verdicts: timed,
    missed: all
      .filter(({ at, outage: { kind } }) => at === undefined && kind !== 'restarted')
      .map(({ outage }) => outage),
    late: timed.filter(({ ran, bound }) => ran > bound),
    back: back.length,
    backFor: back.reduce((sum, { backFor }) => sum + backFor, 0),
  };
}

/** The longest until a verdict after a start that knows of no failure: the first check comes within the failing interval. */
const AFRESH = CHECK.fall * CHECK.failingInterval + CHECK.timeout;
/** What a kill costs at most: the check that was under way, and the wait for the first one after it. */
const AGAIN = CHECK.timeout + CHECK.failingInterval;

/**
 * The longest that a program may run until its verdict. `untilKill`: how long it had run when it was killed last, undefined
 * if it was not. After that it takes at most as long as afresh, and failures that it had seen and kept shorten it.
 */
function longest(untilKill: number | undefined): number {
  if (untilKill === undefined) return BOUND;
  return Math.min(BOUND + AGAIN, Math.max(BOUND, untilKill + AFRESH));
}

function timedOf(verdict: Verdict, pauses: readonly Span[], pulse: Pulse): Timed[] {
  const { outage, at } = verdict;
  if (at === undefined || outage.kind === 'restarted') return [];
  const kill = pauses.filter(({ from }) => from > outage.from && from < at).at(-1);
  const untilKill = kill && running({ from: outage.from, to: kill.from }, pauses);
  return [
    {
      verdict,
      whole: at - outage.from,
      ran: running({ from: outage.from, to: at }, pauses),
      bound: longest(untilKill) + pulse.lost(outage.from, at) + RESOLUTION,
    },
  ];
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** The rows of a table that shows results side by side. */
export function rows(results: readonly Result[]): string[] {
  const row = (what: string, text: (result: Result) => string): string =>
    `| ${[what, ...results.map(text)].join(' | ')} |`;
  return [
    row('requests answered', ({ answered }) => String(answered)),
    row('failed on a server that was dead or hung and not found yet', ({ excused }) =>
      String(excused.length),
    ),
    row('**failed otherwise**', ({ inexcusable }) => String(inexcusable.length)),
    row('dead and hung servers found', ({ verdicts: found, missed }) =>
      missed.length === 0 ? String(found.length) : `${String(found.length)}, ${String(missed.length)} not`,
    ),
    row('from the fault to the verdict: median', ({ verdicts: found }) =>
      seconds(median(found.map(({ whole }) => whole))),
    ),
    row('the longest, without the time that the program was dead', ({ verdicts: found }) =>
      seconds(Math.max(...found.map(({ ran }) => ran))),
    ),
    row('back in service while still dead or hung', ({ back, backFor }) =>
      back === 0 ? 'never' : `${String(back)} times, ${seconds(backFor)} in all`,
    ),
  ];
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((one, other) => one - other)[numbers.length >> 1] ?? NaN;
}
