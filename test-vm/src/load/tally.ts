/** What became of the requests of a load. */
export interface Tally {
  /** Whole answers, by path and server: `/long of one`. */
  readonly answered: Record<string, number>;
  /** Requests without a whole answer, by path and reason. */
  readonly lost: Record<string, number>;
}

/** How many there are in all. */
export function count(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}
