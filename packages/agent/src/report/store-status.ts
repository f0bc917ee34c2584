import type { Rollout } from '../source/rollout.js';

/** What an agent says of the store of its fleet. */
export interface StoreStatus {
  readonly kind: 'etcd';
  readonly prefix: string;
  /** The node in use. */
  readonly endpoint: string;
  /** Whether the last request was answered. */
  readonly connected: boolean;
  /** Milliseconds since the store answered last; null: it has not. */
  readonly age: number | null;
  /** What is wrong: the store is silent, or another director has the same id. */
  readonly problem: string | null;
  /** Which document the fleet follows; null: the store has not said yet. */
  readonly rollout: Pick<Rollout, 'current' | 'candidate' | 'canary' | 'state' | 'reason'> | null;
}
