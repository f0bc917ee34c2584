import type { Daemon } from '@ipvs-ts/ipvs';
import type { Firewall } from './ruleset/read-firewall.js';
import type { InterfaceAddress } from './rtnetlink/address.js';
import type { Link } from './rtnetlink/link.js';
import type { Neighbour } from './rtnetlink/neighbour.js';
import type { Route } from './rtnetlink/route.js';

/** How an attempt to connect ended. */
export type ConnectResult = 'open' | 'refused' | 'timeout' | 'unreachable';

/** The state of the host around IPVS. All methods only read. */
export interface Host {
  /** The network interfaces. */
  links(): Promise<readonly Link[]>;
  /** The addresses of all interfaces. */
  addresses(): Promise<readonly InterfaceAddress[]>;
  /** The neighbour tables: who answered ARP, and who did not. */
  neighbours(): Promise<readonly Neighbour[]>;
  /** The route of a packet to an address, with a firewall mark if one is passed. */
  route(destination: string, options?: { readonly mark?: number }): Promise<Route>;
  /** The text of a file of /proc/net by its name there (`ip_vs_app`); undefined if the kernel does not have it. */
  net(name: string): string | undefined;
  /** The indexes of the interfaces of IPv4 routes with a gateway. */
  gatewayLinks(): Promise<ReadonlySet<number>>;
  /** A value of /proc/sys by its path there (`net/ipv4/ip_forward`); undefined if the kernel does not have it. */
  sysctl(path: string): string | undefined;
  /** A counter of /proc/net/netstat by its group and name (`TcpExt`, `IPReversePathFilter`). */
  counter(group: string, name: string): number | undefined;
  /** The rules of iptables and nftables, as far as they can be read. */
  firewall(): Promise<Firewall>;
  /** Whether this process has CAP_NET_ADMIN. */
  privileged(): boolean;
  /** Active probes, which use sockets of this process in the network namespace that is surveyed. */
  readonly probes?: Probes | undefined;
}

/** Probes that send packets. */
export interface Probes {
  /** Opens a TCP connection and closes it at once. */
  connect(address: string, port: number): Promise<ConnectResult>;
  /** Whether another host answers ARP for an address of this one; undefined if there is no `arping`. */
  taken(device: string, address: string): Promise<boolean | undefined>;
  /** The sync ids of the messages that arrive within a few seconds where a backup daemon listens. */
  syncIds(daemon: Daemon): Promise<readonly number[]>;
}
