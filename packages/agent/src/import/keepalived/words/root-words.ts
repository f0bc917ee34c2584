/** Words of keepalived outside its servers. */
import { block, differs, dropped, EVENTS, MAIL, SNMP, taken, type Words } from './word.js';

const PROCESS = 'about keepalived as a process; see the unit of ipvs-ts agent';

/** Words outside blocks. */
export const ROOT: Words = {
  virtual_server: block('taken over', 'a service', 1),
  virtual_server_group: block('taken over', 'a service for each of its addresses and marks', 1),
  global_defs: block('taken over', 'each word by itself'),
  SSL: block('dropped', 'certificates of clients are not supported; the agent checks https without one'),
  net_namespace: dropped('start the agent in it: ip netns exec NAME ipvs-ts agent', 1),
  net_namespace_ipvs: dropped(
    'start the agent in it: ip netns exec NAME ipvs-ts agent; checks run there too',
    0,
  ),
  namespace_with_ipsets: dropped(PROCESS),
  instance: dropped(PROCESS, 1),
  use_pid_dir: dropped(PROCESS),
  bfd_instance: block('kept', 'BFD stays in keepalived', 0),
  child_wait_time: dropped(PROCESS, 0),
  config_copy_directory: dropped(PROCESS, 0),
  linkbeat_interfaces: block('kept', 'VRRP stays in keepalived'),
  linkbeat_use_polling: { fate: 'kept', about: 'VRRP stays in keepalived' },
  interface_up_down_delays: block('kept', 'VRRP stays in keepalived'),
  garp_group: block('kept', 'VRRP stays in keepalived'),
  static_ipaddress: block('kept', 'addresses stay in keepalived'),
  static_routes: block('kept', 'routes stay in keepalived'),
  static_rules: block('kept', 'rules stay in keepalived'),
  track_group: block('kept', 'VRRP stays in keepalived'),
  track_file: block('kept', 'VRRP stays in keepalived'),
  vrrp_track_file: block('kept', 'VRRP stays in keepalived'),
  track_process: block('kept', 'VRRP stays in keepalived'),
  vrrp_track_process: block('kept', 'VRRP stays in keepalived'),
  vrrp_script: block('kept', 'VRRP stays in keepalived'),
  vrrp_sync_group: block('kept', 'VRRP stays in keepalived'),
  vrrp_instance: block('kept', 'VRRP stays in keepalived'),
};

/** Words of `global_defs` that concern checkers. All others stay in keepalived. */
export const GLOBAL: Words = {
  lvs_timeouts: taken('timeouts'),
  lvs_sync_daemon: dropped(
    'name the sync daemons in daemons: a document says which of both runs, VRRP does not',
    1,
  ),
  lvs_flush: dropped('the agent removes only what it owns; run ipvs-ts -C once, if need be'),
  lvs_flush_on_stop: dropped('the table stays when the agent stops'),
  lvs_flush_onstop: dropped('the table stays when the agent stops'),
  lvs_notify_fifo: dropped(EVENTS, 1),
  lvs_notify_fifo_script: dropped(EVENTS, 1),
  lvs_netlink_cmd_rcv_bufs: dropped(PROCESS),
  lvs_netlink_cmd_rcv_bufs_force: dropped(PROCESS),
  lvs_netlink_monitor_rcv_bufs: dropped(PROCESS),
  lvs_netlink_monitor_rcv_bufs_force: dropped(PROCESS),
  nftables_ipvs: differs(
    'the document has a service for each address of a group, not a mark that nftables sets',
    0,
  ),
  nftables_ipvs_priority: dropped('the document marks no packets'),
  nftables_ipvs_start_fwmark: dropped('the document marks no packets'),
  checker_log_all_failures: dropped('ipvs-ts events and explain show every failure that counts'),
  checker_process_name: dropped(PROCESS),
  checker_priority: dropped(PROCESS),
  checker_no_swap: dropped(PROCESS),
  checker_cpu_affinity: dropped(PROCESS),
  checker_rt_priority: dropped(PROCESS),
  checker_rlimit_rttime: dropped(PROCESS),
  checker_rlimit_rtime: dropped(PROCESS),
  enable_snmp_checker: dropped(SNMP),
  smtp_alert_checker: dropped(MAIL),
  no_checker_emails: dropped(MAIL),
  rs_init_notifies: dropped(EVENTS),
};

/** Words of `SSL`. */
export const SSL: Words = {
  password: dropped('certificates of clients are not supported', 1),
  ca: dropped(
    'certificates of servers are not verified by default; verify: true uses the authorities of the host',
    1,
  ),
  certificate: dropped('certificates of clients are not supported', 1),
  key: dropped('certificates of clients are not supported', 1),
};
