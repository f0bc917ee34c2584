import type { DestinationState } from '../compose/composed.js';
import type { DirectorRecord } from '../report/director-record.js';
import type { Rollout } from '../source/rollout.js';
import { isRecord } from '../store/gateway-json.js';
import type { KeyValue } from '../store/store.js';

/** A destination that has different states on different directors. */
export interface Disagreement {
  readonly service: string;
  readonly destination: string;
  /** Its state by the id of each director that follows the same document. */
  readonly states: Readonly<Record<string, DestinationState>>;
}

/** The state of a fleet: what `ipvs-ts fleet status --json` prints. */
export interface FleetStatus {
  readonly version: 1;
  /** Null if there is no document yet. */
  readonly rollout: Rollout | null;
  /** The directors that have updated their entry within 15 seconds, by id. */
  readonly directors: readonly DirectorRecord[];
  /** Whether every director follows the revision that it should, and there is at least one. */
  readonly settled: boolean;
  readonly disagreements: readonly Disagreement[];
  /** Whether directors with the same document have destinations in different orders. */
  readonly ordersDiffer: boolean;
}

/** The state of a fleet from its rollout and the entries of its directors. Entries that cannot be read are left out. */
export function fleetStatus(rollout: Rollout | undefined, entries: readonly KeyValue[]): FleetStatus {
  const directors = entries.flatMap(({ value }) => recordOf(value)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const current = directors.filter(({ revision }) => revision !== null && revision === rollout?.current);
  return {
    version: 1,
    rollout: rollout ?? null,
    directors,
    settled: rollout?.state === 'settled' && directors.length > 0 && current.length === directors.length,
    disagreements: disagreementsOf(current),
    ordersDiffer: new Set(current.map(({ order }) => order)).size > 1,
  };
}

function disagreementsOf(directors: readonly DirectorRecord[]): Disagreement[] {
  const names = new Map<string, Set<string>>();
  for (const { out } of directors)
    for (const [service, destinations] of Object.entries(out))
      for (const destination of Object.keys(destinations))
        names.set(service, (names.get(service) ?? new Set()).add(destination));
  return [...names].flatMap(([service, destinations]) =>
    [...destinations].flatMap((destination) => {
      const states = Object.fromEntries(
        directors.map(({ id, out }) => [id, out[service]?.[destination] ?? 'up'] as const),
      );
      return new Set(Object.values(states)).size > 1 ? [{ service, destination, states }] : [];
    }),
  );
}

function recordOf(text: string): DirectorRecord[] {
  try {
    const value: unknown = JSON.parse(text);
    if (
      !isRecord(value) ||
      value['version'] !== 1 ||
      typeof value['id'] !== 'string' ||
      !isRecord(value['out'])
    )
      return [];
    return [value as unknown as DirectorRecord];
  } catch {
    return [];
  }
}
