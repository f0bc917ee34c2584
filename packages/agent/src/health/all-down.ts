/** A destination as the guards see it: declared with a weight, and neither in maintenance nor at a manual 0. */
export interface Candidate {
  readonly name: string;
  /** The declared weight; at least 1. */
  readonly weight: number;
  /** `up`: may be in service. `held`: up, but flapping. */
  readonly state: 'up' | 'held' | 'down' | 'unknown';
  /** Since when it has this state. */
  readonly since: number;
  readonly everUp: boolean;
  /** Whether the table has it with a weight above 0. */
  readonly inService: boolean;
}

/** What is remembered while every destination of a service is down. */
export interface AllDownMemory {
  readonly since: number;
  /** Destinations that were up when it began, which stay in service. */
  readonly kept: readonly string[];
}

/** Milliseconds that a service without any success since it was first seen waits before the rule applies. */
export const PATIENCE = 10_000;

/**
 * Finds out whether every destination of a service is down, and which of them were last up. `window`: the longest time
 * from a failure to its verdict; `firstSight`: when the service was first seen. The destinations to keep are chosen
 * when it begins, and stay the same until one of them is up again.
 */
export function allDown(
  candidates: readonly Candidate[],
  memory: AllDownMemory | undefined,
  { window, firstSight, now }: { readonly window: number; readonly firstSight: number; readonly now: number },
): AllDownMemory | undefined {
  if (candidates.length === 0 || candidates.some(({ state }) => state === 'up' || state === 'held'))
    return undefined;
  const waiting = candidates.some(({ state }) => state === 'unknown');
  if (waiting && memory === undefined && now < firstSight + PATIENCE) return undefined;
  const names = new Set(candidates.map(({ name }) => name));
  const remembered = memory?.kept.filter((name) => names.has(name)) ?? [];
  if (memory !== undefined && remembered.length > 0) {
    return remembered.length === memory.kept.length ? memory : { since: memory.since, kept: remembered };
  }
  return { since: memory?.since ?? now, kept: upLast(candidates, now - window) };
}

/**
 * Destinations that were up since `from` or are in service; all if there is none, since a broken check is more likely
 * then.
 */
function upLast(candidates: readonly Candidate[], from: number): string[] {
  const chosen = candidates.filter(
    ({ inService, everUp, state, since }) => inService || (everUp && state === 'down' && since >= from),
  );
  return (chosen.length > 0 ? chosen : candidates).map(({ name }) => name);
}
