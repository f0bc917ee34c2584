/** What one command line asks for, once its words are read: still unchecked against the command's rules. */
import type { DaemonState, Family, SchedulerFlag, TunnelChecksum } from '@ipvs-ts/ipvs';
import type { CommandName } from '../language/commands.js';
import type { OptionClass } from '../language/options.js';
import type { KnownTunnelType } from '../values/tunnel.js';

/** The virtual service of a command line, with the language's defaults. */
export interface RequestedService {
  /** Absent as long as no address was seen; a fwmark counts as tcp, which only look-ups of ports see. */
  protocol: 'tcp' | 'udp' | 'sctp' | undefined;
  family: Family;
  address: string;
  port: number;
  /** 0: the service is an address. */
  fwmark: number;
  scheduler: string;
  flags: readonly SchedulerFlag[];
  /** Seconds; absent: not persistent. */
  persistence: number | undefined;
  /** A dotted mask or a prefix length; absent: the whole address. */
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

/** The sync daemon of a command line; what is absent is left to the kernel. */
interface RequestedDaemon {
  state: DaemonState;
  interface: string;
  syncId: number;
  maxLength?: number;
  group?: string;
  port?: number;
  ttl?: number;
}

/** What one command line asks for. */
export interface CommandRequest {
  readonly command: CommandName;
  readonly given: Set<OptionClass>;
  readonly service: RequestedService;
  readonly server: RequestedServer;
  readonly daemon: RequestedDaemon;
  /** The three values of `--set`, in seconds. */
  timeouts: { readonly tcp: number; readonly tcpFin: number; readonly udp: number };
}

/** The scheduler of a service that names none. */
export const DEFAULT_SCHEDULER = 'wlc';

/** The interface of a sync daemon that names none. */
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
