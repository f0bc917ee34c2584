/** Roles of this host other than a director with its virtual addresses on a wire. */
import type { Service } from '@ipvs-ts/ipvs';
import type { Link } from '../../rtnetlink/link.js';
import type { Facts } from './facts.js';
import { perFacts } from './per-facts.js';
import { linkByIndex, ownAddress } from './paths.js';

/** Whether an interface only carries addresses, without ARP for them: lo, dummies, kube-ipvs0. */
export function isHolder(link: Link): boolean {
  return link.loopback || link.kind === 'dummy';
}

/** Whether this is a node of Kubernetes whose kube-proxy keeps the table. */
export const isKubeNode = perFacts(({ links }) => links.some(({ name }) => name === 'kube-ipvs0'));

/** Whether an address is one of this host, as an interface has it or as routes do. */
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
 * Whether another director has an address at present, and this one waits: a backup daemon runs here, VRRP is at work,
 * or a neighbour has answered for it.
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
 * Whether nobody but this host asks for a service: its address is that of the loopback, or all connections that it
 * has come from here.
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

/** The interfaces that clients from outside may come in by. */
export const wires = perFacts(({ links }) => links.filter((link) => link.up && !isHolder(link)));

/** The interface that an index names, unless it only carries addresses. */
export function wireOf(facts: Facts, index: number | undefined): Link | undefined {
  const link = linkByIndex(facts, index);
  return link === undefined || isHolder(link) ? undefined : link;
}
