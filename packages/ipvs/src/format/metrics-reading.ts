import { IpvsError } from '../errors.js';
import type { TableEntry } from '../calls/read-table.js';
import type { Info } from '../model/info.js';
import type { Daemon } from '../model/sync-daemon.js';
import type { Totals } from '../proc/totals.js';

/** What metrics are made of. What is absent has no series. */
export interface MetricsReading {
  readonly table: readonly TableEntry[];
  readonly info?: Info | undefined;
  readonly totals?: Totals | undefined;
  readonly daemons?: readonly Daemon[] | undefined;
}

/** What a reading asks: an `Ipvs`. */
export interface MetricsSource {
  info(): Promise<Info>;
  table(): Promise<readonly TableEntry[]>;
  totals(): Promise<Totals>;
  daemons(): Promise<readonly Daemon[]>;
}

/**
 * Reads all that `metricsText` can show: the table with its counters, the connection table, the totals of the network
 * namespace and the sync daemons. Totals are left out where /proc has none. Read at the scrape: the kernel updates
 * counters every two seconds.
 */
export async function readMetrics(source: MetricsSource): Promise<MetricsReading> {
  const table = await source.table();
  const info = await source.info();
  const daemons = await source.daemons();
  try {
    return { table, info, daemons, totals: await source.totals() };
  } catch (error) {
    if (!IpvsError.is(error, 'ERR_IPVS_PROC')) throw error;
    return { table, info, daemons };
  }
}
