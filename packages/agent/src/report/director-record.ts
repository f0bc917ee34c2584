import type { DestinationState } from '../compose/composed.js';
import { fingerprint } from '../health/hash.js';
import type { World } from '../loop/world.js';
import { unfitness } from './status.js';

/** The most destinations that a record lists. */
const MOST_NAMED = 500;

/** A director's entry for its fleet. */
export interface DirectorRecord {
  readonly version: 1;
  readonly id: string;
  /** Distinguishes this director from another one with the same id. */
  readonly instance: string;
  /** Version of the program. */
  readonly program: string;
  /** The document in force; null if there is none. */
  readonly revision: string | null;
  readonly fit: boolean;
  readonly doubt: boolean;
  /** Why the newest document did not take effect; null if it did. */
  readonly obstacle: string | null;
  /**
   * Digest of the destinations of all services in the order of the table: if it differs between directors, `mh` and
   * `sh` send the same client to different destinations.
   */
  readonly order: string;
  /** Destinations of the document. */
  readonly destinations: number;
  /** Destinations that are not `up`, with their state, by service: at most 500. */
  readonly out: Readonly<Record<string, Readonly<Record<string, DestinationState>>>>;
}

/** The record of a director. */
export function directorRecord(
  world: World,
  { id, instance, program }: Pick<DirectorRecord, 'id' | 'instance' | 'program'>,
  now: number,
): DirectorRecord {
  const out: Record<string, Record<string, DestinationState>> = {};
  let destinations = 0;
  let named = 0;
  for (const [service, { composed }] of world.services)
    for (const { name, state } of composed?.destinations ?? []) {
      destinations += 1;
      if (state !== 'up' && named++ < MOST_NAMED) (out[service] ??= {})[name] = state;
    }
  return {
    version: 1,
    id,
    instance,
    program,
    revision: world.declared?.revision ?? null,
    fit: unfitness(world).length === 0,
    doubt: world.doubt.at(now) !== undefined,
    obstacle: obstacleOf(world) ?? null,
    order: orderOf(world),
    destinations,
    out,
  };
}

/** Why the newest document did not take effect; undefined if it did, or if there is none. */
export function obstacleOf({ problems, pending }: World): string | undefined {
  const [first] = problems;
  if (first !== undefined) return `the document has mistakes; the first: ${first.message}`;
  return pending === undefined ? undefined : `document ${pending.declared.revision} waits to be accepted`;
}

function orderOf({ services, table }: World): string {
  const names = [...services.keys()].sort();
  const text = names.map((name) => `${name} ${[...(table?.get(name)?.destinations.keys() ?? [])].join(' ')}`);
  return fingerprint(text.join('\n'));
}
