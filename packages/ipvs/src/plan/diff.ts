import { checkedCalls as calls } from '../calls/calls.js';
import type { Call } from '../calls/call.js';
import { eachOf, type Procedure } from '../calls/procedure.js';
import type { Timeouts } from '../model/timeouts.js';
import { Change } from './change.js';
import type { CurrentService, CurrentState } from './current.js';
import { diffDaemons } from './diff-daemons.js';
import { type LocatedDestination, type LocatedService, locateService } from '../model/key.js';
import type { CheckedDestination, CheckedDocument, CheckedService } from '../document/state.js';
import type { CheckedPlanOptions } from './options.js';
import {
  type DestinationSettings,
  differences,
  type ServiceSettings,
  storedDestinationSettings,
  storedServiceSettings,
} from '../model/settings.js';

/** Changes in the order in which they are sent. */
class Changes {
  readonly addServices: Change[] = [];
  readonly editServices: Change[] = [];
  readonly addDestinations: Change[] = [];
  readonly raise: Change[] = [];
  readonly lower: Change[] = [];
  readonly deleteDestinations: Change[] = [];
  readonly drain: Change[] = [];
  readonly deleteServices: Change[] = [];
}

/** Makes the call of a change of a service, or of its destinations, when it is sent. */
type Make = (change: Change, declared: unknown) => Call<void>;

const addService: Make = ({ to }, declared) =>
  calls.addService((declared as CheckedService).located, to as ServiceSettings);
const setService: Make = ({ to }, declared) =>
  calls.setService((declared as CheckedService).located, to as ServiceSettings);
const addDestination: Make = (change, declared) =>
  calls.addDestination(...locatedOf(change, declared), change.to as DestinationSettings);
const setDestination: Make = (change, declared) =>
  calls.setDestination(...locatedOf(change, declared), change.to as DestinationSettings);

function locatedOf(
  { destination = '' }: Change,
  declared: unknown,
): [on: LocatedService, name: LocatedDestination] {
  const { located, destinations } = declared as CheckedService;
  return [located, (destinations?.get(destination) as CheckedDestination).located];
}

/**
 * The changes from `current` to `document`: none for equal entries, edits where possible, and additions of capacity
 * before removals. Sync daemons and destinations of another address family exclude one another, so daemons stop first
 * and start last. It compares and sends nothing.
 */
export function* diff(
  current: CurrentState,
  document: CheckedDocument,
  options: CheckedPlanOptions,
): Procedure<Change[]> {
  const changes = new Changes();
  yield* eachOf(document.services, ([name, wanted]) => {
    if (current.equal.has(name)) return;
    const found = current.services.get(name);
    diffService(changes, name, found, wanted);
    if (wanted.destinations !== undefined)
      diffDestinations(changes, wanted, wanted.destinations, found, options);
  });
  if (options.prune === 'all') {
    yield* eachOf(current.services, ([name, found]) => {
      if (!document.services.has(name)) leaveService(changes, name, found, options);
    });
  }
  const daemons = diffDaemons(current.daemons, document.daemons, options.prune === 'all');
  return [
    ...daemons.stop,
    ...changes.addServices,
    ...changes.editServices,
    ...changes.addDestinations,
    ...changes.raise,
    ...changes.lower,
    ...changes.deleteDestinations,
    ...diffTimeouts(current.timeouts, document.timeouts),
    ...changes.drain,
    ...changes.deleteServices,
    ...daemons.start,
  ];
}

function diffService(
  changes: Changes,
  service: string,
  found: CurrentService | undefined,
  declared: CheckedService,
): void {
  const { settings: to, preserve } = declared;
  if (found === undefined) {
    changes.addServices.push(new Change({ kind: 'addService', call: addService, declared, service, to }));
    return;
  }
  if (preserve) return;
  const from = storedServiceSettings(found.service);
  const changed = differences(from, to);
  if (changed.length === 0) return;
  changes.editServices.push(
    new Change({ kind: 'editService', call: setService, declared, service, from, to, differences: changed }),
  );
}

function diffDestinations(
  changes: Changes,
  declared: CheckedService,
  wanted: NonNullable<CheckedService['destinations']>,
  found: CurrentService | undefined,
  options: CheckedPlanOptions,
): void {
  const on = declared.located;
  const service = on.text;
  for (const [destination, { settings }] of wanted) {
    const there = found?.destinations.get(destination);
    if (there === undefined) {
      const kind = 'addDestination';
      changes.addDestinations.push(
        new Change({ kind, call: addDestination, declared, service, destination, to: settings }),
      );
      continue;
    }
    const from = storedDestinationSettings(there);
    const to = options.keepsWeights(service) ? { ...settings, weight: from.weight } : settings;
    const changed = differences(from, to);
    if (changed.length === 0) continue;
    (to.weight < from.weight ? changes.lower : changes.raise).push(
      new Change({
        kind: 'editDestination',
        call: setDestination,
        declared,
        service,
        destination,
        from,
        to,
        differences: changed,
      }),
    );
  }
  if (found === undefined || options.prune === 'none') return;
  for (const [destination, there] of found.destinations) {
    if (!wanted.has(destination))
      leaveDestination(changes, on, destination, storedDestinationSettings(there), options);
  }
}

function leaveDestination(
  changes: Changes,
  on: LocatedService,
  destination: string,
  from: DestinationSettings,
  { drain }: CheckedPlanOptions,
): void {
  const kind = drain === undefined ? 'deleteDestination' : 'drainDestination';
  const service = on.text;
  const call = (): Call<void> => calls.deleteDestination(on, destination);
  (drain === undefined ? changes.deleteDestinations : changes.drain).push(
    new Change({ kind, call, service, destination, from }),
  );
}

/** The kernel deletes the destinations of a service with it; if they are to be drained, that is done first. */
function leaveService(
  changes: Changes,
  service: string,
  found: CurrentService,
  options: CheckedPlanOptions,
): void {
  const on = locateService(found.service);
  if (options.drain !== undefined) {
    for (const [destination, there] of found.destinations)
      leaveDestination(changes, on, destination, storedDestinationSettings(there), options);
  }
  const from = storedServiceSettings(found.service);
  changes.deleteServices.push(
    new Change({ kind: 'deleteService', call: () => calls.deleteService(on), service, from }),
  );
}

/** 0 keeps the current value. */
function diffTimeouts(current: Timeouts | undefined, document: CheckedDocument['timeouts']): Change[] {
  if (current === undefined || document === undefined) return [];
  const changed = differences(current, {
    tcp: document.tcp === undefined || document.tcp === 0 ? current.tcp : document.tcp,
    tcpFin: document.tcpFin === undefined || document.tcpFin === 0 ? current.tcpFin : document.tcpFin,
    udp: document.udp === undefined || document.udp === 0 ? current.udp : document.udp,
  });
  if (changed.length === 0) return [];
  const to = Object.fromEntries(changed.map(({ field, to: value }) => [field, value]));
  const from = Object.fromEntries(changed.map(({ field, from: value }) => [field, value]));
  return [new Change({ kind: 'setTimeouts', call: calls.setTimeouts(to), from, to, differences: changed })];
}
