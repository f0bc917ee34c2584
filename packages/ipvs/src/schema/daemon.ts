import { attribute, attributeSet, binary, u16, u32, u8, zstring } from '@ipvs-ts/netlink';

/** `IPVS_DAEMON_ATTR_*`: a connection synchronisation daemon. */
export const DAEMON = attributeSet('daemon', {
  state: attribute(1, 'STATE', u32, '1 master, 2 backup'),
  interface: attribute(2, 'MCAST_IFN', zstring(15), 'interface that it sends or listens on'),
  syncId: attribute(3, 'SYNC_ID', u32, 'daemons accept only messages with their own id; 8 bits on the wire'),
  maxLength: attribute(4, 'SYNC_MAXLEN', u16, 'bytes of a sync message', '4.3'),
  group: attribute(5, 'MCAST_GROUP', binary(4, 4), 'IPv4 multicast group in network order', '4.3'),
  group6: attribute(6, 'MCAST_GROUP6', binary(16, 16), 'IPv6 multicast group', '4.3'),
  port: attribute(7, 'MCAST_PORT', u16, 'UDP port, in native order', '4.3'),
  ttl: attribute(8, 'MCAST_TTL', u8, 'time to live of the messages', '4.3'),
});
