import type { ServiceState } from '../loop/service-state.js';
import type { Maintenance } from '../override/maintenance.js';

/** A request for maintenance. */
export interface MaintenanceRequest {
  readonly service: string;
  readonly destination: string;
  /** Duration in milliseconds; by default until it is ended. */
  readonly duration?: number | undefined;
  readonly why?: string | undefined;
  readonly by?: string | undefined;
  /** With a store: on this director only, instead of the whole fleet. */
  readonly local?: boolean | undefined;
  /** Even if it takes the service below its floor, or is the last destination. */
  readonly force?: boolean | undefined;
}

/** A maintenance as programs read it. Times are ISO 8601. */
export interface MaintenanceStatus {
  readonly service: string;
  readonly destination: string;
  readonly since: string;
  /** When it ends by itself; null: not by itself. */
  readonly until: string | null;
  readonly why: string | null;
  /** Who started it; null: not known. */
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

/** Why a destination may not be taken out: it is the last in service, or the service would be below its floor. */
export function maintenanceRefusal(
  { declared, composed }: ServiceState,
  destination: string,
): string | undefined {
  const others =
    composed?.destinations?.filter(({ name, weight }) => name !== destination && weight > 0) ?? [];
  if (others.length === 0)
    return `${destination} is the last destination of ${declared.name} in service; force takes it out all the same`;
  const left = others.reduce((sum, { declaredWeight }) => sum + declaredWeight, 0);
  const total = (declared.destinations ?? []).reduce((sum, { options }) => sum + options.weight, 0);
  const { floor } = declared.health;
  return left < floor * total
    ? `without ${destination}, ${declared.name} would be below its floor of ${Math.round(floor * 100)}%; force takes it out all the same`
    : undefined;
}
