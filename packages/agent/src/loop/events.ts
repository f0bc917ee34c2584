import type { DesiredState, DocumentProblem } from '@ipvs-ts/ipvs';
import type { CheckResult } from '../check/result.js';
import type { Probe } from '../check/probe.js';
import type { Declared, Globals } from '../declared/declared.js';
import type { ExpirySettings } from '../health/sysctl-advice.js';
import type { SeenService } from '../own/seen.js';
import type { DirectChange } from './direct-changes.js';

/** Services in a reading of the table; undefined for those that do not exist. */
export type Seen = ReadonlyMap<string, SeenService | undefined>;

/** An event for the loop. */
export type LoopEvent =
  /** The time of the last `wake`. */
  | { readonly kind: 'tick' }
  /** The source has a document without mistakes. */
  | {
      readonly kind: 'document';
      readonly declared: Declared;
      /** Whether there is no limit on what it removes; false by default. */
      readonly allowRemovals?: boolean | undefined;
      /** Why it is pending regardless of what it removes; undefined if it is not. */
      readonly hold?: string | undefined;
    }
  /** The source has a document with mistakes, or none. The document in force stays. */
  | {
      readonly kind: 'document problems';
      readonly revision: string;
      readonly problems: readonly DocumentProblem[];
    }
  /** The table was read. `all`: the whole table. */
  | {
      readonly kind: 'looked';
      readonly all: boolean;
      readonly seen: Seen;
      /** Settings of the kernel, read with the whole table. */
      readonly expiry: ExpirySettings;
      /** The changes that would make timeouts and sync daemons as declared; absent if they were not requested. */
      readonly globals?: readonly string[] | undefined;
    }
  /** The table could not be read. */
  | { readonly kind: 'look failed'; readonly reason: string }
  /** A check has ended. */
  | { readonly kind: 'checked'; readonly probe: string; readonly result: CheckResult }
  /**
   * Changes were sent. `seen`: the services after them. `overtaken`: services that somebody else changed between the
   * reading and the change, so that nothing was sent for them.
   */
  | {
      readonly kind: 'applied';
      readonly overtaken: readonly string[];
      readonly changes: readonly string[];
      readonly failures: readonly string[];
      readonly seen: Seen;
    }
  /**
   * The kernel answered a `send`: one outcome for each change. `overtaken`: somebody else added or deleted it before.
   */
  | {
      readonly kind: 'sent';
      readonly service: string;
      readonly outcomes: readonly SendOutcome[];
    }
  /** A drain has ended. */
  | {
      readonly kind: 'drained';
      readonly service: string;
      readonly destination: string;
      readonly outcome: 'deleted' | 'gone' | 'stopped' | 'failed';
      /** Connections that it had when it was deleted. */
      readonly left: number;
      readonly reason?: string | undefined;
    }
  /** The programs that may be the other writer. */
  | { readonly kind: 'writers'; readonly programs: readonly string[] };

/** The outcome of a change that was sent without a new reading. */
export type SendOutcome = 'done' | 'overtaken' | { readonly failed: string };

/** What is counted: once by default. */
export interface CountedEffect {
  readonly metric: 'transitions' | 'foreign changes' | 'changes';
  readonly labels: Readonly<Record<string, string>>;
  readonly by?: number | undefined;
}

/** An effect, which the driver performs. Effects are performed in order. */
export type Effect =
  /** Run a check, and report `checked`. */
  | { readonly kind: 'check'; readonly probe: Probe }
  /** Read the table, whole or some services, and report `looked` or `look failed`. */
  | {
      readonly kind: 'look';
      readonly services: readonly string[] | 'all';
      /** Timeouts and sync daemons to compare with the kernel's. */
      readonly globals?: Globals | undefined;
    }
  /** Send changes of a service at once, in one send, and report `sent`. */
  | { readonly kind: 'send'; readonly service: string; readonly changes: readonly DirectChange[] }
  /**
   * Make the table so, and report `applied`. `from`: what the decision rests on. Deletions follow the other changes; a
   * service is deleted only while it has no destinations.
   */
  | {
      readonly kind: 'apply';
      readonly desired: DesiredState;
      readonly from: Seen;
      readonly deleteDestinations: readonly { readonly service: string; readonly destination: string }[];
      readonly deleteServices: readonly string[];
    }
  /** Drain and delete a destination, and report `drained`. `timeout`: milliseconds. */
  | {
      readonly kind: 'drain';
      readonly service: string;
      readonly destination: string;
      readonly timeout: number;
    }
  /** Stop a drain because the destination is declared again. */
  | { readonly kind: 'stop drain'; readonly service: string; readonly destination: string }
  /** Write the state. `now`: before the next effect. */
  | { readonly kind: 'save'; readonly now: boolean }
  | { readonly kind: 'report'; readonly happening: Happening }
  /** Count something for the metrics. */
  | ({ readonly kind: 'count' } & CountedEffect)
  /** Look for programs that also change the table, and report `writers`. */
  | { readonly kind: 'find writers' }
  /** Report `tick` at this time, instead of the time before. */
  | { readonly kind: 'wake'; readonly at: number };

/** An event for operators. Times are milliseconds of a monotonic clock. */
export interface Happening {
  readonly at: number;
  readonly kind: HappeningKind;
  readonly service?: string | undefined;
  readonly destination?: string | undefined;
  /** A sentence without a full stop. */
  readonly text: string;
}

/** The kinds of {@link Happening}. */
export type HappeningKind =
  | 'started'
  | 'document'
  | 'document problems'
  | 'document pending'
  | 'state'
  | 'guard'
  | 'doubt'
  | 'drift'
  | 'changes'
  | 'drained'
  | 'maintenance'
  | 'store'
  | 'fitness'
  | 'kernel'
  | 'warning';
