/** Roles of this host other than a director with its virtual addresses on a network. */
import type { Service } from '@ipvs-ts/ipvs';
import type { Link } from '../../rtnetlink/link.js';
import type { Facts } from './facts.js';
import { perFacts } from './per-facts.js';
import { linkByIndex, ownAddress } from './paths.js';

/** Whether an interface only holds addresses and has no network: lo, dummies, kube-ipvs0. */
export function isHolder(link: Link): boolean {
  return link.loopback || link.kind === 'dummy';
}

/** Whether this is a Kubernetes node whose kube-proxy manages the table. */
export const isKubeNode = perFacts(({ links }) => links.some(({ name }) => name === 'kube-ipvs0'));

/** Whether an address belongs to this host, by an interface or by a route. */
export function isOwn(facts: Facts, address: string): boolean {
  return (
    isLoopback(address) ||
    ownAddress(facts, address) !== undefined ||
    facts.routes.get(address)?.type === 'local'
  );
}

/** 127.0.0.0/8, ::1. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/**
 * Whether another director has an address at the moment and this one is standby: a backup daemon runs here, VRRP is in
 * use, or a neighbour has answered for it.
 */
export function isStandby(facts: Facts, address: string): boolean {
  if (facts.daemons.some(({ state }) => state === 'backup') || facts.vrrp === true) return true;
  return isHeard(facts, address);
}

/** Whether another host has answered for an address. */
export function isHeard(facts: Facts, address: string): boolean {
  if (facts.probed?.taken.includes(address) === true) return true;
  return facts.neighbours.some(
    (neighbour) =>
      neighbour.address === address && !['failed', 'incomplete', 'none', 'noarp'].includes(neighbour.state),
  );
}

/**
 * Whether this host is the only client of a service: its address is a loopback address, or all its connections are from
 * here.
 */
export function isLocalOnly(facts: Facts, service: Service): boolean {
  if (service.fwmark !== undefined) return false;
  if (isLoopback(service.address)) return true;
  if (facts.asked.length > 0) return facts.asked.every((client) => isOwn(facts, client));
  const clients = clientsByAddress(facts).get(service.address);
  return clients !== undefined && [...clients].every((client) => isOwn(facts, client));
}

/** Clients that have connections, by the virtual address. */
const clientsByAddress = perFacts(({ connections }) => {
  const found = new Map<string, Set<string>>();
  for (const { virtual, client } of connections) {
    const clients = found.get(virtual.address) ?? new Set<string>();
    found.set(virtual.address, clients.add(client.address));
  }
  return found;
});

/** The interfaces on which clients from outside may arrive. */
export const wires = perFacts(({ links }) => links.filter((link) => link.up && !isHolder(link)));

/** The interface with an index, unless it only holds addresses. */
export function wireOf(facts: Facts, index: number | undefined): Link | undefined {
  const link = linkByIndex(facts, index);
  return link === undefined || isHolder(link) ? undefined : link;
}

/** Whether there is nobody to find on an interface: tunnels and wireguard have no addresses of neighbours. */
export function isPointToPoint(facts: Facts, name: string): boolean {
  const kind = facts.links.find((link) => link.name === name)?.kind;
  return ['wireguard', 'tun', 'sit', 'ipip', 'gre', 'ip6tnl', 'ip6gre', 'vti', 'ppp'].includes(kind ?? '');
}
