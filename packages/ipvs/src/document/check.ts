import { objectMistake } from '../argument-checks.js';
import { CanonicalNames } from '../calls/canonical-names.js';
import { PAUSE, type Procedure } from '../calls/procedure.js';
import type { DestinationOptions } from '../model/destination.js';
import { checkFields, type Field, type Fields } from '../model/field.js';
import {
  DESTINATION_FORMS,
  destinationNamed,
  SERVICE_FORMS,
  type ServiceKey,
  serviceNamed,
} from '../model/key.js';
import type { ServiceOptions } from '../model/service.js';
import { DAEMON_STATES } from '../model/sync-daemon.js';
import type { TimeoutOptions } from '../model/timeouts.js';
import { DOCUMENT, inside, type Place, placeText, shown } from '../place.js';
import { DocumentError } from './document-error.js';
import { EntryChecks, SERVICES } from './entry-checks.js';
import { type AdditionalFields, checkAdditional, type DocumentExtensions } from './extensions.js';
import { DOCUMENT_FIELDS } from './fields.js';
import { checkedBefore } from './origin.js';
import { type PlacedProblem, Problems } from './problems.js';
import type { CheckedDestination, CheckedDocument, CheckedService, DesiredState } from './state.js';

/** Checks a whole document, unless its reader did. Throws a {@link DocumentError} with every mistake. */
export function* checkDocument(desired: DesiredState): Procedure<CheckedDocument> {
  const before = checkedBefore(desired);
  if (before !== undefined) return before;
  const { document, problems } = yield* inspectDocument(desired);
  if (problems.length > 0)
    throw new DocumentError(
      'plan the desired state',
      problems.map(({ problem }) => problem),
    );
  return document;
}

/** The correct parts of a document, and every mistake. */
export interface Inspection {
  readonly document: CheckedDocument;
  readonly problems: readonly PlacedProblem[];
  /** Whether a sync daemon is to run. */
  readonly hasDaemon: boolean;
}

/** Whether to find all mistakes, or only whether there are any: services after one with mistakes are left out then. */
export type Extent = 'all' | 'any';

/** Finds the mistakes of a document. */
export function* inspectDocument(
  desired: unknown,
  extensions: DocumentExtensions = {},
  extent: Extent = 'all',
): Procedure<Inspection> {
  return yield* new Inspector(extensions, extent).inspect(desired);
}

/** The fields of a document that may be without services. */
const FIELDS_OF_OTHERS: Fields = Object.fromEntries(
  Object.entries(DOCUMENT_FIELDS).map(([name, { required: _, ...field }]) => [name, field as Field]),
);

/** One inspection. */
class Inspector {
  readonly #problems = new Problems();
  readonly #document: AdditionalFields | undefined;
  readonly #fields: Fields;
  readonly #extent: Extent;
  readonly #entries: EntryChecks;

  constructor({ document, service, destination, servicesOptional }: DocumentExtensions, extent: Extent) {
    this.#extent = extent;
    this.#fields = servicesOptional === true ? FIELDS_OF_OTHERS : DOCUMENT_FIELDS;
    this.#document = document;
    this.#entries = new EntryChecks(this.#problems, service, destination);
  }

  *inspect(desired: unknown): Procedure<Inspection> {
    const problems = this.#problems;
    const additional = this.#document;
    const right = checkFields<DesiredState>(problems, DOCUMENT, desired, this.#fields, { additional });
    checkAdditional(problems, DOCUMENT, desired, additional);
    const { services: all, timeouts, daemons } = right ?? {};
    const given = (desired as Partial<DesiredState> | null)?.daemons;
    this.#entries.hasDaemon = DAEMON_STATES.some(
      (state) => daemons?.[state] !== undefined && daemons[state] === given?.[state],
    );
    const services = new Map<string, CheckedService>();
    if (all !== undefined) {
      const names = new CanonicalNames(Object.keys(all), serviceNamed);
      for (const name of names.all) {
        const checked = yield* this.#inspectService(names, name, all[name]);
        if (checked !== undefined) services.set(checked.located.text, checked);
        if (this.#extent === 'any' && problems.count > 0) break;
        if (this.#entries.isLong()) yield PAUSE;
      }
    }
    const document = { services, timeouts: known(timeouts), daemons };
    return { document, problems: problems.found, hasDaemon: this.#entries.hasDaemon };
  }

  *#inspectService(
    names: CanonicalNames,
    name: string,
    service: unknown,
  ): Procedure<CheckedService | undefined> {
    const problems = this.#problems;
    const place = inside(SERVICES, name);
    const before = problems.count;
    const located = serviceNamed(name);
    const key = located?.key;
    if (located === undefined) this.#entries.wrongName(place, SERVICE_FORMS, name);
    else this.#once(names, place, located.text, name, 'service');
    this.#entries.service(place, key, service);
    if (objectMistake(service) !== undefined) return undefined;
    const { destinations: named, preserve } = service as { destinations?: unknown; preserve?: unknown };
    const isRight = problems.count === before;
    const destinations =
      named === undefined
        ? undefined
        : yield* this.#inspectDestinations(inside(place, 'destinations'), key, named);
    if (located === undefined || !isRight) return undefined;
    located.shortenAddress();
    return {
      name,
      located,
      preserve: preserve === true,
      settings: this.#entries.settings.ofService(located.key, service as ServiceOptions),
      destinations,
    };
  }

  *#inspectDestinations(
    place: Place,
    service: ServiceKey | undefined,
    destinations: unknown,
  ): Procedure<Map<string, CheckedDestination> | undefined> {
    const wrong = objectMistake(destinations);
    if (wrong !== undefined) {
      this.#problems.add(place, wrong);
      return undefined;
    }
    const checked = new Map<string, CheckedDestination>();
    const names = new CanonicalNames(Object.keys(destinations as object), destinationNamed);
    for (const name of names.all) {
      const here = inside(place, name);
      const options = (destinations as Record<string, unknown>)[name];
      const before = this.#problems.count;
      const located = this.#entries.destinationNamed(name);
      if (located === undefined) this.#entries.wrongName(here, DESTINATION_FORMS, name);
      else this.#once(names, here, located.text, name, 'destination');
      this.#entries.destination(here, service, located?.key, options);
      if (located !== undefined && this.#problems.count === before) {
        located.shortenAddress();
        checked.set(located.text, {
          located,
          settings: this.#entries.settings.ofDestination(options as DestinationOptions),
        });
      }
      if (this.#entries.isLong()) yield PAUSE;
    }
    return checked;
  }

  /** Reports a name that is another spelling of an earlier one. */
  #once(names: CanonicalNames, place: Place, canonical: string, name: string, noun: string): void {
    const first = names.firstOf(canonical, name);
    if (first !== undefined)
      this.#problems.note(
        place,
        true,
        () => `each ${noun} once`,
        () => `${placeText(place)} is the same ${noun} as ${shown(first)}; name each ${noun} once`,
      );
  }
}

/** Timeouts without undefined ones; undefined if none is left. */
function known(timeouts: TimeoutOptions | undefined): TimeoutOptions | undefined {
  const set = Object.entries(timeouts ?? {}).filter(([, value]) => value !== undefined);
  return set.length === 0 ? undefined : Object.fromEntries(set);
}
