import { checkChoice, checkInteger, checkOptions } from '../argument-checks.js';
import type { DrainWait } from './verdict.js';

/** A drain under way, as one reading of the destination found it. */
export interface DrainProgress {
  readonly service: string;
  readonly destination: string;
  /** Milliseconds since the drain began. */
  readonly elapsed: number;
  /** What is still waited for. */
  readonly waitingFor: DrainWait;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  /** Persistence templates. */
  readonly persistentConnections: number;
  /** `true`: someone had given it weight again, and it was taken away again. */
  readonly weightTaken: boolean;
  /** Whether the kernel stops sending persistent clients there by itself; undefined where that could not be read. */
  readonly expireQuiescentTemplate: boolean | undefined;
}

/** How long and how closely a drain looks. Times are in milliseconds, 0 to 2147483647. */
export interface DrainTiming {
  /** How long it may take in all; without end by default. ERR_IPVS_DRAIN_TIMEOUT when it is over. */
  readonly timeout?: number | undefined;
  /** Between two readings; 1000 by default. */
  readonly poll?: number | undefined;
  /**
   * UDP and firewall marks: how long no packet must have come before what is left counts as over; 10000 by default.
   * The kernel brings its counters up to date every two seconds, so less than 4000 can see silence where there is none.
   */
  readonly graceUdp?: number | undefined;
  /**
   * TCP and SCTP: how long no packet must have come when no connection is open, but some are being opened or closed;
   * 4000 by default. A connection that one side has closed does not count as open, though the other may still send.
   * The kernel brings its counters up to date every two seconds, so less than 4000 can cut such a one off.
   */
  readonly settle?: number | undefined;
  /** Told of every reading after which there is still something to wait for. */
  readonly onProgress?: ((progress: DrainProgress) => void) | undefined;
}

/** How a destination is drained. */
export interface DrainOptions extends DrainTiming {
  /** Ends the drain with its reason. The destination keeps weight 0. */
  readonly signal?: AbortSignal | undefined;
  /** What becomes of it when it is drained; `delete` by default. `keep`: it stays, with weight 0. */
  readonly then?: 'delete' | 'keep' | undefined;
  /** Drain it even if no other destination of the service has weight. */
  readonly evenLast?: boolean | undefined;
}

/** What a drain came to. */
export interface DrainResult {
  readonly service: string;
  readonly destination: string;
  /** `gone`: someone else deleted it meanwhile. */
  readonly outcome: 'deleted' | 'kept' | 'gone';
  /** The weight that it had. */
  readonly weight: number;
  /** Milliseconds that it took. */
  readonly elapsed: number;
}

const MAX_MS = 0x7fff_ffff;

/** Checks how long and how closely a drain is to look. */
export function checkTiming(path: string, { timeout, poll, graceUdp, settle }: DrainTiming): void {
  if (timeout !== undefined) checkInteger(`${path}.timeout`, timeout, 0, MAX_MS);
  if (poll !== undefined) checkInteger(`${path}.poll`, poll, 0, MAX_MS);
  if (graceUdp !== undefined) checkInteger(`${path}.graceUdp`, graceUdp, 0, MAX_MS);
  if (settle !== undefined) checkInteger(`${path}.settle`, settle, 0, MAX_MS);
}

/** The names of the options of {@link DrainTiming}. */
export const TIMING_OPTIONS: readonly string[] = ['timeout', 'poll', 'graceUdp', 'settle', 'onProgress'];

/** Checks how a destination is to be drained; gives what becomes of it. */
export function checkDrainOptions(options: DrainOptions): 'delete' | 'keep' {
  checkOptions('options', options, [...TIMING_OPTIONS, 'signal', 'then', 'evenLast']);
  checkTiming('options', options);
  return checkChoice('options.then', options.then ?? 'delete', ['delete', 'keep']);
}
