import type { DocumentProblem } from '@ipvs-ts/ipvs';
import type { Declared } from '../declared/declared.js';
import type { ComposedService } from '../compose/composed.js';
import { DoubtWatch } from '../health/doubt.js';
import { DueQueue } from '../health/schedule.js';
import type { ExpirySettings } from '../health/sysctl-advice.js';
import { type Maintenance, Overrides } from '../override/maintenance.js';
import { Ledger } from '../own/ledger.js';
import type { SeenService } from '../own/seen.js';
import { Conflicts } from '../own/conflicts.js';
import type { Removal } from '../source/removal.js';
import type { Tolerated } from './desired.js';
import type { DirectChange } from './direct-changes.js';
import type { CountedEffect, Effect, Happening } from './events.js';
import { ProbeSet } from './probe-set.js';
import type { SavedState } from './saved-state.js';
import type { ServiceState } from './service-state.js';
import { Unjudged } from '../health/unjudged.js';

/** Options of a loop. */
export interface LoopOptions {
  /** Name of this director: phases of checks depend on it. */
  readonly id: string;
  /** Whether it only checks and reports, and changes nothing. */
  readonly observe?: boolean | undefined;
  /** The most checks at a time for which this process has descriptors; the document may allow fewer. */
  readonly mostInFlight?: number | undefined;
  /** The state that was saved before a restart. */
  readonly saved?: SavedState | undefined;
  /** Maintenance that was saved before a restart. */
  readonly maintenance?: readonly Maintenance[] | undefined;
}

/** A pending document, which an operator must accept. */
export interface Pending {
  readonly declared: Declared;
  readonly removal: Removal;
  /** Why it is pending, if not because of what it removes. */
  readonly hold: string | undefined;
}

const DEFAULT_LIMITS = { inFlight: 4000, startsPerSecond: 4000 };

/** The whole state of an agent, and the effects of the current event. Times are milliseconds of a monotonic clock. */
export class World {
  readonly observe: boolean;
  readonly mostInFlight: number;
  readonly startedAt: number;
  readonly saved: SavedState | undefined;
  readonly ledger: Ledger;
  readonly overrides = new Overrides();
  readonly doubt: DoubtWatch;
  readonly conflicts = new Conflicts();
  readonly unjudged = new Unjudged();
  readonly tolerance = new Map<string, Tolerated>();
  readonly probes: ProbeSet;
  /** The services of the document in force. */
  readonly services = new Map<string, ServiceState>();
  /** When services change by time alone. */
  readonly wakes = new DueQueue();
  /** Services to compose later, with all their changes until then. */
  readonly soon = new DueQueue();
  /** The least time between two compositions of a service for changes that bring destinations into service. */
  spacing = 0;

  /** The document in force. */
  declared: Declared | undefined;
  loadedAt: number | undefined;
  /** A document that takes effect at the next reading of the whole table. */
  next: Declared | undefined;
  pending: Pending | undefined;
  /** The mistakes in the newest document; empty if it has none. */
  problems: readonly DocumentProblem[] = [];
  problemRevision: string | undefined;
  /** Whether the source was read, or tried, at least once. */
  sourceTried = false;

  /** The table at its last whole reading, updated by later partial ones. */
  table: Map<string, SeenService> | undefined;
  expiry: ExpirySettings = { expiresTemplates: undefined, expiresConnections: undefined };
  /** What an operator should change on this host: sentences. */
  warnings: readonly string[] = [];
  /** The longest interval of the checks in force. */
  longestInterval = 5000;

  /** Services to compose. */
  readonly dirty = new Set<string>();
  /** Services to apply. */
  readonly unapplied = new Set<string>();
  /** Destinations that are being drained, by subject. */
  readonly draining = new Set<string>();
  /** Whether the timeouts and sync daemons of the document must be applied. */
  globalsDue = false;
  /** Whether they are part of what is being applied. */
  globalsSent = false;
  /** Whether those of the document in force were applied. */
  globalsApplied = false;
  /** Whether a change of them by others was reported and left. */
  globalsReported = false;
  kernel: 'idle' | 'looking' | 'applying' = 'idle';
  /** What is being applied. */
  applying = new Map<string, ComposedService>();
  /** Direct changes that are not answered yet, by service. */
  readonly sending = new Map<string, readonly DirectChange[]>();
  /** Destinations of which something was sent since the last look began, by service: it may not show that. */
  readonly touched = new Map<string, Set<string>>();
  nextLook = -Infinity;
  /** Nothing is sent before this time. */
  retryAt = -Infinity;
  retryPause = 0;
  /** Why the table cannot be read or changed; undefined if it can. */
  kernelProblem: string | undefined;

  effects: Effect[] = [];

  constructor(options: LoopOptions, now: number) {
    this.observe = options.observe ?? false;
    this.mostInFlight = options.mostInFlight ?? Infinity;
    this.startedAt = now;
    this.saved = options.saved;
    this.ledger = new Ledger(options.saved?.ledger);
    this.doubt = new DoubtWatch(options.saved?.doubt);
    this.probes = new ProbeSet(options.id, DEFAULT_LIMITS, now);
    for (const each of options.maintenance ?? []) this.overrides.start(each);
  }

  emit(effect: Effect): void {
    this.effects.push(effect);
  }

  report(happening: Happening): void {
    this.emit({ kind: 'report', happening });
  }

  count(metric: CountedEffect['metric'], labels: CountedEffect['labels'], by?: number): void {
    this.emit({ kind: 'count', metric, labels, ...(by !== undefined && { by }) });
  }

  /** Something is being sent, or was: a look that began before the answer may not show it. */
  touch(service: string, changes: readonly DirectChange[]): void {
    const touched = this.touched.get(service) ?? new Set();
    for (const { destination } of changes) touched.add(destination);
    this.touched.set(service, touched);
  }

  /** Whether the last look may not show what was sent of a destination. */
  isTouched(service: string, destination: string): boolean {
    return this.touched.get(service)?.has(destination) === true;
  }

  /** The destinations whose weight 0 was set by hand, and since when. */
  manualZeros(service: string, now: number): Map<string, number> {
    const zeros = new Map<string, number>();
    for (const destination of this.ledger.destinations(service)) {
      const entry = this.ledger.get(service, destination);
      if (entry?.zero === 'manual') zeros.set(destination, entry.manualSince ?? now);
    }
    return zeros;
  }
}
