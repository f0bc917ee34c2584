import { checkChoice, checkOptions, wrongType } from '../argument-checks.js';
import type { Consistency, ReadOptions } from '../calls/read-table.js';
import { parseServiceKey, serviceKeyText, type ServiceName } from '../model/key.js';
import { checkTiming, type DrainTiming, TIMING_OPTIONS } from '../drain/options.js';

/**
 * What to remove if the document does not list it. `destinations`: destinations of services in the document. `all`:
 * also other services, and sync daemons if the document has any. `none`: nothing.
 */
export type Prune = 'destinations' | 'none' | 'all';

/** Options of comparing the desired with the current state. */
export interface PlanOptions extends ReadOptions {
  /** `destinations` by default. */
  readonly prune?: Prune | undefined;
  /**
   * Whether to keep the weights of existing destinations, as set by an operator or a health checker. A list: only for
   * the services with these keys.
   */
  readonly keepWeights?: boolean | readonly string[] | undefined;
}

/** The progress of planning. */
export interface PlanProgress {
  /** Services of `total` that were read, with their destinations where those are compared. */
  readonly read: number;
  /** The number of services. */
  readonly total: number;
}

/** Options of a plan. */
export interface DrainingPlanOptions extends PlanOptions {
  /**
   * Drain destinations before their removal, so that no connections are dropped: `true`, or the times of the drains.
   */
  readonly drain?: boolean | DrainTiming | undefined;
  /** Called with the progress of the reading: for large tables after every thousand services. */
  readonly onProgress?: ((progress: PlanProgress) => void) | undefined;
}

const PRUNE = ['destinations', 'none', 'all'] as const;
const CONSISTENCY = ['single', 'verified'] as const;

/** The options with their defaults filled in. `drain`: undefined if destinations are not drained. */
export interface CheckedPlanOptions {
  readonly prune: Prune;
  /** Whether to keep the weights of a service. */
  readonly keepsWeights: (service: string) => boolean;
  readonly consistency: Consistency;
  readonly drain: DrainTiming | undefined;
  readonly onProgress: ((progress: PlanProgress) => void) | undefined;
}

/** Checks the options of a plan. `canDrain`: whether destinations can be drained. */
export function checkPlanOptions(options: DrainingPlanOptions, canDrain: boolean): CheckedPlanOptions {
  const known = ['prune', 'keepWeights', 'consistency', ...(canDrain ? ['drain', 'onProgress'] : [])];
  checkOptions('options', options, known);
  const { keepWeights = false, drain = false, onProgress } = options;
  const prune = checkChoice('options.prune', options.prune ?? 'destinations', PRUNE);
  const keepsWeights = weightKeeper(keepWeights);
  const consistency = checkChoice('options.consistency', options.consistency ?? 'single', CONSISTENCY);
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw wrongType('options.onProgress', 'a function', onProgress);
  const checked = { prune, keepsWeights, consistency, onProgress };
  if (typeof drain === 'boolean') return { ...checked, drain: drain ? {} : undefined };
  checkOptions('options.drain', drain, TIMING_OPTIONS);
  checkTiming('options.drain', drain);
  return { ...checked, drain };
}

function weightKeeper(keepWeights: unknown): (service: string) => boolean {
  if (typeof keepWeights === 'boolean') return () => keepWeights;
  if (!Array.isArray(keepWeights))
    throw wrongType('options.keepWeights', 'a boolean, or an array of keys of services', keepWeights);
  const keys = new Set(
    keepWeights.map((each: unknown, index) =>
      serviceKeyText(parseServiceKey(each as ServiceName, `options.keepWeights[${index}]`)),
    ),
  );
  return (service) => keys.has(service);
}
