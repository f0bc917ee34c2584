import type { Connection, Daemon, Info, IpvsError, Sysctls, TableEntry } from '@ipvs-ts/ipvs';
import type { Firewall } from '../../ruleset/read-firewall.js';
import type { ConnectResult } from '../../host.js';
import type { InterfaceAddress } from '../../rtnetlink/address.js';
import type { Link } from '../../rtnetlink/link.js';
import type { Neighbour } from '../../rtnetlink/neighbour.js';
import type { Route } from '../../rtnetlink/route.js';

/** Everything that the checks use, read once. */
export interface Facts {
  /** Why IPVS cannot be used; the facts about services are empty then. */
  readonly failure?: IpvsError | undefined;
  readonly privileged: boolean;
  /** The services to judge, with their destinations. */
  readonly table: readonly TableEntry[];
  /** Keys of named services that do not exist. */
  readonly missing: readonly string[];
  readonly connections: readonly Connection[];
  /** Those of them that have been half-open for at least a second. */
  readonly waiting: ReadonlySet<Connection>;
  /** Keys of services whose half-open connections may be from before a fix. */
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
  /** Clients that were named or have connections. */
  readonly clients: readonly string[];
  readonly firewall: Firewall;
  /** Routes of marked packets to the addresses whose packets are marked, by mark and address: `7 192.0.2.10`. */
  readonly markRoutes: ReadonlyMap<string, Route>;
  /** Whether this host listens for VRRP messages, as keepalived does. */
  readonly vrrp?: boolean | undefined;
  /** Protocols that IPVS has a helper for, such as `ftp`; undefined if that is not known. */
  readonly helpers?: ReadonlySet<string> | undefined;
  /** A value of /proc/sys by its path there. */
  readonly sysctl: (path: string) => string | undefined;
  /** Packets that rp_filter dropped. */
  readonly reversePathDrops: number;
  /** Interfaces of IPv4 routes with a gateway; not read, and empty, without such drops. */
  readonly gatewayLinks: ReadonlySet<number>;
  readonly probed?: Probed | undefined;
}

/** The results of active probes. */
export interface Probed {
  /** By service key, then destination key. */
  readonly destinations: ReadonlyMap<string, ReadonlyMap<string, ConnectResult>>;
  /** Through the virtual address, by service key. */
  readonly services: ReadonlyMap<string, ConnectResult>;
  /** Virtual addresses for which another host answers ARP. */
  readonly taken: readonly string[];
  /** Sync ids received where the backup daemon listens. */
  readonly syncIds?: readonly number[] | undefined;
}
