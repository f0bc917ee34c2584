import { attribute, attributeSet, nest, u32 } from '@ipvs-ts/netlink';
import { DAEMON } from './daemon.js';
import { DESTINATION } from './destination.js';
import { SERVICE } from './service.js';

/** `IPVS_CMD_ATTR_*`: the top level of every message but the info reply. */
export const MESSAGE = attributeSet('message', {
  service: attribute(1, 'SERVICE', nest(SERVICE), 'a virtual service'),
  destination: attribute(2, 'DEST', nest(DESTINATION), 'a destination'),
  daemon: attribute(3, 'DAEMON', nest(DAEMON), 'a sync daemon'),
  tcp: attribute(4, 'TIMEOUT_TCP', u32, 'timeout of established TCP connections in seconds'),
  tcpFin: attribute(5, 'TIMEOUT_TCP_FIN', u32, 'timeout of TCP connections after a FIN in seconds'),
  udp: attribute(6, 'TIMEOUT_UDP', u32, 'timeout of UDP in seconds'),
});

/** `IPVS_INFO_ATTR_*`: the info reply, whose numbers mean something else at the same level. */
export const INFO = attributeSet('info', {
  version: attribute(1, 'VERSION', u32, 'version: major, minor and patch in a byte each'),
  connectionTableSize: attribute(2, 'CONN_TAB_SIZE', u32, 'buckets of the connection table'),
});
