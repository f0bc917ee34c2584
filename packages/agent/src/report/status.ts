import type { DocumentProblem } from '@ipvs-ts/ipvs';
import type { Outcome } from '../check/result.js';
import type { ComposedDestination, DestinationState, Guard } from '../compose/composed.js';
import type { ServiceState } from '../loop/service-state.js';
import type { World } from '../loop/world.js';
import { removalText } from '../source/removal.js';
import type { StoreStatus } from './store-status.js';

/** The state of an agent, as `ipvs-ts status --json` prints it. Times are ISO 8601. */
export interface Status {
  readonly version: 1;
  /** Name of the director. */
  readonly id: string;
  /** Inode of the network namespace whose table it manages, as in `/proc/self/ns/net`. */
  readonly namespace: string;
  /** Whether it only checks and reports, and changes nothing. */
  readonly observes: boolean;
  /** Whether a valid document is in force and every service can accept clients, or is declared to refuse them. */
  readonly fit: boolean;
  /** Why nothing is taken out for a while; null without a doubt. */
  readonly doubt: { readonly until: string; readonly failed: number; readonly up: number } | null;
  readonly document: DocumentStatus;
  /** The store of the fleet; null if the document is from a file. */
  readonly store: StoreStatus | null;
  /** What an operator should change on this host: sentences. */
  readonly warnings: readonly string[];
  readonly services: readonly ServiceStatus[];
}

/** The document in force, and the newest one. */
export interface DocumentStatus {
  /** Whether the newest document has no mistakes. */
  readonly valid: boolean;
  readonly problems: readonly DocumentProblem[];
  /** Revision of the document in force; null if there is none. */
  readonly revision: string | null;
  /** The document that is pending until `agent accept`; null if there is none. */
  readonly pending: {
    readonly revision: string;
    readonly removes: string;
    readonly hold: string | null;
  } | null;
  readonly loadedAt: string | null;
}

/** A service of the document in force. */
export interface ServiceStatus {
  readonly service: string;
  /** Weight in service as a share of the declared weight, from 0 to 1. */
  readonly capacity: number;
  readonly guard: Guard | null;
  readonly destinations: readonly DestinationStatus[];
}

/** A destination and why it is in or out of service. */
export interface DestinationStatus {
  readonly destination: string;
  readonly state: DestinationState;
  readonly declaredWeight: number;
  /** The weight in the table; null if the table does not have it. */
  readonly weight: number | null;
  readonly reason: string;
  readonly since: string;
  readonly checks: readonly CheckStatus[];
}

/** The last result of a check. */
export interface CheckStatus {
  readonly name: string;
  /** Null if it has not run yet. */
  readonly result: Outcome | null;
  readonly reason: string;
  readonly milliseconds: number | null;
  readonly at: string | null;
}

/** The pending document; null if there is none. */
export function pendingStatus(pending: World['pending']): DocumentStatus['pending'] {
  if (pending === undefined) return null;
  const { declared, removal, hold } = pending;
  return { revision: declared.revision, removes: removalText(removal), hold: hold ?? null };
}

/** The status at `now`. `time`: the wall time of a monotonic time, ISO 8601. */
export function statusOf(
  world: World,
  { id, namespace }: { readonly id: string; readonly namespace: string },
  now: number,
  time: (at: number) => string,
  store: StoreStatus | null = null,
): Status {
  const doubt = world.doubt.at(now);
  const { declared, pending, problems, loadedAt } = world;
  return {
    version: 1,
    id,
    namespace,
    observes: world.observe,
    fit: unfitness(world).length === 0,
    doubt: doubt === undefined ? null : { until: time(doubt.until), failed: doubt.failed, up: doubt.up },
    document: {
      valid: problems.length === 0 && world.sourceTried,
      problems,
      revision: declared?.revision ?? null,
      pending: pendingStatus(pending),
      loadedAt: loadedAt === undefined ? null : time(loadedAt),
    },
    store,
    warnings: world.warnings,
    services: [...world.services.values()].map((state) => serviceStatus(world, state, time)),
  };
}

/** Why a director is not fit: sentences; empty if it is. */
export function unfitness(world: World): string[] {
  if (world.kernelProblem !== undefined) return [`the table cannot be read: ${world.kernelProblem}`];
  if (world.declared === undefined) return ['no valid document is in force'];
  const unfit: string[] = [];
  for (const [name, { composed, declared }] of world.services) {
    if (composed?.destinations === undefined || declared.health.whenAllDown === 'refuse') continue;
    if (!composed.destinations.some(({ weight }) => weight > 0))
      unfit.push(`${name} has no destination in service`);
  }
  return unfit;
}

function serviceStatus(world: World, state: ServiceState, time: (at: number) => string): ServiceStatus {
  const { declared, composed } = state;
  const leaving = leavingDestinations(world, state).map(({ since, ...rest }): DestinationStatus => ({
    ...rest,
    state: 'draining',
    declaredWeight: 0,
    since: time(since),
    checks: [],
  }));
  return {
    service: declared.name,
    capacity: composed?.capacity ?? 0,
    guard: composed?.guard ?? null,
    destinations: [
      ...(composed?.destinations ?? []).map((each) => destinationStatus(state, each, time)),
      ...leaving,
    ],
  };
}

function destinationStatus(
  { declared, health, known }: ServiceState,
  { name, state, declaredWeight, reason, since }: ComposedDestination,
  time: (at: number) => string,
): DestinationStatus {
  const checks = declared.destinations?.find((each) => each.name === name)?.checks ?? [];
  const verdicts = health.get(name)?.verdicts ?? [];
  return {
    destination: name,
    state,
    declaredWeight,
    weight: known?.destinations.get(name)?.weight ?? null,
    reason,
    since: time(since),
    checks: checks.map((check, index): CheckStatus => {
      const last = verdicts[index]?.last;
      return {
        name: check.name,
        result: last?.outcome ?? null,
        reason: last?.reason ?? 'not checked yet',
        milliseconds: last?.milliseconds === undefined ? null : Math.round(last.milliseconds * 1000) / 1000,
        at: last === undefined ? null : time(last.at),
      };
    }),
  };
}

/** A destination that is being removed, since the document no longer has it. Times are those of the world. */
export interface Leaving {
  readonly destination: string;
  /** The weight in the table; null if the table does not have it. */
  readonly weight: number | null;
  readonly since: number;
  readonly reason: string;
}

/** Destinations of a service that are being removed. */
export function leavingDestinations(
  { ledger }: World,
  { declared, known, composed }: Pick<ServiceState, 'declared' | 'known' | 'composed'>,
): Leaving[] {
  const listed = new Set(composed?.destinations?.map(({ name }) => name));
  return ledger.destinations(declared.name).flatMap((destination): Leaving[] => {
    const since = ledger.get(declared.name, destination)?.leavingSince;
    if (since === undefined || listed.has(destination)) return [];
    const weight = known?.destinations.get(destination)?.weight ?? null;
    const reason = 'it left the document and waits for its connections to end';
    return [{ destination, weight, since, reason }];
  });
}
