/** Results of the requests of a load. */
export interface Tally {
  /** Whole answers, by path and server: `/long of one`. */
  readonly answered: Record<string, number>;
  /** Requests without a whole answer, by path and reason. */
  readonly lost: Record<string, number>;
  /** Requests for `/short` that took longer than 0.9 s: a packet was lost and sent again, or the machine is busy. */
  slow: number;
}

/** How many there are in all. */
export function count(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}
