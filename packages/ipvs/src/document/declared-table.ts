import type { Procedure } from '../calls/procedure.js';
import type { DestinationOptions } from '../model/destination.js';
import { DESTINATION_FORMS, SERVICE_FORMS, serviceNamed } from '../model/key.js';
import type { ServiceOptions } from '../model/service.js';
import { inside } from '../place.js';
import { inspectDocument } from './check.js';
import type { DocumentProblem } from './document-error.js';
import { EntryChecks, SERVICES } from './entry-checks.js';
import { keepCheckedTable } from './origin.js';
import { type PlacedProblem, Problems } from './problems.js';
import type { CheckedDocument, DesiredService, DesiredState, FillableServices } from './state.js';

/** A destination of a {@link DeclaredTable}. */
export interface DeclaredDestination {
  readonly options: DestinationOptions;
  /** The line that declares it. */
  readonly line: number;
}

/** A service of a {@link DeclaredTable}. */
export interface DeclaredService {
  readonly options: ServiceOptions;
  /** The line that declares it. */
  readonly line: number;
  /** By name: `10.0.0.11:443`. */
  readonly destinations: Map<string, DeclaredDestination>;
}

/**
 * A desired state in maps. Objects with a hundred thousand names cost half of the memory and of the time of a plan. Names are
 * the texts of keys, as `serviceKeyText` and `destinationKeyText` return them.
 */
export interface DeclaredTable extends Omit<DesiredState, 'services'> {
  /** By name: `tcp:192.0.2.10:443`. */
  readonly services: Map<string, DeclaredService>;
}

/** A destination of a table. */
export function declaredDestination(options: DestinationOptions, line: number): DeclaredDestination {
  // The check sets the last two: with room for them from the start, the object stays small.
  const entry = { options, line, located: undefined, settings: undefined };
  return entry;
}

/** A service of a table, with the destinations of `destinations`, or none. */
export function declaredService(
  name: string,
  options: ServiceOptions,
  line: number,
  destinations = new Map<string, DeclaredDestination>(),
): DeclaredService {
  const entry = {
    name,
    options,
    line,
    destinations,
    preserve: false,
    located: undefined,
    settings: undefined,
  };
  return entry;
}

/**
 * Checks a table. Returns all mistakes, and the table as a desired state; it can be planned if there are none, and is
 * not checked again. The table must not be changed any more.
 */
export function checkedTable({ services, ...others }: DeclaredTable): {
  readonly state: DesiredState;
  readonly problems: readonly DocumentProblem[];
} {
  const { document, problems, hasDaemon } = atOnce(inspectDocument({ services: {}, ...others }));
  const entries = services as unknown as FillableServices;
  const wrong = [...problems, ...complete(entries, hasDaemon)];
  const state = new TableState(services, others);
  if (wrong.length === 0)
    keepCheckedTable(state, { ...document, services: entries as unknown as CheckedDocument['services'] });
  return { state, problems: wrong.map(({ problem }) => problem) };
}

/** Checks the entries of a table, and makes them those of a checked document. Returns the mistakes. */
function complete(services: FillableServices, hasDaemon: boolean): readonly PlacedProblem[] {
  const problems = new Problems();
  const checks = new EntryChecks(problems);
  checks.hasDaemon = hasDaemon;
  for (const [name, service] of services) {
    const place = inside(SERVICES, name);
    const located = serviceNamed(name);
    if (located?.text !== name) checks.wrongName(place, SERVICE_FORMS, name);
    checks.service(place, located?.key, service.options);
    const below = inside(place, 'destinations');
    for (const [real, destination] of service.destinations) {
      const here = inside(below, real);
      const found = checks.destinationNamed(real);
      if (found?.text !== real) checks.wrongName(here, DESTINATION_FORMS, real);
      checks.destination(here, located?.key, found?.key, destination.options);
      if (found === undefined || problems.count > 0) continue;
      found.shortenAddress();
      destination.located = found;
      destination.settings = checks.settings.ofDestination(destination.options);
    }
    if (located === undefined || problems.count > 0) continue;
    located.shortenAddress();
    service.located = located;
    service.settings = checks.settings.ofService(located.key, service.options);
  }
  return problems.found;
}

function atOnce<T>(work: Procedure<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Creates the object of all services only when it is read, which no plan does. */
class TableState implements DesiredState {
  declare readonly services: DesiredState['services'];
  declare readonly timeouts?: DesiredState['timeouts'];
  declare readonly daemons?: DesiredState['daemons'];
  readonly #table: DeclaredTable['services'];
  #services: Readonly<Record<string, DesiredService>> | undefined;

  constructor(table: DeclaredTable['services'], { timeouts, daemons }: Omit<DesiredState, 'services'>) {
    this.#table = table;
    if (timeouts !== undefined) this.timeouts = timeouts;
    if (daemons !== undefined) this.daemons = daemons;
    // As a field of a plain state: its own, and enumerable.
    Object.defineProperty(this, 'services', { enumerable: true, get: () => this.#all() });
  }

  #all(): DesiredState['services'] {
    if (this.#services !== undefined) return this.#services;
    const services: Record<string, DesiredService> = {};
    for (const [name, { options, destinations }] of this.#table) {
      const below: Record<string, DestinationOptions> = {};
      for (const [real, each] of destinations) below[real] = each.options;
      services[name] = { ...options, destinations: below };
    }
    return (this.#services = services);
  }
}
