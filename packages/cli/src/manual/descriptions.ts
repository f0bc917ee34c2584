/** Descriptions of commands and options, for the manual page and for completions. */
import type { CommandName } from '../ipvsadm/language/commands.js';
import type { OptionName } from '../ipvsadm/language/options.js';

/** A text about a command or option. */
export interface Description {
  /** A few words, without a full stop. */
  readonly short: string;
  /** Sentences that only the manual has. */
  readonly more?: string;
}

/** What each command does. */
export const COMMAND_DESCRIPTIONS: Record<CommandName, Description> = {
  'add-service': {
    short: 'Add a virtual service',
    more: 'A port is needed unless the service is persistent or a firewall mark.',
  },
  'edit-service': {
    short: 'Change a virtual service',
    more: 'All of it is replaced: what is left out goes back to its default.',
  },
  'delete-service': { short: 'Delete a virtual service with its real servers' },
  clear: { short: 'Delete all virtual services' },
  restore: {
    short: 'Carry out commands from the standard input, one a line',
    more:
      'Words are separated by blanks; there are no quotes and no comments. A command that the kernel refuses is ' +
      'reported and the next one is carried out; a syntax error ends the run. The table is not cleared before.',
  },
  save: {
    short: 'Print the commands that make the table',
    more: 'Thresholds, timeouts and sync daemons are not among them.',
  },
  'add-server': { short: 'Add a real server to a virtual service' },
  'edit-server': {
    short: 'Change a real server',
    more: 'All of it is replaced: what is left out goes back to its default.',
  },
  'delete-server': { short: 'Delete a real server from a virtual service' },
  list: {
    short: 'Show the table, or what else an option names',
    more: 'This is what is done without any argument.',
  },
  zero: { short: 'Set the counters of a virtual service, or of all, to zero' },
  set: {
    short: 'Set the timeouts of TCP connections, of closing ones, and of UDP, in seconds',
    more: 'Each is from 0 to 2678400; 0 leaves the timeout as it is.',
  },
  'start-daemon': { short: 'Start a connection sync daemon, master or backup' },
  'stop-daemon': { short: 'Stop a connection sync daemon, master or backup' },
  help: { short: 'Print a summary of commands and options' },
  version: { short: 'Print the version' },
};

/** What each option does. */
export const OPTION_DESCRIPTIONS: Record<OptionName, Description> = {
  'tcp-service': { short: 'The virtual service is TCP at this address and port' },
  'udp-service': { short: 'The virtual service is UDP at this address and port' },
  'sctp-service': { short: 'The virtual service is SCTP at this address and port' },
  'fwmark-service': {
    short: 'The virtual service is what carries this firewall mark',
    more: 'Marks are from 1 to 4294967295.',
  },
  ipv6: { short: 'The firewall mark is one of IPv6 packets', more: 'It has to follow the mark.' },
  scheduler: { short: 'How real servers are chosen', more: 'The default is wlc.' },
  pe: { short: 'Persistence engine' },
  persistent: {
    short: 'Send a client to the same real server for so many seconds',
    more: 'From 1 to 2678400; 360 if there is no time. A following word that begins with a dash is not taken as the time.',
  },
  netmask: {
    short: 'Clients that this mask does not tell apart are one in persistence',
    more: 'A dotted mask for IPv4, a prefix length for IPv6.',
  },
  'real-server': {
    short: 'Address of the real server',
    more: "Without a port it is the virtual service's, if that was given before.",
  },
  gatewaying: { short: 'Forward by direct routing', more: 'This is the default.' },
  ipip: { short: 'Forward through a tunnel' },
  masquerading: { short: 'Forward by network address translation' },
  'tun-type': { short: 'Kind of tunnel', more: 'The default is ipip.' },
  'tun-port': { short: 'UDP port of the tunnel, which gue needs' },
  'tun-nocsum': { short: 'No checksums on the outer header', more: 'This is the default.' },
  'tun-csum': { short: 'Checksums on the outer header' },
  'tun-remcsum': { short: 'Remote checksum offload, for gue' },
  weight: {
    short: 'Share of the load',
    more: 'From 0, which takes no new connections, to 2147483647; the default is 1.',
  },
  'u-threshold': {
    short: 'Number of connections from which on there are no new ones',
    more: '0, the default, is no limit.',
  },
  'l-threshold': {
    short: 'Number of connections below which there are new ones again',
    more: '0, the default, is three quarters of the upper threshold.',
  },
  connection: { short: 'Show connections' },
  timeout: { short: 'Show the timeouts of connections' },
  daemon: { short: 'Show sync daemons' },
  stats: { short: 'Show totals of connections, packets and bytes' },
  rate: { short: 'Show connections, packets and bytes a second' },
  exact: { short: 'Show large numbers in full' },
  thresholds: { short: 'Show the thresholds of real servers' },
  'persistent-conn': { short: 'Show counts of persistent connections, and the data of persistence engines' },
  'tun-info': { short: 'Show the tunnels of real servers' },
  nosort: { short: "Show entries in the kernel's own order" },
  sort: { short: 'Nothing: sorted is the default' },
  ops: { short: 'One-packet scheduling: each datagram is a connection of its own' },
  numeric: { short: 'Addresses and ports as numbers' },
  'sched-flags': {
    short: 'Flags of the scheduler, separated by commas',
    more: 'The flags of sh and mh go with these schedulers only; flag-1, flag-2 and flag-3 with any.',
  },
  syncid: { short: 'Number that master and backup share, from 0 to 255', more: 'The default is 0.' },
  'sync-maxlen': { short: 'Longest sync message in bytes, from 1 to 65507' },
  'mcast-interface': { short: 'Interface of sync messages', more: 'The default is eth0.' },
  'mcast-group': { short: 'Multicast group of sync messages', more: "The kernel's default is 224.0.0.81." },
  'mcast-port': { short: 'UDP port of sync messages', more: "The kernel's default is 8848." },
  'mcast-ttl': { short: 'Time to live of sync messages', more: "The kernel's default is 1." },
};
