import type { CheckResult } from '../check/result.js';
import { type DestinationHealth, shareOf, withVerdicts } from '../health/destination-health.js';
import { judge, sameVerdict, type Verdict } from '../health/judge.js';
import { composeSpaced } from './composing.js';
import type { World } from './world.js';

/** Handles the end of a check: judges every destination that uses it, and plans its next run. */
export function checked(world: World, key: string, result: CheckResult, now: number): void {
  const finished = world.probes.finished(key);
  if (finished === undefined) return;
  const { probe, subscribers } = finished;
  for (const text of world.unjudged.note(result, 2 * world.longestInterval, now))
    world.report({ at: now, kind: 'warning', text });
  const after: Verdict[] = [];
  for (const { service, destination, index } of subscribers) {
    const state = world.services.get(service);
    const health = state?.health.get(destination);
    const verdict = health?.verdicts[index];
    if (state === undefined || health === undefined || verdict === undefined) continue;
    const next = judge(verdict, probe.check, result, now);
    after.push(next);
    watchDoubt(world, probe.address, service, health, result, now);
    const verdicts = health.verdicts.with(index, next);
    const updated = withVerdicts(health, verdicts, now);
    state.health.set(destination, updated);
    if (sameVerdict(verdict, next)) continue;
    world.emit({ kind: 'save', now: false });
    if (updated.state === health.state && verdict.share === next.share) continue;
    countUp(world, probe.address, health, updated);
    if (bringsIn(health, updated)) composeSpaced(world, state, now);
    else world.dirty.add(service);
  }
  world.probes.plan(key, after, now);
}

/** Whether a change can only bring more weight into service. */
function bringsIn(before: DestinationHealth, after: DestinationHealth): boolean {
  return after.state === 'up' && (before.state !== 'up' || shareOf(after) >= shareOf(before));
}

/** Updates the number of addresses that are up. */
export function countUp(
  world: World,
  address: string,
  before: Pick<DestinationHealth, 'state'> | undefined,
  after: Pick<DestinationHealth, 'state'> | undefined,
): void {
  const was = before?.state === 'up';
  const is = after?.state === 'up';
  if (was !== is) world.doubt.count(address, is ? 1 : -1);
}

function watchDoubt(
  world: World,
  address: string,
  service: string,
  { state }: DestinationHealth,
  result: CheckResult,
  now: number,
): void {
  if (result.outcome === 'no verdict') return;
  if (result.outcome === 'passed' || result.refused === true) {
    world.doubt.passed(address);
    return;
  }
  if (state !== 'up') return;
  const doubt = world.doubt.failed(address, service, world.longestInterval, now);
  if (doubt === undefined) return;
  world.report({
    at: now,
    kind: 'doubt',
    text: `${doubt.failed} of ${doubt.up} addresses failed at once, so the checks are doubtful and nothing is taken out for ${Math.round((doubt.until - now) / 1000)} s`,
  });
  for (const name of world.services.keys()) world.dirty.add(name);
  world.emit({ kind: 'save', now: false });
}
