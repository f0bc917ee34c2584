import type { DestinationOptions } from '../model/destination.js';
import type { LocatedDestination, LocatedService } from '../model/key.js';
import type { ServiceOptions } from '../model/service.js';
import type { DestinationSettings, ServiceSettings } from '../model/settings.js';
import type { DaemonOptions, DaemonState } from '../model/sync-daemon.js';
import type { TimeoutOptions } from '../model/timeouts.js';

/** The desired state of a service. Absent fields take their defaults. */
export interface DesiredService extends ServiceOptions {
  /**
   * Whether to leave the options of the service as they are if it exists; the options here apply only if it has to be
   * added. Its destinations are changed as declared. False by default.
   */
  readonly preserve?: boolean | undefined;
  /** All destinations by name: `10.0.0.11:443`. `{}`: none. If absent, the current ones are left as they are. */
  readonly destinations?: Readonly<Record<string, DestinationOptions>> | undefined;
}

/** The desired state of a sync daemon; the name that it is listed under says whether it is master or backup. */
export type DesiredDaemon = Omit<DaemonOptions, 'state'>;

/** The desired state of sync daemons: at most one master and one backup. */
export type DesiredDaemons = Readonly<Partial<Record<DaemonState, DesiredDaemon | undefined>>>;

/** The desired state: the argument of `plan`, and the contents of a document. */
export interface DesiredState {
  /** Services by name: `tcp:192.0.2.10:443`, `udp:[2001:db8::10]:53`, `fwmark:7`, `fwmark6:7`. */
  readonly services: Readonly<Record<string, DesiredService>>;
  /** Timeouts in seconds; those left out or 0 stay as they are. */
  readonly timeouts?: TimeoutOptions | undefined;
  /** Sync daemons; an absent one stays as it is, unless `prune` is `all`. */
  readonly daemons?: DesiredDaemons | undefined;
}

/** A service of a checked document. */
export interface CheckedService {
  /** Its name as the document spells it. */
  readonly name: string;
  readonly located: LocatedService;
  /** Whether an existing service keeps its options. */
  readonly preserve: boolean;
  readonly settings: ServiceSettings;
  /** By the texts of their keys; undefined if the document does not mention them. */
  readonly destinations: ReadonlyMap<string, CheckedDestination> | undefined;
}

/** A destination of a checked document. */
export interface CheckedDestination {
  readonly located: LocatedDestination;
  readonly settings: DestinationSettings;
}

/** A document without mistakes, in canonical form. */
export interface CheckedDocument {
  readonly services: ReadonlyMap<string, CheckedService>;
  readonly timeouts: TimeoutOptions | undefined;
  readonly daemons: DesiredDaemons | undefined;
}

/** A destination of a document while it is checked. */
interface FillableDestination {
  readonly options: DestinationOptions;
  located: LocatedDestination | undefined;
  settings: DestinationSettings | undefined;
}

/** A service of a document while it is checked. */
interface FillableService {
  readonly name: string;
  readonly options: ServiceOptions;
  readonly preserve: false;
  readonly destinations: ReadonlyMap<string, FillableDestination>;
  located: LocatedService | undefined;
  settings: ServiceSettings | undefined;
}

/** Services and their destinations, by the texts of their keys. The check completes them. */
export type FillableServices = ReadonlyMap<string, FillableService>;
