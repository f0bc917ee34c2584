import { unknownVerdict, type Verdict } from './judge.js';

/**
 * The verdict on a server that a table already has: in service counts as up, weight 0 as down. It is proven or refuted
 * by the checks that follow; until then nothing changes. What is down counts as never up: one pass is enough. `weight`: undefined if the table does not have it.
 */
export function inheritVerdict(weight: number | undefined, now: number): Verdict {
  if (weight === undefined) return unknownVerdict(now);
  return weight > 0
    ? { state: 'up', since: now, everUp: true, failures: 0, passes: 0 }
    : { state: 'down', since: now, everUp: false, failures: 0, passes: 0 };
}
