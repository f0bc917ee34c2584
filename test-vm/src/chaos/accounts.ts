import type { TableState } from './table-watch.js';

/** Times are milliseconds since 1970. */
export interface Span {
  readonly from: number;
  /** Infinity: it goes on. */
  to: number;
}

/** A server that was dead or hung. After `to` it may answer: it was started or resumed. */
export interface Outage extends Span {
  readonly server: string;
  readonly kind: 'killed' | 'hung' | 'restarted';
  /** When it had answered again. */
  answered: number;
}

/** A request without a whole answer. */
export interface FailedRequest extends Span {
  readonly path: string;
  readonly reason: string;
  /** Where the director's connection table says that it was scheduled to; undefined: nowhere. */
  readonly server: string | undefined;
}

/** What an outage came to in the table of one director. */
export interface Verdict {
  readonly outage: Outage;
  /** When the server had no weight any more; undefined: it kept it to the end of the outage. */
  readonly at: number | undefined;
  /** Milliseconds in which it had weight again although it was still dead or hung. */
  readonly backFor: number;
}

/** When the table of a director took each server out. */
export function verdicts(outages: readonly Outage[], states: readonly TableState[]): Verdict[] {
  return outages.map((outage) => {
    const spans = weightedSpans(states, outage.server)
      .map(({ from, to }) => ({ from: Math.max(from, outage.from), to: Math.min(to, outage.to) }))
      .filter(({ from, to }) => from < to);
    const [first, ...again] = spans;
    const inAtOnce = first?.from === outage.from;
    const at = inAtOnce ? (first.to < outage.to ? first.to : undefined) : outage.from;
    const back = inAtOnce ? again : spans;
    return { outage, at, backFor: back.reduce((sum, { from, to }) => sum + to - from, 0) };
  });
}

/** When a destination had weight. */
function weightedSpans(states: readonly TableState[], destination: string): Span[] {
  const spans: Span[] = [];
  let open: Span | undefined;
  for (const { at, weights } of states) {
    const weighted = (weights?.[destination] ?? 0) > 0;
    if (weighted && open === undefined) spans.push((open = { from: at, to: Infinity }));
    if (!weighted && open !== undefined) {
      open.to = at;
      open = undefined;
    }
  }
  return spans;
}

/** Milliseconds of a span in which something ran that did not run during `pauses`. */
export function running({ from, to }: Span, pauses: readonly Span[]): number {
  const paused = pauses.reduce(
    (sum, pause) => sum + Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from)),
    0,
  );
  return to - from - paused;
}

/**
 * Whether a request had to fail: it was scheduled to a server that died or hung while it was under way, and it began
 * before the verdict. `verdictsOf`: those of the director that scheduled it.
 */
export function isExcused(request: FailedRequest, verdictsOf: readonly Verdict[]): boolean {
  return verdictsOf.some(
    ({ outage, at }) =>
      outage.server === request.server &&
      request.from <= Math.min(at ?? Infinity, outage.answered) &&
      request.to >= outage.from,
  );
}
