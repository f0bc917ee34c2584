/** What a listing is asked to look like. */
import type { NameLookup } from '../language/names.js';

/** The layouts of the table. */
export type Layout = 'plain' | 'stats' | 'rate' | 'thresholds' | 'persistent-conn' | 'tun-info';

/** How to print a listing. */
export interface Format {
  readonly layout: Layout;
  /** Numbers in full. */
  readonly exact: boolean;
  /** Absent: addresses and ports stay numbers. */
  readonly names: NameLookup | undefined;
}
