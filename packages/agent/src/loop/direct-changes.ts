import type { DestinationOptions } from '@ipvs-ts/ipvs';
import type { ComposedDestination } from '../compose/composed.js';
import type { SeenDestination, SeenService } from '../own/seen.js';
import type { Ledger } from '../own/ledger.js';
import { subjectOf, type Tolerance } from './desired.js';
import type { ServiceState } from './service-state.js';

/** A change of one destination that is sent without a new reading. */
export interface DirectChange {
  readonly verb: 'add' | 'set' | 'delete';
  readonly destination: string;
  /** All settings of the destination after the change; unused by `delete`. */
  readonly options: DestinationOptions;
  /** The change as text. */
  readonly text: string;
}

/** The order in which nothing is taken out before its replacement is in service. */
const ORDER = { add: 0, in: 1, out: 2, delete: 3 } as const;
type Step = keyof typeof ORDER;

/**
 * What verdicts change in a service, as far as it can be sent at once by what is known of the table: taking out what is
 * in service, and bringing in what the agent itself took out. Neither undoes a change that somebody else made since the
 * table was read, weight 0 by hand included. All else needs a fresh reading.
 */
export function directChanges(
  { declared: { name: service }, composed, known }: ServiceState,
  ledger: Ledger,
  tolerance: Tolerance,
  now: number,
): readonly DirectChange[] {
  if (known === undefined || composed?.destinations === undefined) return [];
  const steps = composed.destinations.flatMap((each) => {
    if ((tolerance.get(subjectOf(service, each.name))?.until ?? 0) > now) return [];
    const entry = ledger.get(service, each.name);
    if (entry?.leavingSince !== undefined) return [];
    const seen = known.destinations.get(each.name);
    const step = stepOf(each, seen, entry === undefined ? 'foreign' : entry.zero);
    return step === undefined ? [] : [{ step, change: changeOf(service, step, each, seen) }];
  });
  return steps.sort((one, other) => ORDER[one.step] - ORDER[other.step]).map(({ change }) => change);
}

function stepOf(
  { present, weight }: ComposedDestination,
  seen: SeenDestination | undefined,
  owner: 'foreign' | 'own' | 'manual' | undefined,
): Step | undefined {
  if (seen === undefined) return present && weight > 0 ? 'add' : undefined;
  if (owner === 'foreign' || owner === 'manual') return undefined;
  if (!present) return 'delete';
  if (seen.weight > 0 && weight === 0) return 'out';
  return seen.weight === 0 && weight > 0 && owner === 'own' ? 'in' : undefined;
}

function changeOf(
  service: string,
  step: Step,
  { name: destination, options, weight }: ComposedDestination,
  seen: SeenDestination | undefined,
): DirectChange {
  const what = `destination ${destination} of service ${service}`;
  if (step === 'delete') return { verb: 'delete', destination, options: {}, text: `delete ${what}` };
  if (seen === undefined || step === 'add')
    return {
      verb: 'add',
      destination,
      options: { ...options, weight },
      text: `add ${what}: weight ${weight}`,
    };
  // A request sets everything: only the weight may differ from the table.
  const { forwarding, upperThreshold, lowerThreshold, tunnel } = seen;
  return {
    verb: 'set',
    destination,
    options: { forwarding, weight, upperThreshold, lowerThreshold, ...(tunnel !== undefined && { tunnel }) },
    text: `edit ${what}: weight ${seen.weight} -> ${weight}`,
  };
}

/** A service after changes. Additions are known only after the next reading. */
export function withChanges(known: SeenService, changes: readonly DirectChange[]): SeenService {
  const destinations = new Map(known.destinations);
  for (const { verb, destination, options } of changes) {
    const before = destinations.get(destination);
    if (verb === 'delete') destinations.delete(destination);
    else if (before !== undefined && options.weight !== undefined)
      destinations.set(destination, { ...before, weight: options.weight });
  }
  return { ...known, destinations };
}

/** Whether a service is known to have all its desired weights. */
export function isComplete({ composed, known }: ServiceState): boolean {
  return (composed?.destinations ?? []).every(
    ({ name, present, weight }) => known?.destinations.get(name)?.weight === (present ? weight : undefined),
  );
}
