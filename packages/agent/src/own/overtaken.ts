import type { Change, Difference } from '@ipvs-ts/ipvs';
import type { SeenService } from './seen.js';

/** The settings that a reading keeps; others are nobody's decision. */
const SETTINGS = new Set([
  'scheduler',
  'flags',
  'onePacket',
  'persistence',
  'weight',
  'forwarding',
  'upperThreshold',
  'lowerThreshold',
  'tunnel',
]);

/**
 * The services that somebody else changed between the reading that a decision rests on and the one that `changes` were
 * planned by. To carry the changes out would undo what the rules of drift were not asked about.
 */
export function overtakenServices(
  changes: readonly Change[],
  from: ReadonlyMap<string, SeenService | undefined>,
): ReadonlySet<string> {
  const added = new Set(changes.flatMap(({ kind, service }) => (kind === 'addService' ? [service] : [])));
  const overtaken = new Set<string>();
  for (const change of changes) {
    const { service } = change;
    if (service !== undefined && isOvertaken(change, from.get(service), added.has(service)))
      overtaken.add(service);
  }
  return overtaken;
}

function isOvertaken(change: Change, seen: SeenService | undefined, added: boolean): boolean {
  if (added) return seen !== undefined;
  const { destination, differences } = change;
  if (destination === undefined) return differ(differences, seen?.options);
  const found = seen?.destinations.get(destination);
  return change.kind === 'addDestination'
    ? seen === undefined || found !== undefined
    : differ(differences, found);
}

/** Whether something that is to be changed was not so in the reading. */
function differ(differences: readonly Difference[], seen: object | undefined): boolean {
  if (seen === undefined) return true;
  const before = seen as Readonly<Record<string, unknown>>;
  return differences.some(
    ({ field, from }) => SETTINGS.has(field) && JSON.stringify(before[field]) !== JSON.stringify(from),
  );
}
