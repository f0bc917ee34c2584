import { noCounts } from './counters.js';
import type { KernelSettings } from './options.js';
import { type DestinationIdentity, destinationText, type StoredDestination } from './stored-destination.js';
import { serviceText, type StoredService } from './stored-service.js';

/** How long a destination without connections is kept. */
const KEPT_MS = 120_000;

interface Entry {
  readonly destination: StoredDestination;
  readonly owner: StoredService;
  readonly since: number;
}

/**
 * Deleted destinations. One that is added to its service again continues with its connections, and with its counters
 * unless the service itself was deleted in between.
 */
export class Trash {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  constructor({ now }: KernelSettings) {
    this.#now = now;
  }

  put(owner: StoredService, destination: StoredDestination): void {
    this.#entries.set(place(owner, destination.identity), { destination, owner, since: this.#now() });
  }

  /** Removes and returns a destination; undefined if it is not in the trash, or its time is over. */
  take(service: StoredService, identity: DestinationIdentity): StoredDestination | undefined {
    const key = place(service, identity);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    const { destination, owner, since } = entry;
    const { active, inactive, persistent } = destination.connections;
    // Connections keep it until they end.
    if (active + inactive + persistent === 0 && this.#now() - since >= KEPT_MS) return undefined;
    if (owner !== service) destination.counters = noCounts();
    return destination;
  }
}

function place(service: StoredService, identity: DestinationIdentity): string {
  return `${serviceText(service.identity)} ${destinationText(identity)}`;
}
