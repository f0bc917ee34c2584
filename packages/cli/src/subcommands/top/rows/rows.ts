/** The rows of the screen: services and their destinations, with numbers to show and to sort by. */
import type { Rates, WatchedDestination, WatchedService, WatchSample } from '@ipvs-ts/ipvs';
import type { Health, States } from './states.js';

/** The numbers of a service or a destination. Those of a service are the sums of its destinations, except rates. */
export interface Row {
  readonly name: string;
  readonly weight: number;
  readonly active: number;
  readonly inactive: number;
  readonly persistent: number;
  /** Undefined while they are not known. */
  readonly rates: Rates | undefined;
  /** Its state by a running agent; undefined if there is none, or if the agent does not know it. */
  readonly health: Health | undefined;
}

/** A service with its destinations. */
export interface ServiceRow extends Row {
  readonly destinations: readonly Row[];
}

/** The rows of a sample. `measured`: rates since the last sample instead of the kernel's averages. */
export function serviceRows({ services }: WatchSample, measured: boolean, states?: States): ServiceRow[] {
  return services.map((each) => serviceRow(each, measured, states));
}

function serviceRow(watched: WatchedService, measured: boolean, states: States | undefined): ServiceRow {
  const { key, rates } = watched.service;
  const destinations = watched.destinations.map((each) => ({
    ...destinationRow(each, measured),
    health: states?.destination(key, each.destination.key),
  }));
  return {
    name: key,
    ...sum(destinations),
    rates: measured ? watched.rates : rates,
    health: states?.service(key),
    destinations,
  };
}

function destinationRow({ destination, rates }: WatchedDestination, measured: boolean): Omit<Row, 'health'> {
  return {
    name: destination.key,
    weight: destination.weight,
    active: destination.activeConnections,
    inactive: destination.inactiveConnections,
    persistent: destination.persistentConnections,
    rates: measured ? rates : destination.rates,
  };
}

function sum(rows: readonly Omit<Row, 'health'>[]): Omit<Row, 'name' | 'rates' | 'health'> {
  const total = { weight: 0, active: 0, inactive: 0, persistent: 0 };
  for (const { weight, active, inactive, persistent } of rows) {
    total.weight += weight;
    total.active += active;
    total.inactive += inactive;
    total.persistent += persistent;
  }
  return total;
}

const RATES = ['connections', 'inPackets', 'outPackets', 'inBytes', 'outBytes'] as const;

/** All services in one row. */
export function totalRow(services: readonly ServiceRow[]): Row {
  const rates = { connections: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 };
  for (const each of services) for (const name of RATES) rates[name] += each.rates?.[name] ?? 0;
  const known = services.length === 0 || services.some((each) => each.rates !== undefined);
  return { name: 'total', ...sum(services), rates: known ? rates : undefined, health: undefined };
}
