import { conflict, outOfRange, wrongType } from '../argument-checks.js';

/** `IP_VS_SVC_F_*`: bits of a service's flag word. */
export const SERVICE_FLAG = {
  persistent: 0x01,
  /** Internal to the kernel: always set in replies, not looked at in requests. */
  hashed: 0x02,
  onePacket: 0x04,
  scheduler1: 0x08,
  scheduler2: 0x10,
  scheduler3: 0x20,
} as const;

/** A flag that a scheduler looks at, by the name that ipvsadm gives it. */
export type SchedulerFlag =
  'sh-port' | 'sh-fallback' | 'mh-port' | 'mh-fallback' | 'flag-1' | 'flag-2' | 'flag-3';

/**
 * What the bits mean to the schedulers that own them. `sh-fallback`, `mh-fallback`: choose another destination when
 * the hashed one has weight 0. `sh-port`, `mh-port`: hash the source port too.
 */
const OWNED: Readonly<Record<string, readonly (readonly [flag: SchedulerFlag, bit: number])[]>> = {
  sh: [
    ['sh-fallback', SERVICE_FLAG.scheduler1],
    ['sh-port', SERVICE_FLAG.scheduler2],
  ],
  mh: [
    ['mh-fallback', SERVICE_FLAG.scheduler1],
    ['mh-port', SERVICE_FLAG.scheduler2],
  ],
};

const GENERIC: readonly (readonly [flag: SchedulerFlag, bit: number])[] = [
  ['flag-1', SERVICE_FLAG.scheduler1],
  ['flag-2', SERVICE_FLAG.scheduler2],
  ['flag-3', SERVICE_FLAG.scheduler3],
];

const ALL = [...GENERIC, ...Object.values(OWNED).flat()];

/** Every flag. */
export const SCHEDULER_FLAGS: readonly SchedulerFlag[] = ALL.map(([name]) => name);

/** The bits of `flags` for `scheduler`. `strict`: refuses the flags of another scheduler. */
export function schedulerFlagBits(
  scheduler: string,
  flags: readonly SchedulerFlag[],
  strict: boolean,
): number {
  if (!Array.isArray(flags)) throw wrongType('options.flags', 'an array of scheduler flags', flags);
  return (flags as readonly unknown[]).reduce<number>((bits, flag, index) => {
    const path = `options.flags[${index}]`;
    const known = ALL.find(([name]) => name === flag);
    if (known === undefined) throw outOfRange(path, `one of ${SCHEDULER_FLAGS.join(', ')}`, flag);
    const owner = Object.keys(OWNED).find((name) => OWNED[name]?.some(([owned]) => owned === flag) === true);
    if (strict && owner !== undefined && owner !== scheduler) {
      throw conflict(path, `${known[0]} belongs to the scheduler ${owner}, and the service has ${scheduler}`);
    }
    return bits | known[1];
  }, 0);
}

/** The names of the scheduler bits in `bits`, by the scheduler that they are for. */
export function schedulerFlagNames(scheduler: string, bits: number): readonly SchedulerFlag[] {
  if ((bits & 0x38) === 0) return NONE;
  const owned = OWNED[scheduler] ?? [];
  return GENERIC.filter(([, bit]) => (bits & bit) !== 0).map(
    ([name, bit]) => owned.find(([, ownedBit]) => ownedBit === bit)?.[0] ?? name,
  );
}

const NONE: readonly SchedulerFlag[] = [];
