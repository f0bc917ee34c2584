import type { Calls } from '../calls/calls.js';
import type { Uncounted } from '../model/counters.js';
import type { Destination } from '../model/destination.js';
import { eachOf, PAUSE, perform, type Procedure, unlessGone } from '../calls/procedure.js';
import { destinations, services } from '../calls/read-table.js';
import { KeySet } from '../calls/key-set.js';
import { TableLister } from '../bulk/table-lister.js';
import { DOCUMENT_LINES, serviceOf } from '../format/document-lines.js';
import type { Service } from '../model/service.js';
import type { Daemon } from '../model/sync-daemon.js';
import type { Timeouts } from '../model/timeouts.js';
import type { CheckedDocument, CheckedService } from '../document/state.js';
import { DeclaredLines } from './equal-lines.js';
import type { CheckedPlanOptions } from './options.js';

/** A service of the current state. */
export interface CurrentService {
  readonly service: Uncounted<Service>;
  /** By the texts of their keys; empty if they are not needed. */
  readonly destinations: ReadonlyMap<string, Uncounted<Destination>>;
}

/** The current services that concern a document. */
interface CurrentServices {
  readonly services: ReadonlyMap<string, CurrentService>;
  /** Services that are as declared, with their destinations; they are not in `services`. */
  readonly equal: KeySet;
}

/** The current state, as far as it concerns a document. */
export interface CurrentState extends CurrentServices {
  readonly timeouts: Timeouts | undefined;
  readonly daemons: readonly Daemon[];
}

/** Services between two reports of progress. */
const TOLD_EVERY = 1000;

/** With fewer services, comparing lines costs more than it saves, since its WebAssembly must be compiled. */
const FEW = 50;
/** If most of the first so many services differ, all are read as objects. */
const ENOUGH = 16;
/** How many services that do not concern the document are skipped between two pauses. */
const PASSED = 64;

/** Destinations by the texts of their keys. */
function byKey(list: readonly Uncounted<Destination>[]): Map<string, Uncounted<Destination>> {
  const found = new Map<string, Uncounted<Destination>>();
  for (const each of list) found.set(each.key, each);
  return found;
}

/**
 * Reads the state that a plan for `document` needs: one request, and one for each service whose destinations matter.
 */
export function* readCurrent(
  calls: Calls,
  document: CheckedDocument,
  options: CheckedPlanOptions,
): Procedure<CurrentState> {
  const canCompareLines = options.consistency === 'single' && document.services.size >= FEW;
  const compared = canCompareLines ? yield* compareLines(calls, document, options) : undefined;
  const { services: found, equal } = compared ?? (yield* readServices(calls, document, options));
  const timeouts = document.timeouts === undefined ? undefined : yield* perform(calls.timeouts());
  const daemons = document.daemons === undefined ? [] : yield* perform(calls.daemons());
  return { services: found, equal, timeouts, daemons };
}

/** Reads services as objects. */
function* readServices(
  calls: Calls,
  document: CheckedDocument,
  options: CheckedPlanOptions,
): Procedure<CurrentServices> {
  const all = new Map<string, Uncounted<Service>>();
  if (document.services.size > 0 || options.prune === 'all') {
    const settings = settingsOf(options);
    yield* eachOf(yield* services(calls, settings), (service) => all.set(service.key, service));
  }
  const found = new Map<string, CurrentService>();
  let read = 0;
  for (const [key, service] of all) {
    report(options, read++, all.size);
    const wanted = document.services.get(key);
    if (wanted === undefined && options.prune !== 'all') continue;
    const each = yield* withDestinations(calls, service, wanted, options);
    if (each !== undefined) found.set(key, each);
  }
  return { services: found, equal: new KeySet() };
}

/**
 * Compares the lines of services with the document, and reads only those that differ as objects. Returns undefined if
 * the table cannot be read in this way, or if most of it differs.
 */
function* compareLines(
  calls: Calls,
  document: CheckedDocument,
  options: CheckedPlanOptions,
): Procedure<CurrentServices | undefined> {
  const lister = yield* TableLister.open(DOCUMENT_LINES);
  const count = lister && (yield* lister.services(false));
  if (lister === undefined || count === undefined) return undefined;
  const lines = new DeclaredLines();
  const seen = new KeySet();
  const found = new Map<string, CurrentService>();
  const equal = new KeySet();
  let equals = 0;
  let different = 0;
  for (let index = 0; index < count; index++) {
    report(options, index, count);
    if (index % PASSED === 0) yield PAUSE;
    const text = lister.service(index);
    const { name, settings } = serviceOf(text);
    // A list with an entry twice was disturbed by a change.
    if (!seen.add(name)) return undefined;
    const wanted = document.services.get(name);
    if (wanted === undefined && options.prune !== 'all') continue;
    if (wanted !== undefined && lines.isService(wanted, settings)) {
      const isEqual =
        wanted.destinations === undefined ||
        lines.areDestinations(
          wanted.destinations,
          ((yield* lister.destinations(index)) ?? '').slice(text.length),
          options.keepsWeights(name),
        );
      if (isEqual) {
        equal.add(wanted.located.text);
        equals += 1;
        continue;
      }
    }
    different += 1;
    if (different >= ENOUGH && different > equals) return undefined;
    const service = yield* unlessGone(perform(calls.service(name)));
    const each = service && (yield* withDestinations(calls, service, wanted, options));
    if (each !== undefined) found.set(name, each);
  }
  return { services: found, equal };
}

function* withDestinations(
  calls: Calls,
  service: Uncounted<Service>,
  wanted: CheckedService | undefined,
  options: CheckedPlanOptions,
): Procedure<CurrentService | undefined> {
  const matter = wanted === undefined ? options.drain !== undefined : wanted.destinations !== undefined;
  if (!matter) return { service, destinations: new Map() };
  const list = yield* unlessGone(destinations(calls, service, settingsOf(options)));
  return list && { service, destinations: byKey(list) };
}

/** Only settings are compared. */
function settingsOf({ consistency }: CheckedPlanOptions) {
  return { consistency, counters: false } as const;
}

function report({ onProgress }: CheckedPlanOptions, read: number, total: number): void {
  if (read > 0 && read % TOLD_EVERY === 0) onProgress?.({ read, total });
}
