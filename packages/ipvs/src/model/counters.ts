import type { ReaderOf } from '@ipvs-ts/netlink';
import { type STATS, STATS64 } from '../schema/stats.js';

/** Counts of one service or destination. */
export interface Counters<N> {
  readonly connections: N;
  /** From clients. */
  readonly inPackets: N;
  /** To clients; 0 where replies do not pass the director (route and tunnel). */
  readonly outPackets: N;
  readonly inBytes: N;
  readonly outBytes: N;
}

/**
 * Totals since the service or destination was added or zeroed. The kernel updates them every two seconds. A destination
 * that is deleted and added again within two minutes continues with its old totals.
 */
export type Stats = Counters<bigint>;

/** The same per second, as averaged by the kernel over about eight seconds. */
export type Rates = Counters<number>;

/** Which parts of services and destinations to read. */
export interface ReadFields {
  /**
   * `false` leaves out the counters: `stats` and `rates` are undefined then. That halves the work of reading, for
   * programs that only compare settings.
   */
  readonly counters?: false | undefined;
}

/** A service or destination that was read without its counters. */
export type Uncounted<T> = T extends unknown ? Omit<T, 'stats' | 'rates'> : never;

/** The result of a reading with options `O` for each `T`. */
export type Read<T, O> = O extends { readonly counters: false } ? Uncounted<T> : T;

/** In place of counters that were not requested. */
export const LEFT_OUT = undefined as never;

type Reader64 = ReaderOf<(typeof STATS64)['attributes']>;
type Reader32 = ReaderOf<(typeof STATS)['attributes']>;

/** A message with counters: of 64 bits, or of 32 bits on kernels before 4.1. */
interface Counted {
  readonly stats64: Reader64 | undefined;
  readonly stats: Reader32 | undefined;
}

/** Shared by all that have counted nothing, to save memory in long tables with idle entries. */
const NO_STATS: Stats = Object.freeze(countsOf(0n, 0n, 0n, 0n, 0n));
const NO_RATES: Rates = Object.freeze(countsOf(0, 0, 0, 0, 0));

/** Reads the totals. */
export function readStats({ stats64, stats }: Counted): Stats {
  const wide = stats64 !== undefined;
  const connections = wide ? (stats64.connections ?? 0n) : BigInt(stats?.connections ?? 0);
  const inPackets = wide ? (stats64.inPackets ?? 0n) : BigInt(stats?.inPackets ?? 0);
  const outPackets = wide ? (stats64.outPackets ?? 0n) : BigInt(stats?.outPackets ?? 0);
  const inBytes = (wide ? stats64.inBytes : stats?.inBytes) ?? 0n;
  const outBytes = (wide ? stats64.outBytes : stats?.outBytes) ?? 0n;
  const nothing =
    connections === 0n && inPackets === 0n && outPackets === 0n && inBytes === 0n && outBytes === 0n;
  return nothing ? NO_STATS : countsOf(connections, inPackets, outPackets, inBytes, outBytes);
}

const AT64 = STATS64.numbers;

/** Reads the rates: none can reach 2^53 a second. */
export function readRates({ stats64, stats }: Counted): Rates {
  const wide = stats64 !== undefined;
  const connections = wide ? stats64.number64(AT64.connectionRate, 0) : (stats?.connectionRate ?? 0);
  const inPackets = wide ? stats64.number64(AT64.inPacketRate, 0) : (stats?.inPacketRate ?? 0);
  const outPackets = wide ? stats64.number64(AT64.outPacketRate, 0) : (stats?.outPacketRate ?? 0);
  const inBytes = wide ? stats64.number64(AT64.inByteRate, 0) : (stats?.inByteRate ?? 0);
  const outBytes = wide ? stats64.number64(AT64.outByteRate, 0) : (stats?.outByteRate ?? 0);
  const nothing = connections === 0 && inPackets === 0 && outPackets === 0 && inBytes === 0 && outBytes === 0;
  return nothing ? NO_RATES : countsOf(connections, inPackets, outPackets, inBytes, outBytes);
}

function countsOf<N>(connections: N, inPackets: N, outPackets: N, inBytes: N, outBytes: N): Counters<N> {
  return { connections, inPackets, outPackets, inBytes, outBytes };
}
