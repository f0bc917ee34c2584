/** What the agent knows of a destination that it owns. Times are milliseconds of a monotonic clock. */
export interface LedgerDestination {
  /** Who set weight 0: the agent, which records it before sending it, or somebody else manually. */
  readonly zero?: 'own' | 'manual' | undefined;
  /** When a manual weight of 0 was first respected. */
  readonly manualSince?: number | undefined;
  /** Since when it is being removed from the table. */
  readonly leavingSince?: number | undefined;
  /** The longest drain in milliseconds, while it is being removed. */
  readonly drainTimeout?: number | undefined;
}

/** A ledger as plain data. */
export type LedgerData = Readonly<Record<string, Readonly<Record<string, LedgerDestination>>>>;

/**
 * The services and destinations that the agent added or adopted. The kernel's table has no owner field; everything that
 * is neither here nor in the document is foreign, and is never changed.
 */
export class Ledger {
  readonly #services = new Map<string, Map<string, LedgerDestination>>();
  #changed = false;

  constructor(data: LedgerData = {}) {
    for (const [service, destinations] of Object.entries(data))
      this.#services.set(service, new Map(Object.entries(destinations)));
  }

  /** Returns whether it has changed since the last call. */
  takeChanged(): boolean {
    const changed = this.#changed;
    this.#changed = false;
    return changed;
  }

  get services(): readonly string[] {
    return [...this.#services.keys()];
  }

  hasService(service: string): boolean {
    return this.#services.has(service);
  }

  destinations(service: string): readonly string[] {
    return [...(this.#services.get(service)?.keys() ?? [])];
  }

  get(service: string, destination: string): LedgerDestination | undefined {
    return this.#services.get(service)?.get(destination);
  }

  ownService(service: string): void {
    if (this.#services.has(service)) return;
    this.#services.set(service, new Map());
    this.#changed = true;
  }

  /** Adds a destination, or changes its entry. */
  set(service: string, destination: string, change: LedgerDestination = {}): void {
    this.ownService(service);
    const destinations = this.#services.get(service) as Map<string, LedgerDestination>;
    const before = destinations.get(destination);
    const names = Object.keys(change) as (keyof LedgerDestination)[];
    if (before !== undefined && names.every((name) => before[name] === change[name])) return;
    const entries = Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined);
    destinations.set(destination, Object.fromEntries(entries));
    this.#changed = true;
  }

  /** Removes a destination. */
  delete(service: string, destination: string): void {
    if (this.#services.get(service)?.delete(destination) === true) this.#changed = true;
  }

  /** Removes a service with its destinations. */
  deleteService(service: string): void {
    if (this.#services.delete(service)) this.#changed = true;
  }

  toJSON(): LedgerData {
    return Object.fromEntries(
      [...this.#services].map(([service, destinations]) => [service, Object.fromEntries(destinations)]),
    );
  }
}
