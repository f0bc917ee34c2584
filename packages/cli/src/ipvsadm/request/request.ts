/** The request of one command line, not yet checked against the rules of its command. */
import type { DaemonState, Family, SchedulerFlag, TunnelChecksum } from '@ipvs-ts/ipvs';
import type { CommandName } from '../language/commands.js';
import type { OptionClass } from '../language/options.js';
import type { KnownTunnelType } from '../values/tunnel.js';

/** The virtual service of a command line, with the language's defaults. */
export interface RequestedService {
  /** Absent until there is an address; a fwmark counts as tcp, which matters for look-ups of ports only. */
  protocol: 'tcp' | 'udp' | 'sctp' | undefined;
  family: Family;
  address: string;
  port: number;
  /** 0: the service is an address. */
  fwmark: number;
  scheduler: string;
  flags: readonly SchedulerFlag[];
  /** Seconds; not persistent if absent. */
  persistence: number | undefined;
  /** A dotted mask or a prefix length; the whole address if absent. */
  netmask: string | number | undefined;
  engine: string;
  onePacket: boolean;
}

/** The real server of a command line. */
export interface RequestedServer {
  family: Family;
  address: string;
  port: number;
  forwarding: 'masq' | 'tunnel' | 'route';
  weight: number;
  upperThreshold: number;
  lowerThreshold: number;
  tunnelType: KnownTunnelType;
  tunnelPort: number;
  tunnelChecksum: TunnelChecksum;
}

/** The sync daemon of a command line; the kernel decides absent values. */
interface RequestedDaemon {
  state: DaemonState;
  interface: string;
  syncId: number;
  maxLength?: number;
  group?: string;
  port?: number;
  ttl?: number;
}

/** The request of one command line. */
export interface CommandRequest {
  readonly command: CommandName;
  readonly given: Set<OptionClass>;
  readonly service: RequestedService;
  readonly server: RequestedServer;
  readonly daemon: RequestedDaemon;
  /** The three values of `--set`, in seconds. */
  timeouts: { readonly tcp: number; readonly tcpFin: number; readonly udp: number };
}

/** The default scheduler of a service. */
export const DEFAULT_SCHEDULER = 'wlc';

/** The default interface of a sync daemon. */
export const DEFAULT_INTERFACE = 'eth0';

/** A request with nothing but its command. */
export function emptyRequest(command: CommandName): CommandRequest {
  return {
    command,
    given: new Set(),
    service: {
      protocol: undefined,
      family: 'ipv4',
      address: '0.0.0.0',
      port: 0,
      fwmark: 0,
      scheduler: '',
      flags: [],
      persistence: undefined,
      netmask: undefined,
      engine: '',
      onePacket: false,
    },
    server: {
      family: 'ipv4',
      address: '0.0.0.0',
      port: 0,
      forwarding: 'route',
      weight: 1,
      upperThreshold: 0,
      lowerThreshold: 0,
      tunnelType: 'ipip',
      tunnelPort: 0,
      tunnelChecksum: 'none',
    },
    daemon: { state: 'master', interface: '', syncId: 0 },
    timeouts: { tcp: 0, tcpFin: 0, udp: 0 },
  };
}
