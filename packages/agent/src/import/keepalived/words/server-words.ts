import { TIMING } from './timing-words.js';
import { block, differs, dropped, EVENTS, MAIL, SNMP, taken, type Words } from './word.js';

const TUNNEL = 'forwarding, and tunnel with its type, port and checksum';

/** Words of `virtual_server`. */
export const VIRTUAL_SERVER: Words = {
  ...TIMING,
  ip_family: taken('fwmark or fwmark6 in the name of the service'),
  lb_algo: taken('scheduler'),
  lvs_sched: taken('scheduler'),
  hashed: { ...taken('nothing: the flag is internal to the kernel'), values: 0 },
  'flag-1': taken('flags', 0),
  'flag-2': taken('flags', 0),
  'flag-3': taken('flags', 0),
  'sh-port': taken('flags', 0),
  'sh-fallback': taken('flags', 0),
  'mh-port': taken('flags', 0),
  'mh-fallback': taken('flags', 0),
  ops: taken('onePacket', 0),
  lb_kind: taken(TUNNEL),
  lvs_method: taken(TUNNEL),
  persistence_engine: taken('persistence.engine'),
  persistence_timeout: taken('persistence.timeout', 0),
  persistence_granularity: taken('persistence.netmask'),
  protocol: taken('protocol in the name of the service'),
  ha_suspend: dropped('checks run on every director, whether it has the address or not'),
  smtp_alert: dropped(MAIL),
  virtualhost: taken('host of its http and https checks'),
  snmp_name: dropped(SNMP, 1),
  omega: dropped('the agent changes nothing and runs nothing when it stops'),
  quorum: taken('nothing where one destination is enough for it; see the remark otherwise'),
  hysteresis: taken('nothing where one destination is enough for the quorum; see the remark otherwise'),
  quorum_up: dropped(`${EVENTS}, or let agent.trackFile steer VRRP`, 1),
  quorum_down: dropped(`${EVENTS}, or let agent.trackFile steer VRRP`, 1),
  weight: taken('weight of its destinations that have none'),
  inhibit_on_failure: taken('health.whenDown: quiesce, and remove without it', 0),
  sorry_server: taken('health.sorry'),
  sorry_server_inhibit: differs('the sorry destination leaves the table while it is not needed', 0),
  sorry_server_lvs_method: taken('forwarding of the sorry destination'),
  real_server: block('taken over', 'a destination', 1),
};

/** Words of `real_server`, except checkers. */
export const REAL_SERVER: Words = {
  ...TIMING,
  weight: taken('weight'),
  lvs_method: taken(TUNNEL),
  uthreshold: taken('upperThreshold'),
  lthreshold: taken('lowerThreshold'),
  inhibit_on_failure: taken('health.whenDown of the service', 0),
  notify_up: dropped(EVENTS, 1),
  notify_down: dropped(EVENTS, 1),
  smtp_alert: dropped(MAIL),
  virtualhost: taken('host of its http and https checks'),
  snmp_name: dropped(SNMP, 1),
};
