import { attribute, attributeSet, be16, nest, padded, u16, u32, u8 } from '@ipvs-ts/netlink';
import { STATS, STATS64 } from './stats.js';

/** `IPVS_DEST_ATTR_*`: a destination (real server). */
export const DESTINATION = attributeSet('destination', {
  address: attribute(1, 'ADDR', padded(16), 'address in network order; replies hold 16 bytes'),
  port: attribute(2, 'PORT', be16, 'port'),
  forwarding: attribute(
    3,
    'FWD_METHOD',
    u32,
    '0 masq, 1 local, 2 tunnel, 3 route, 4 bypass; the low three bits count',
  ),
  weight: attribute(4, 'WEIGHT', u32, 'weight, 0 to 2147483647; with 0 no new connections go to it'),
  upperThreshold: attribute(5, 'U_THRESH', u32, 'connections at which it is overloaded; 0 is no limit'),
  lowerThreshold: attribute(6, 'L_THRESH', u32, 'connections below which it is no longer overloaded'),
  activeConnections: attribute(7, 'ACTIVE_CONNS', u32, 'connections in an active state, live'),
  inactiveConnections: attribute(8, 'INACT_CONNS', u32, 'connections in any other state, live'),
  persistentConnections: attribute(9, 'PERSIST_CONNS', u32, 'persistence templates, live'),
  stats: attribute(10, 'STATS', nest(STATS), 'counters of 32 bits'),
  family: attribute(11, 'ADDR_FAMILY', u16, 'address family; absent: that of the service', '3.18'),
  stats64: attribute(12, 'STATS64', nest(STATS64), 'counters of 64 bits', '4.1'),
  tunnelType: attribute(13, 'TUN_TYPE', u8, '0 ipip, 1 gue, 2 gre', '5.2'),
  tunnelPort: attribute(14, 'TUN_PORT', be16, 'UDP port of a gue tunnel', '5.2'),
  tunnelFlags: attribute(15, 'TUN_FLAGS', u16, '0 no checksum, 1 checksum, 2 remote checksum offload', '5.3'),
});
