import type { Connection, Destination, Forwarding, Service, TableEntry } from '@ipvs-ts/ipvs';
import type { InterfaceAddress } from '../../rtnetlink/address.js';
import type { Link } from '../../rtnetlink/link.js';
import type { Route } from '../../rtnetlink/route.js';
import type { Facts } from './facts.js';
import { perFacts } from './per-facts.js';

/** A service with one of its destinations, and the path of packets between them. */
export interface Path {
  readonly service: Service;
  readonly destination: Destination;
  readonly route: Route | undefined;
  /** The interface to the destination. */
  readonly link: Link | undefined;
}

/** All services with each of their destinations; with `forwarding`, only destinations with that method. */
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

const linksByIndex = perFacts(({ links }) => new Map(links.map((link) => [link.index, link])));

/** An interface by its index. */
export function linkByIndex(facts: Facts, index: number | undefined): Link | undefined {
  return index === undefined ? undefined : linksByIndex(facts).get(index);
}

const addressesByText = perFacts(
  ({ addresses }) => new Map([...addresses].reverse().map((own) => [own.address, own])),
);

/** The entry of `address` among the addresses of this host; undefined if it is not one of them. */
export function ownAddress(facts: Facts, address: string): InterfaceAddress | undefined {
  return addressesByText(facts).get(address);
}

/** The interface that holds the virtual address of a service. */
export function virtualLink(facts: Facts, service: Service): Link | undefined {
  if (service.fwmark !== undefined) return undefined;
  return linkByIndex(facts, ownAddress(facts, service.address)?.link);
}

/** Connections by service and destination. */
const connectionIndex = perFacts(({ connections }) => {
  const index = new Map<string, Connection[]>();
  for (const connection of connections) {
    if (connection.template) continue;
    const { protocol, virtual, destination } = connection;
    for (const key of [
      `${protocol} ${virtual.address} ${virtual.port} ${destination.address}`,
      `${protocol} ${virtual.address} 0 ${destination.address}`,
      destination.address,
    ]) {
      const before = index.get(key);
      if (before === undefined) index.set(key, [connection]);
      else before.push(connection);
    }
  }
  return index;
});

/** The connections of a service to one of its destinations, without persistence templates. */
export function connectionsOf(
  facts: Facts,
  { service, destination }: Pick<Path, 'service' | 'destination'>,
): Connection[] {
  const { address, port } = destination;
  const key =
    service.fwmark !== undefined
      ? address
      : `${service.protocol} ${service.address} ${service.port} ${address}`;
  const found = connectionIndex(facts).get(key) ?? [];
  return found.filter(({ destination: own }) => port === 0 || own.port === port);
}

/** Entries of the table whose services have destinations. */
export function populated(facts: Facts): TableEntry[] {
  return facts.table.filter(({ destinations }) => destinations.length > 0);
}

/** The larger of an interface's setting and that of `all`: `net/ipv4/conf/eth0/rp_filter`. */
export function larger(facts: Facts, setting: string, link: Link): number {
  return Math.max(
    ...['all', link.name].map((name) => Number(facts.sysctl(`net/ipv4/conf/${name}/${setting}`) ?? 0)),
  );
}
