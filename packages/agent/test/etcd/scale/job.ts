/** What the program that measures a fleet and the processes of its directors say to each other. */
import type { EtcdSettings } from '@ipvs-ts/agent';

/** The directors of one process. */
export interface Job {
  readonly ids: readonly string[];
  readonly etcd: EtcdSettings;
  /** For their files. */
  readonly folder: string;
}

/** What is asked of such a process. `changes`: wait until each table had so many changes since the last question. */
export type Question = { readonly changes: number } | 'cost' | 'end';

/** What a process has used since it started. */
export interface Cost {
  /** CPU of user and system, in milliseconds. */
  readonly cpu: number;
  /** Resident memory, in bytes. */
  readonly memory: number;
}
