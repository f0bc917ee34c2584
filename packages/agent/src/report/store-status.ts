import type { Rollout } from '../source/rollout.js';

/** The state of the store of a fleet, as an agent sees it. */
export interface StoreStatus {
  readonly kind: 'etcd';
  readonly prefix: string;
  /** The node in use. */
  readonly endpoint: string;
  /** Whether the last request was answered. */
  readonly connected: boolean;
  /** Milliseconds since the store last answered; null if it has not. */
  readonly age: number | null;
  /** What is wrong: the store is silent, or another director has the same id. */
  readonly problem: string | null;
  /** Which document the fleet follows; null if it is not known yet. */
  readonly rollout: Pick<Rollout, 'current' | 'candidate' | 'canary' | 'state' | 'reason'> | null;
}
