/** What a listing looks like. */
import type { ListedLines } from '@ipvs-ts/ipvs/verbs-sync';

/** The layouts of the table. */
export type Layout = 'plain' | 'stats' | 'rate' | 'thresholds' | 'persistent-conn' | 'tun-info';

/** The lines of a table. */
export interface TableLines extends ListedLines {
  /** What stands above them. */
  readonly title: string;
  /** Whether they show counters: they are not read for others. */
  readonly counted: boolean;
  /** No more of an endpoint of IPv4 is shown. */
  readonly endpointWidth: number;
}
