import { attribute, attributeSet, flag, type Codec, u32, u64 } from '@ipvs-ts/netlink';

/** `IPVS_STATS_ATTR_*`. The two tables differ in width only. */
function statsTable<N, B>(count: Codec<N>, bytes: Codec<B>) {
  return {
    connections: attribute(1, 'CONNS', count, 'connections scheduled'),
    inPackets: attribute(2, 'INPKTS', count, 'packets from clients'),
    outPackets: attribute(
      3,
      'OUTPKTS',
      count,
      'packets to clients; 0 where replies do not pass the director',
    ),
    inBytes: attribute(4, 'INBYTES', bytes, 'bytes from clients'),
    outBytes: attribute(5, 'OUTBYTES', bytes, 'bytes to clients'),
    connectionRate: attribute(6, 'CPS', count, 'connections per second, averaged over about 8 s'),
    inPacketRate: attribute(7, 'INPPS', count, 'packets per second from clients'),
    outPacketRate: attribute(8, 'OUTPPS', count, 'packets per second to clients'),
    inByteRate: attribute(9, 'INBPS', count, 'bytes per second from clients'),
    outByteRate: attribute(10, 'OUTBPS', count, 'bytes per second to clients'),
    pad: attribute(11, 'PAD', flag, 'empty; aligns the next 64-bit value on some machines'),
  } as const;
}

/** Totals and rates of 32 bits, except byte totals. */
export const STATS = attributeSet('stats', statsTable(u32, u64));

/** Totals and rates of 64 bits (Linux 4.1). */
export const STATS64 = attributeSet('stats64', statsTable(u64, u64));
