/** The states of rows by a running agent. */
import type { DestinationStatus, ServiceStatus, Status } from '@ipvs-ts/agent';
import type { Paint } from '../../framework/paint.js';
import { PAINTS } from '../../agent-client/rows.js';

/** The state of one row. */
export interface Health {
  /** The state of a destination; for a service the share of its weight that is in service. */
  readonly state: string;
  readonly reason: string;
  readonly paint: Paint;
}

/** The states of the table. */
export interface States {
  service(service: string): Health | undefined;
  destination(service: string, destination: string): Health | undefined;
}

interface Found {
  readonly status: ServiceStatus;
  readonly destinations: ReadonlyMap<string, DestinationStatus>;
}

/** States by name, from the status of an agent. */
export function statesOf({ services }: Pick<Status, 'services'>): States {
  const found = new Map(
    services.map((status): [string, Found] => [
      status.service,
      { status, destinations: new Map(status.destinations.map((each) => [each.destination, each])) },
    ]),
  );
  return {
    service: (service) => {
      const status = found.get(service)?.status;
      return status === undefined ? undefined : serviceHealth(status);
    },
    destination: (service, destination) => {
      const status = found.get(service)?.destinations.get(destination);
      if (status === undefined) return undefined;
      return { state: status.state, reason: status.reason, paint: PAINTS[status.state] };
    },
  };
}

function serviceHealth({ capacity, guard }: ServiceStatus): Health {
  const state = `${Math.round(capacity * 100)}%`;
  const paint = guard !== null || capacity === 0 ? 'alarm' : capacity < 1 ? 'yellow' : 'green';
  return {
    state,
    reason: guard === null ? '' : `kept by the guard “${guard}”`,
    paint,
  };
}
