import type { Connection, Daemon, Info, IpvsError, Sysctls, TableEntry } from '@ipvs-ts/ipvs';
import type { Firewall } from '../../ruleset/read-firewall.js';
import type { ConnectResult } from '../../host.js';
import type { InterfaceAddress } from '../../rtnetlink/address.js';
import type { Link } from '../../rtnetlink/link.js';
import type { Neighbour } from '../../rtnetlink/neighbour.js';
import type { Route } from '../../rtnetlink/route.js';

/** All that the checks look at, read once. */
export interface Facts {
  /** Why IPVS cannot be talked to; the facts about services are empty then. */
  readonly failure?: IpvsError | undefined;
  readonly privileged: boolean;
  /** The services to judge, with their destinations. */
  readonly table: readonly TableEntry[];
  /** Keys of services that were asked for and are not there. */
  readonly missing: readonly string[];
  readonly connections: readonly Connection[];
  /** Those of them that have been half-open for a second and longer. */
  readonly waiting: ReadonlySet<Connection>;
  /** Keys of services whose half-open connections may be of the time before a fix. */
  readonly fixed?: ReadonlySet<string> | undefined;
  readonly settings: Sysctls;
  readonly daemons: readonly Daemon[];
  readonly info?: Info | undefined;
  readonly links: readonly Link[];
  readonly addresses: readonly InterfaceAddress[];
  readonly neighbours: readonly Neighbour[];
  /** Routes to virtual addresses, destinations and clients, by address. */
  readonly routes: ReadonlyMap<string, Route>;
  /** Clients that were named. */
  readonly asked: readonly string[];
  /** Clients that were named, or have connections. */
  readonly clients: readonly string[];
  readonly firewall: Firewall;
  /** Routes of marked packets to addresses that a mark is set for, by mark and address: `7 192.0.2.10`. */
  readonly markRoutes: ReadonlyMap<string, Route>;
  /** Whether this host listens to VRRP, as keepalived does. */
  readonly vrrp?: boolean | undefined;
  /** Protocols that IPVS helps with, such as `ftp`; undefined if it is not known. */
  readonly helpers?: ReadonlySet<string> | undefined;
  /** A value of /proc/sys by its path there. */
  readonly sysctl: (path: string) => string | undefined;
  /** Packets that rp_filter dropped. */
  readonly reversePathDrops: number;
  /** Interfaces that IPv4 routes leave by towards routers; not looked at, and empty, without such drops. */
  readonly gatewayLinks: ReadonlySet<number>;
  readonly probed?: Probed | undefined;
}

/** What active questions gave. */
export interface Probed {
  /** By service key, then destination key. */
  readonly destinations: ReadonlyMap<string, ReadonlyMap<string, ConnectResult>>;
  /** Through the virtual address, by service key. */
  readonly services: ReadonlyMap<string, ConnectResult>;
  /** Virtual addresses for which another host answers ARP. */
  readonly taken: readonly string[];
  /** Sync ids heard where the backup daemon listens. */
  readonly syncIds?: readonly number[] | undefined;
}
