import { attribute, attributeSet, be16, nest, padded, struct, u16, u32, zstring } from '@ipvs-ts/netlink';
import { STATS, STATS64 } from './stats.js';

/** `IPVS_SVC_ATTR_*`: a virtual service. */
export const SERVICE = attributeSet('service', {
  family: attribute(1, 'AF', u16, 'address family: 2 IPv4, 10 IPv6'),
  protocol: attribute(
    2,
    'PROTOCOL',
    u16,
    'IP protocol: 6 TCP, 17 UDP, 132 SCTP; the kernel stores any number',
  ),
  address: attribute(3, 'ADDR', padded(16), 'virtual address in network order; replies hold 16 bytes'),
  port: attribute(4, 'PORT', be16, 'virtual port; 0 is any port'),
  fwmark: attribute(5, 'FWMARK', u32, 'firewall mark; with it protocol, address and port are ignored'),
  scheduler: attribute(6, 'SCHED_NAME', zstring(15), 'scheduler; "none" for none'),
  flags: attribute(
    7,
    'FLAGS',
    struct({ flags: u32, mask: u32 }),
    '1 persistent, 2 hashed, 4 one-packet, 8 16 32 scheduler flags',
  ),
  timeout: attribute(8, 'TIMEOUT', u32, 'persistence timeout in seconds'),
  netmask: attribute(
    9,
    'NETMASK',
    u32,
    'persistence granularity: IPv4 mask in network order, IPv6 prefix length in native order',
  ),
  stats: attribute(10, 'STATS', nest(STATS), 'counters of 32 bits'),
  engine: attribute(11, 'PE_NAME', zstring(16), 'persistence engine; absent for none', '2.6.37'),
  stats64: attribute(12, 'STATS64', nest(STATS64), 'counters of 64 bits', '4.1'),
});
