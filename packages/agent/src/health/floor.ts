import type { Candidate } from './all-down.js';

/**
 * The destinations that stay in service although they are down, so that at least `floor` of `declaredWeight` is in
 * service: first those that are still in service, then those that went down last. Destinations that were never up are
 * not chosen. `inService`: the declared weight that is in service anyway.
 */
export function keptByFloor(
  candidates: readonly Candidate[],
  floor: number,
  declaredWeight: number,
  inService: number,
): string[] {
  const missing = floor * declaredWeight - inService;
  if (missing <= 0) return [];
  const order = candidates
    .filter(({ state, everUp }) => (state === 'down' || state === 'held') && everUp)
    .sort((one, other) => Number(other.inService) - Number(one.inService) || other.since - one.since);
  const kept: string[] = [];
  let weight = 0;
  for (const candidate of order) {
    if (weight >= missing) break;
    weight += candidate.weight;
    kept.push(candidate.name);
  }
  return kept;
}
