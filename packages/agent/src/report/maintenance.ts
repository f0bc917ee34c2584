import type { Maintenance } from '../override/maintenance.js';

/** A maintenance as programs read it. Times are ISO 8601. */
export interface MaintenanceStatus {
  readonly service: string;
  readonly destination: string;
  readonly since: string;
  /** When it ends by itself; null: when it is ended. */
  readonly until: string | null;
  readonly why: string | null;
  /** Who asked for it; null: not known. */
  readonly by: string | null;
}

/** A maintenance with wall times. `time`: the wall time of a monotonic time, ISO 8601. */
export function maintenanceStatus(
  { service, destination, since, until, why, by }: Maintenance,
  time: (at: number) => string,
): MaintenanceStatus {
  return {
    service,
    destination,
    since: time(since),
    until: until === undefined ? null : time(until),
    why: why ?? null,
    by: by ?? null,
  };
}
