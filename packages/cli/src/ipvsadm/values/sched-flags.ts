/** The comma list of `-b`, as the kernel's scheduler flag bits. */
import { MESSAGES, refuse } from '../language/messages.js';
import { cutBytes } from './text.js';

/** A scheduler flag, its bit, and the only scheduler it goes with. */
export interface SchedulerFlagName {
  readonly name: 'flag-1' | 'flag-2' | 'flag-3' | 'sh-fallback' | 'sh-port' | 'mh-fallback' | 'mh-port';
  readonly bit: number;
  readonly scheduler?: string;
}

/** Every scheduler flag name; the bits are those of the service's flag word. */
export const SCHEDULER_FLAGS: readonly SchedulerFlagName[] = [
  { name: 'flag-1', bit: 0x08 },
  { name: 'flag-2', bit: 0x10 },
  { name: 'flag-3', bit: 0x20 },
  { name: 'sh-fallback', bit: 0x08, scheduler: 'sh' },
  { name: 'sh-port', bit: 0x10, scheduler: 'sh' },
  { name: 'mh-fallback', bit: 0x08, scheduler: 'mh' },
  { name: 'mh-port', bit: 0x10, scheduler: 'mh' },
];

/** Only so many bytes of the list are looked at. */
const LIST_BYTES = 127;

/** The flags of a list, without repetition; `scheduler` is the service's, with the default filled in. */
export function parseSchedulerFlags(list: string, scheduler: string): SchedulerFlagName['name'][] {
  const flags = new Set<SchedulerFlagName['name']>();
  for (const word of cutBytes(list, LIST_BYTES).split(',')) {
    if (word === '') continue;
    const flag = SCHEDULER_FLAGS.find(({ name }) => name === word);
    if (!flag) refuse(MESSAGES.invalidFlag(word));
    if (flag.scheduler !== undefined && flag.scheduler !== scheduler) refuse(MESSAGES.incompatibleFlag(word));
    flags.add(flag.name);
  }
  return [...flags];
}
