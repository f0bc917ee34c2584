import type { Calls } from '../calls/calls.js';
import type { Uncounted } from '../model/counters.js';
import type { Destination } from '../model/destination.js';
import { eachOf, perform, type Procedure, unlessGone } from '../calls/procedure.js';
import { destinations, services } from '../calls/read-table.js';
import type { Service } from '../model/service.js';
import type { Daemon } from '../model/sync-daemon.js';
import type { Timeouts } from '../model/timeouts.js';
import type { CheckedDocument } from '../document/state.js';
import type { CheckedPlanOptions } from './options.js';

/** A service of the current state. */
export interface CurrentService {
  readonly service: Uncounted<Service>;
  /** By the texts of their keys; empty where no one asks for them. */
  readonly destinations: ReadonlyMap<string, Uncounted<Destination>>;
}

/** The current state, as far as a document concerns it. */
export interface CurrentState {
  readonly services: ReadonlyMap<string, CurrentService>;
  readonly timeouts: Timeouts | undefined;
  readonly daemons: readonly Daemon[];
}

/** Services between two reports of progress. */
const TOLD_EVERY = 1000;

/** Destinations by the texts of their keys. */
function byKey(list: readonly Uncounted<Destination>[]): Map<string, Uncounted<Destination>> {
  const found = new Map<string, Uncounted<Destination>>();
  for (const each of list) found.set(each.key, each);
  return found;
}

/** Reads what a plan for `document` has to know: one request, and one a service whose destinations matter. */
export function* readCurrent(
  calls: Calls,
  document: CheckedDocument,
  { prune, drain, consistency, onProgress }: CheckedPlanOptions,
): Procedure<CurrentState> {
  // Only settings are compared.
  const settings = { consistency, counters: false } as const;
  const found = new Map<string, CurrentService>();
  const all = new Map<string, Uncounted<Service>>();
  if (document.services.size > 0 || prune === 'all') {
    yield* eachOf(yield* services(calls, settings), (service) => all.set(service.key, service));
  }
  let read = 0;
  for (const [key, service] of all) {
    if (read > 0 && read % TOLD_EVERY === 0) onProgress?.({ read, total: all.size });
    read += 1;
    const wanted = document.services.get(key);
    if (wanted === undefined && prune !== 'all') continue;
    const matter = wanted === undefined ? drain !== undefined : wanted.destinations !== undefined;
    const list = matter ? yield* unlessGone(destinations(calls, service, settings)) : [];
    if (list !== undefined) found.set(key, { service, destinations: byKey(list) });
  }
  const timeouts = document.timeouts === undefined ? undefined : yield* perform(calls.timeouts());
  const daemons = document.daemons === undefined ? [] : yield* perform(calls.daemons());
  return { services: found, timeouts, daemons };
}
