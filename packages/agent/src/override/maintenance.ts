/** A destination that an operator has taken out. Times are milliseconds of a monotonic clock. */
export interface Maintenance {
  readonly service: string;
  readonly destination: string;
  readonly since: number;
  /** When it ends by itself; undefined: not by itself. */
  readonly until: number | undefined;
  readonly why: string | undefined;
  /** Who started it. */
  readonly by: string | undefined;
  /** Whether it is for the whole fleet. */
  readonly fleet?: boolean | undefined;
}

const NONE: readonly Maintenance[] = [];

/** Maintenance by service and destination. */
export class Overrides {
  readonly #entries = new Map<string, Map<string, Maintenance>>();

  /** Starts or replaces a maintenance. */
  start(maintenance: Maintenance): void {
    const { service, destination } = maintenance;
    const entries = this.#entries.get(service) ?? new Map<string, Maintenance>();
    entries.set(destination, maintenance);
    this.#entries.set(service, entries);
  }

  /** Ends a maintenance; returns whether there was one. */
  end(service: string, destination: string): boolean {
    const entries = this.#entries.get(service);
    const ended = entries?.delete(destination) === true;
    if (entries?.size === 0) this.#entries.delete(service);
    return ended;
  }

  /** The maintenance of a service, by destination. */
  of(service: string): ReadonlyMap<string, Maintenance> {
    return this.#entries.get(service) ?? new Map<string, Maintenance>();
  }

  /** Ends maintenance that has expired, and returns it. */
  expire(now: number): readonly Maintenance[] {
    if (this.#entries.size === 0) return NONE;
    const expired = this.all().filter(({ until }) => until !== undefined && until <= now);
    for (const { service, destination } of expired) this.end(service, destination);
    return expired;
  }

  /** When the next one expires. */
  get nextExpiry(): number | undefined {
    if (this.#entries.size === 0) return undefined;
    const times = this.all().flatMap(({ until }) => (until === undefined ? [] : [until]));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  all(): Maintenance[] {
    return [...this.#entries.values()].flatMap((entries) => [...entries.values()]);
  }
}
