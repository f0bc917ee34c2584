import { checkChoice, checkInteger, checkOptions, checkSignal } from '../argument-checks.js';
import type { DrainWait } from './verdict.js';

/** The progress of a drain, from one reading of the destination. */
export interface DrainProgress {
  readonly service: string;
  readonly destination: string;
  /** Milliseconds since the drain began. */
  readonly elapsed: number;
  /** What the drain is waiting for. */
  readonly waitingFor: DrainWait;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  /** Persistence templates. */
  readonly persistentConnections: number;
  /** `true`: another program had set the weight, and the drain set it to 0 again. */
  readonly weightTaken: boolean;
  /**
   * Whether the kernel sends persistent clients elsewhere (`expire_quiescent_template`); undefined if the setting
   * cannot be read.
   */
  readonly expireQuiescentTemplate: boolean | undefined;
}

/** Times of a drain, in milliseconds, 0 to 2147483647. */
export interface DrainTiming {
  /** Longest duration of the drain, after which it rejects with ERR_IPVS_DRAIN_TIMEOUT; unlimited by default. */
  readonly timeout?: number | undefined;
  /** Time between two readings; 1000 by default. */
  readonly poll?: number | undefined;
  /**
   * UDP and firewall marks: how long there must be no packet before the remaining connections count as ended; 10000 by
   * default. The kernel updates its counters every two seconds, so less than 4000 can mistake activity for silence.
   */
  readonly graceUdp?: number | undefined;
  /**
   * TCP and SCTP: how long there must be no packet when no connection is open but some are opening or closing; 4000 by
   * default. A connection that one side has closed does not count as open, though the other may still send. The kernel
   * updates its counters every two seconds, so less than 4000 can drop such a connection.
   */
  readonly settle?: number | undefined;
  /** Called after each reading that is not the last. */
  readonly onProgress?: ((progress: DrainProgress) => void) | undefined;
}

/** Options of a drain. */
export interface DrainOptions extends DrainTiming {
  /** Ends the drain with its reason. The destination keeps weight 0. */
  readonly signal?: AbortSignal | undefined;
  /** What to do with the drained destination; `delete` by default. `keep`: it stays in the table with weight 0. */
  readonly then?: 'delete' | 'keep' | undefined;
  /** Drain it even if no other destination of the service has weight. */
  readonly evenLast?: boolean | undefined;
}

/** The result of a drain. */
export interface DrainResult {
  readonly service: string;
  readonly destination: string;
  /** `gone`: another program deleted it meanwhile. */
  readonly outcome: 'deleted' | 'kept' | 'gone';
  /** The weight before the drain. */
  readonly weight: number;
  /** Duration in milliseconds. */
  readonly elapsed: number;
}

const MAX_MS = 0x7fff_ffff;

/** Checks the times of a drain. */
export function checkTiming(path: string, { timeout, poll, graceUdp, settle }: DrainTiming): void {
  if (timeout !== undefined) checkInteger(`${path}.timeout`, timeout, 0, MAX_MS);
  if (poll !== undefined) checkInteger(`${path}.poll`, poll, 0, MAX_MS);
  if (graceUdp !== undefined) checkInteger(`${path}.graceUdp`, graceUdp, 0, MAX_MS);
  if (settle !== undefined) checkInteger(`${path}.settle`, settle, 0, MAX_MS);
}

/** The names of the options of {@link DrainTiming}. */
export const TIMING_OPTIONS: readonly string[] = ['timeout', 'poll', 'graceUdp', 'settle', 'onProgress'];

/** Checks the options of a drain; returns what to do with the drained destination. */
export function checkDrainOptions(options: DrainOptions): 'delete' | 'keep' {
  checkOptions('options', options, [...TIMING_OPTIONS, 'signal', 'then', 'evenLast']);
  checkTiming('options', options);
  checkSignal('options.signal', options.signal);
  return checkChoice('options.then', options.then ?? 'delete', ['delete', 'keep']);
}
