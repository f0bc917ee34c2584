import type { Connection, Destination, Forwarding, Service, TableEntry } from '@ipvs-ts/ipvs';
import type { InterfaceAddress } from '../rtnetlink/address.js';
import type { Link } from '../rtnetlink/link.js';
import type { Route } from '../rtnetlink/route.js';
import type { Facts } from './facts.js';

/** A service with one of its destinations, and the path of packets between them. */
export interface Path {
  readonly service: Service;
  readonly destination: Destination;
  readonly route: Route | undefined;
  /** The interface towards the destination. */
  readonly link: Link | undefined;
}

/** All services with each of their destinations; with `forwarding`, those that are reached by it. */
export function* paths(facts: Facts, forwarding?: Forwarding): Generator<Path, void, undefined> {
  for (const { service, destinations } of facts.table) {
    for (const destination of destinations) {
      if (forwarding !== undefined && destination.forwarding !== forwarding) continue;
      const route = facts.routes.get(destination.address);
      yield { service, destination, route, link: linkByIndex(facts, route?.link) };
    }
  }
}

/** The paths to other hosts by NAT: a destination that is this host itself needs no forwarding. */
export function* natPaths(facts: Facts): Generator<Path & { link: Link }, void, undefined> {
  for (const path of paths(facts, 'masq')) {
    if (path.route?.type === 'unicast' && path.link !== undefined) yield { ...path, link: path.link };
  }
}

/** An interface by its index. */
export function linkByIndex(facts: Facts, index: number | undefined): Link | undefined {
  return facts.links.find((link) => link.index === index);
}

/** The address of this host that is `address`, if there is one. */
export function ownAddress(facts: Facts, address: string): InterfaceAddress | undefined {
  return facts.addresses.find((own) => own.address === address);
}

/** The interface that holds the virtual address of a service. */
export function virtualLink(facts: Facts, service: Service): Link | undefined {
  if (service.fwmark !== undefined) return undefined;
  return linkByIndex(facts, ownAddress(facts, service.address)?.link);
}

/** The connections of a service to one of its destinations, without persistence templates. */
export function connectionsOf(facts: Facts, { service, destination }: Path): Connection[] {
  return facts.connections.filter(
    (connection) =>
      !connection.template &&
      connection.destination.address === destination.address &&
      (destination.port === 0 || connection.destination.port === destination.port) &&
      (service.fwmark !== undefined ||
        (connection.protocol === service.protocol &&
          connection.virtual.address === service.address &&
          (service.port === 0 || connection.virtual.port === service.port))),
  );
}

/** Entries of the table whose services have destinations. */
export function populated(facts: Facts): TableEntry[] {
  return facts.table.filter(({ destinations }) => destinations.length > 0);
}

/** A setting of an interface that counts together with that of all: `net/ipv4/conf/eth0/rp_filter`. */
export function larger(facts: Facts, setting: string, link: Link): number {
  return Math.max(
    ...['all', link.name].map((name) => Number(facts.sysctl(`net/ipv4/conf/${name}/${setting}`) ?? 0)),
  );
}
