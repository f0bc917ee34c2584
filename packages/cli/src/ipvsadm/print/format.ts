/** The format of a listing. */
import type { ListedLines } from '@ipvs-ts/ipvs/verbs-sync';

/** The layouts of the table. */
export type Layout = 'plain' | 'stats' | 'rate' | 'thresholds' | 'persistent-conn' | 'tun-info';

/** The lines of a table. */
export interface TableLines extends ListedLines {
  /** The lines above them. */
  readonly title: string;
  /** Whether they show counters, which are not read otherwise. */
  readonly counted: boolean;
  /** The most characters of an IPv4 endpoint. */
  readonly endpointWidth: number;
}
