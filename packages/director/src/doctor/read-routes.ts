import type { TableEntry } from '@ipvs-ts/ipvs';
import type { Host } from '../host.js';
import type { InterfaceAddress } from '../rtnetlink/address.js';
import type { Link } from '../rtnetlink/link.js';
import type { Route } from '../rtnetlink/route.js';
import type { Facts } from './facts/facts.js';
import { targetsOf } from './facts/marks.js';

/** Virtual addresses and addresses of destinations. */
export function* addressesOf(table: readonly TableEntry[]): Generator<string, void, undefined> {
  for (const { service, destinations } of table) {
    if (service.fwmark === undefined) yield service.address;
    for (const { address } of destinations) yield address;
  }
}

/** The index of lo in every network namespace. */
const LOOPBACK = 1;

/** Reads the routes to addresses. Those to addresses of this host are known. */
export async function readRoutes(
  host: Host,
  addresses: readonly string[],
  own: ReadonlySet<string>,
): Promise<Map<string, Route>> {
  const local: Route = { type: 'local', link: LOOPBACK };
  const found = await Promise.all(
    [...new Set(addresses)].map(
      async (address) => [address, own.has(address) ? local : await host.route(address)] as const,
    ),
  );
  return new Map(found);
}

/** Addresses of interfaces that are up, to which the route is known. */
export function ownAddresses(
  links: readonly Link[],
  addresses: readonly InterfaceAddress[],
): ReadonlySet<string> {
  const up = new Set(links.filter((link) => link.up).map(({ index }) => index));
  return new Set(
    addresses.filter(({ link, usable }) => usable && up.has(link)).map(({ address }) => address),
  );
}

/** Reads the routes of packets with the mark of a service, which routing rules may use. */
export async function readMarkRoutes(host: Host, facts: Facts): Promise<Map<string, Route>> {
  const found = new Map<string, Route>();
  for (const { service } of facts.table) {
    const mark = service.fwmark;
    if (mark === undefined) continue;
    for (const { address } of targetsOf(facts, service)) {
      if (address !== undefined) found.set(`${mark} ${address}`, await host.route(address, { mark }));
    }
  }
  return found;
}
