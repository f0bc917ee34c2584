import { unknownVerdict, type Verdict } from './judge.js';

/**
 * The verdict on a server that the table already has: in service counts as up, weight 0 as down. The following checks
 * confirm or refute it; until then nothing changes. A server that is down counts as never up, so one pass is enough.
 * `weight`: undefined if the table does not have it.
 */
export function inheritVerdict(weight: number | undefined, now: number): Verdict {
  if (weight === undefined) return unknownVerdict(now);
  return weight > 0
    ? { state: 'up', since: now, everUp: true, failures: 0, passes: 0 }
    : { state: 'down', since: now, everUp: false, failures: 0, passes: 0 };
}
