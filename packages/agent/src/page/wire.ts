import type { Outcome } from '../check/result.js';
import type { DestinationState, Guard } from '../compose/composed.js';
import type { AgentEvent } from '../report/event-log.js';

/**
 * The messages of an agent to its page. Times are milliseconds of the agent's monotonic clock; a beat has the wall
 * time, so that neither a jump of the wall clock nor the browser's clock changes an age.
 */

/** A destination: name, state, weight in the table (null: not there), declared weight, since when, why. */
export type DestinationRow = readonly [
  name: string,
  state: DestinationState,
  weight: number | null,
  declaredWeight: number,
  since: number,
  reason: string,
];

/** A service without its destinations. */
export interface ServiceHead {
  readonly name: string;
  readonly scheduler: string;
  /** Weight in service as a share of the declared weight, from 0 to 1. */
  readonly capacity: number;
  readonly guard: Guard | null;
}

/** A service and its destinations. */
export interface ServiceRow extends ServiceHead {
  readonly destinations: readonly DestinationRow[];
}

/** A service that changed: `destinations` replaces all of them, `changed` those of the same name. */
export interface ServiceChange extends ServiceHead {
  readonly destinations?: readonly DestinationRow[];
  readonly changed?: readonly DestinationRow[];
}

/** The pending document, or the one in force. */
export interface DocumentHead {
  readonly revision: string | null;
  readonly loadedAt: number | null;
  readonly valid: boolean;
  /** The first mistakes of the newest document, and how many there are. */
  readonly problems: readonly string[];
  readonly problemCount: number;
  readonly pending: {
    readonly revision: string;
    readonly removes: string;
    readonly hold: string | null;
  } | null;
}

/** A maintenance. */
export interface MaintenanceRow {
  readonly service: string;
  readonly destination: string;
  readonly since: number;
  /** Null: until it is ended. */
  readonly until: number | null;
  readonly why: string | null;
  readonly by: string | null;
}

/** The store of the fleet. */
export interface StoreHead {
  readonly endpoint: string;
  readonly connected: boolean;
  readonly problem: string | null;
  readonly current: string | null;
  readonly candidate: string | null;
  readonly canary: string | null;
  readonly state: string | null;
}

/** A director of the fleet. */
export interface DirectorRow {
  readonly id: string;
  readonly revision: string | null;
  readonly fit: boolean;
  readonly doubt: boolean;
  readonly obstacle: string | null;
  readonly destinations: number;
  /** Destinations that are not `up`. */
  readonly out: number;
}

/** The fleet as its store sees it. */
export interface FleetHead {
  readonly directors: readonly DirectorRow[];
  readonly settled: boolean;
  /** The first destinations that have different states on different directors: sentences. */
  readonly disagreements: readonly string[];
  readonly ordersDiffer: boolean;
}

/** The director: everything that does not concern a single service. */
export interface Head {
  readonly id: string;
  readonly version: string;
  /** Whether it only checks and reports, and changes nothing. */
  readonly observe: boolean;
  /** Whether the table was read and the document was tried. */
  readonly ready: boolean;
  readonly fit: boolean;
  /** The first reasons why it is not fit, and how many there are. */
  readonly unfit: readonly string[];
  readonly unfitCount: number;
  readonly doubt: { readonly until: number; readonly failed: number; readonly up: number } | null;
  readonly document: DocumentHead;
  readonly store: StoreHead | null;
  readonly fleet: FleetHead | null;
  readonly warnings: readonly string[];
  /** The first of them, and how many there are. */
  readonly maintenance: readonly MaintenanceRow[];
  readonly maintenanceCount: number;
}

/**
 * Figures of a service: index in the order of services, active and inactive connections, and rates per second; null:
 * not known.
 */
export type Figures = readonly [
  index: number,
  active: number,
  inactive: number,
  connections: number | null,
  inBytes: number | null,
  outBytes: number | null,
];

/** A sample of the table. */
export interface Traffic {
  /** Number of the last step of the history that it fills. */
  readonly step: number;
  /** The figures of services that differ from the last ones. */
  readonly figures: readonly Figures[];
}

/** The times that the page's clock needs. */
export interface Beat {
  readonly now: number;
  /** Wall time in milliseconds since 1970. */
  readonly wall: number;
  /** When the kernel last answered. */
  readonly kernelAt: number;
}

/** The whole content of a page. */
export interface Snapshot {
  readonly head: Head;
  readonly services: readonly ServiceRow[];
  readonly events: readonly AgentEvent[];
  /**
   * Figures of all services, and their connections per second in the last steps, oldest first; absent if none is known.
   */
  readonly traffic: Traffic;
  readonly history: Readonly<Record<string, readonly (number | null)[]>>;
}

/** The changes since the last message. */
export interface Change {
  readonly head?: Head;
  readonly services?: readonly ServiceChange[];
  /** Names of all services in order, if the order changed. */
  readonly order?: readonly string[];
  readonly events?: readonly AgentEvent[];
  readonly traffic?: Traffic;
}

/** The results of a check of a destination. */
export interface CheckDetails {
  readonly name: string;
  readonly result: Outcome | null;
  readonly reason: string;
  readonly milliseconds: number | null;
  readonly at: number | null;
  /** The last results, oldest first: milliseconds of one that passed, -1 failed, -2 no verdict. */
  readonly ticks: readonly number[];
}

/** The details of destinations that are shown. */
export interface DestinationDetails {
  readonly destination: string;
  /** Connections; null: the table does not have it. */
  readonly active: number | null;
  readonly inactive: number | null;
  readonly forwarding: string;
  readonly checks: readonly CheckDetails[];
}

/** Milliseconds of a step of the history, and its steps: five minutes. */
export const STEP = 5000;
export const STEPS = 60;

/** The most events on a page. */
export const MOST_EVENTS = 1000;
