import { readNumber64, type View } from '@ipvs-ts/netlink';
import type { STATS, STATS64 } from './schema/stats.js';

/** Counts of one service or destination. */
export interface Counts<N> {
  readonly connections: N;
  /** From clients. */
  readonly inPackets: N;
  /** To clients; 0 where replies do not pass the director (route and tunnel). */
  readonly outPackets: N;
  readonly inBytes: N;
  readonly outBytes: N;
}

/**
 * Totals since the service or destination was made or zeroed. The kernel brings them up to date every two seconds.
 * A destination that is deleted and added again within two minutes goes on counting where it was.
 */
export type Stats = Counts<bigint>;

/** The same per second, as averaged by the kernel over about eight seconds. */
export type Rates = Counts<number>;

/** What of services and destinations is read. */
export interface ReadFields {
  /**
   * `false` leaves the counters out, `stats` and `rates`, which are then undefined. That halves the work of reading,
   * for those who compare settings only.
   */
  readonly counters?: false | undefined;
}

/** A service or destination that was read without its counters. */
export type Uncounted<T> = T extends unknown ? Omit<T, 'stats' | 'rates'> : never;

/** What a reading with options `O` gives for each `T`. */
export type Read<T, O> = O extends { readonly counters: false } ? Uncounted<T> : T;

/** In the place of counters that were not asked for. */
export const LEFT_OUT = undefined as never;

type Window64 = View<(typeof STATS64)['attributes']>;
type Window32 = View<(typeof STATS)['attributes']>;

/** A message that holds counters: of 64 bits, or of 32 bits on kernels before 4.1. */
interface Counted {
  readonly stats64: Window64 | undefined;
  readonly stats: Window32 | undefined;
}

/** Reads the totals. */
export function readStats(message: Counted): Stats {
  const { stats64, stats } = message;
  if (stats64 !== undefined) {
    return {
      connections: stats64.connections ?? 0n,
      inPackets: stats64.inPackets ?? 0n,
      outPackets: stats64.outPackets ?? 0n,
      inBytes: stats64.inBytes ?? 0n,
      outBytes: stats64.outBytes ?? 0n,
    };
  }
  return {
    connections: BigInt(stats?.connections ?? 0),
    inPackets: BigInt(stats?.inPackets ?? 0),
    outPackets: BigInt(stats?.outPackets ?? 0),
    inBytes: stats?.inBytes ?? 0n,
    outBytes: stats?.outBytes ?? 0n,
  };
}

/** Reads the rates. */
export function readRates({ stats64, stats }: Counted): Rates {
  if (stats64 !== undefined) {
    return {
      connections: rate64(stats64, 'connectionRate'),
      inPackets: rate64(stats64, 'inPacketRate'),
      outPackets: rate64(stats64, 'outPacketRate'),
      inBytes: rate64(stats64, 'inByteRate'),
      outBytes: rate64(stats64, 'outByteRate'),
    };
  }
  return {
    connections: stats?.connectionRate ?? 0,
    inPackets: stats?.inPacketRate ?? 0,
    outPackets: stats?.outPacketRate ?? 0,
    inBytes: stats?.inByteRate ?? 0,
    outBytes: stats?.outByteRate ?? 0,
  };
}

/** A rate cannot reach 2^53 a second. */
function rate64(window: Window64, name: keyof (typeof STATS64)['attributes']): number {
  const at = window.payload(name, 8);
  return at === undefined ? 0 : readNumber64(window.view, at);
}
