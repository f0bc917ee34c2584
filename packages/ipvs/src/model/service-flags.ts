import type { Report } from '../argument-checks.js';
import { inside, type Place } from '../place.js';

/** The schedulers in the kernel's own tree. */
export const SCHEDULERS = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'fo',
  'ovf',
  'lblc',
  'lblcr',
  'dh',
  'sh',
  'mh',
  'sed',
  'nq',
  'twos',
] as const;

/** The name of a scheduler: one in the kernel's own tree, which editors complete, or any other module `ip_vs_NAME`. */
export type Scheduler = (typeof SCHEDULERS)[number] | 'none' | (string & Record<never, never>);

/** `IP_VS_SVC_F_*`: bits of a service's flag word. */
export const SERVICE_FLAG = {
  persistent: 0x01,
  /** Internal to the kernel: always set in replies, ignored in requests. */
  hashed: 0x02,
  onePacket: 0x04,
  scheduler1: 0x08,
  scheduler2: 0x10,
  scheduler3: 0x20,
} as const;

/** A flag of a scheduler, by its name in ipvsadm. */
export type SchedulerFlag =
  'sh-port' | 'sh-fallback' | 'mh-port' | 'mh-fallback' | 'flag-1' | 'flag-2' | 'flag-3';

/** A scheduler flag, its bit, and the only scheduler that has it; undefined if every scheduler accepts it. */
export interface SchedulerFlagEntry {
  readonly name: SchedulerFlag;
  readonly bit: number;
  readonly scheduler?: string;
}

/**
 * What the bits mean. `sh-fallback`, `mh-fallback`: choose another destination when the hashed one has weight 0.
 * `sh-port`, `mh-port`: hash the source port too.
 */
export const SCHEDULER_FLAG_TABLE: readonly SchedulerFlagEntry[] = [
  { name: 'flag-1', bit: SERVICE_FLAG.scheduler1 },
  { name: 'flag-2', bit: SERVICE_FLAG.scheduler2 },
  { name: 'flag-3', bit: SERVICE_FLAG.scheduler3 },
  { name: 'sh-fallback', bit: SERVICE_FLAG.scheduler1, scheduler: 'sh' },
  { name: 'sh-port', bit: SERVICE_FLAG.scheduler2, scheduler: 'sh' },
  { name: 'mh-fallback', bit: SERVICE_FLAG.scheduler1, scheduler: 'mh' },
  { name: 'mh-port', bit: SERVICE_FLAG.scheduler2, scheduler: 'mh' },
];

const GENERIC = SCHEDULER_FLAG_TABLE.filter(({ scheduler }) => scheduler === undefined);

/** Every flag. */
export const SCHEDULER_FLAGS: readonly SchedulerFlag[] = SCHEDULER_FLAG_TABLE.map(({ name }) => name);

/** Checks that no flag belongs to another scheduler. */
export function checkFlagOwners(
  report: Report,
  place: Place,
  scheduler: string,
  flags: readonly (SchedulerFlag | undefined)[],
): void {
  for (const [index, flag] of flags.entries()) {
    const owner = SCHEDULER_FLAG_TABLE.find(({ name }) => name === flag)?.scheduler;
    if (owner === undefined || owner === scheduler) continue;
    const allowed = `${flag} belongs to the scheduler ${owner}, and the service has ${scheduler}`;
    report.add(inside(place, index), { kind: 'conflict', allowed });
  }
}

/** The bits of flags that were checked. */
export function schedulerFlagBits(flags: readonly SchedulerFlag[]): number {
  return flags.reduce(
    (bits, flag) => bits | (SCHEDULER_FLAG_TABLE.find(({ name }) => name === flag)?.bit ?? 0),
    0,
  );
}

/** The names of the scheduler bits in `bits`, by the scheduler that they are for. */
export function schedulerFlagNames(scheduler: string, bits: number): readonly SchedulerFlag[] {
  if ((bits & 0x38) === 0) return NONE;
  return GENERIC.filter(({ bit }) => (bits & bit) !== 0).map(
    (flag) =>
      SCHEDULER_FLAG_TABLE.find((each) => each.scheduler === scheduler && each.bit === flag.bit)?.name ??
      flag.name,
  );
}

const NONE: readonly SchedulerFlag[] = [];
