/** The comma-separated list of `-b`. */
import type { SchedulerFlag } from '@ipvs-ts/ipvs';
import { SCHEDULER_FLAG_TABLE } from '@ipvs-ts/ipvs/verbs-sync';
import { MESSAGES, refuse } from '../language/messages.js';
import { cutBytes } from './text.js';

/** How many bytes of the list are read. */
const LIST_BYTES = 127;

/** The flags of a list, without repetition; `scheduler` is the service's, with the default filled in. */
export function parseSchedulerFlags(list: string, scheduler: string): SchedulerFlag[] {
  const flags = new Set<SchedulerFlag>();
  for (const word of cutBytes(list, LIST_BYTES).split(',')) {
    if (word === '') continue;
    const flag = SCHEDULER_FLAG_TABLE.find(({ name }) => name === word);
    if (!flag) refuse(MESSAGES.invalidFlag(word));
    if (flag.scheduler !== undefined && flag.scheduler !== scheduler) refuse(MESSAGES.incompatibleFlag(word));
    flags.add(flag.name);
  }
  return [...flags];
}
