import { checkMethods } from '../argument-checks.js';
import { IpvsError } from '../errors.js';
import type { TableEntry } from '../calls/read-table.js';
import type { Info } from '../model/info.js';
import type { Daemon } from '../model/sync-daemon.js';
import type { Drops } from '../proc/drops.js';
import type { Sysctls } from '../proc/sysctls.js';
import type { Totals } from '../proc/totals.js';

/** The values that metrics are made from. Absent ones have no series. */
export interface MetricsReading {
  readonly table: readonly TableEntry[];
  readonly info?: Info | undefined;
  readonly totals?: Totals | undefined;
  readonly daemons?: readonly Daemon[] | undefined;
  readonly sysctls?: Sysctls | undefined;
  readonly drops?: Drops | undefined;
}

/** What metrics are read from: an `Ipvs`. */
export interface MetricsSource {
  info(): Promise<Info>;
  table(): Promise<readonly TableEntry[]>;
  totals(): Promise<Totals>;
  daemons(): Promise<readonly Daemon[]>;
  sysctls(): Promise<Sysctls>;
  drops(): Promise<Drops>;
}

/**
 * Reads all that `metricsText` can show: the table with its counters, the connection table, the totals of the network
 * namespace, its sync daemons, defences and dropped packets. Files that /proc does not have are left out. Call it for
 * each scrape: the kernel updates counters every two seconds.
 */
export async function readMetrics(source: MetricsSource): Promise<MetricsReading> {
  checkMethods('source', source, ['table', 'info', 'daemons', 'totals', 'sysctls', 'drops']);
  return {
    table: await source.table(),
    info: await source.info(),
    daemons: await source.daemons(),
    totals: await ifThere(source.totals()),
    sysctls: await ifThere(source.sysctls()),
    drops: await ifThere(source.drops()),
  };
}

async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!IpvsError.is(error, 'ERR_IPVS_PROC')) throw error;
    return undefined;
  }
}
