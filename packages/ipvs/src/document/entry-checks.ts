import { ITEMS_PER_SLICE } from '@ipvs-ts/netlink';
import { checkDestinationOptions } from '../model/destination.js';
import {
  type DestinationKey,
  destinationNamed,
  familyOf,
  type LocatedDestination,
  type ServiceKey,
} from '../model/key.js';
import { checkServiceOptions } from '../model/service.js';
import { SharedSettings } from '../model/settings.js';
import { inside, DOCUMENT, type Place, placeText, shown } from '../place.js';
import { type AdditionalFields, checkAdditional } from './extensions.js';
import { DESIRED_SERVICE_FIELDS } from './fields.js';
import type { Problems } from './problems.js';

/** The place of all services. */
export const SERVICES = inside(DOCUMENT, 'services');

/** The checks of the services and destinations of one document, each on its own. */
export class EntryChecks {
  readonly settings = new SharedSettings();
  /** Whether a sync daemon is to run. */
  hasDaemon = false;
  readonly #problems: Problems;
  readonly #service: AdditionalFields | undefined;
  readonly #destination: AdditionalFields | undefined;
  /** Destinations by name: services often share them. */
  readonly #located = new Map<string, LocatedDestination>();
  /** Entries since the last pause. */
  #items = 0;

  constructor(problems: Problems, service?: AdditionalFields, destination?: AdditionalFields) {
    this.#problems = problems;
    this.#service = service;
    this.#destination = destination;
  }

  /** Checks the options of a service. */
  service(place: Place, key: ServiceKey | undefined, service: unknown): void {
    const places = { options: place, protocol: place, port: place };
    const fields = { fields: DESIRED_SERVICE_FIELDS, additional: this.#service };
    checkServiceOptions(this.#problems, places, key, service, 'library', fields);
    checkAdditional(this.#problems, place, service, this.#service);
  }

  /** Checks the options of a destination. */
  destination(
    place: Place,
    service: ServiceKey | undefined,
    key: DestinationKey | undefined,
    options: unknown,
  ): void {
    const problems = this.#problems;
    const family = service === undefined ? undefined : familyOf(service);
    const places = { options: place, address: place };
    checkDestinationOptions(problems, places, family, key, options, 'library', this.#destination);
    checkAdditional(problems, place, options, this.#destination);
    if (this.hasDaemon && key !== undefined && family !== undefined && familyOf(key) !== family)
      problems.add(place, {
        kind: 'conflict',
        allowed: 'no destination may be of the other address family while a sync daemon runs',
      });
  }

  /** The destination of a name; undefined if the name is invalid. */
  destinationNamed(name: string): LocatedDestination | undefined {
    const known = this.#located.get(name);
    if (known !== undefined) return known;
    const located = destinationNamed(name);
    if (located !== undefined) this.#located.set(name, located);
    return located;
  }

  /** Reports an invalid name. */
  wrongName(place: Place, allowed: string, name: string): void {
    const message = (): string => `${placeText(place)} must be ${allowed}, not ${shown(name)}`;
    this.#problems.note(place, true, () => allowed, message);
  }

  /** Whether to pause after another entry. */
  isLong(): boolean {
    this.#items += 1;
    return this.#items % ITEMS_PER_SLICE === 0;
  }
}
