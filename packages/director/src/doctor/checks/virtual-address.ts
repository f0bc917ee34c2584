import type { Service } from '@ipvs-ts/ipvs';
import { contains } from '../../rtnetlink/prefix.js';
import type { Check } from '../facts/check.js';
import type { Facts } from '../facts/facts.js';
import { targetsOf } from '../facts/marks.js';
import { linkByIndex } from '../facts/paths.js';
import { isHolder, isOwn, isStandby } from '../facts/roles.js';
import { command } from '../facts/shell.js';

/** The virtual address is an address of this host. */
export const virtualAddress: Check = {
  id: 'virtual-address',
  title: 'The virtual address is an address of the director',
  severity: 'error',
  why: 'IPVS takes packets that come in for this host. For an address that it does not have, it neither answers ARP nor takes the packet. A standby does not have it, and must not: one that runs a backup daemon or VRRP, or has heard another host answer for the address.',
  symptom:
    'Clients on its network: no route to host after some 3 seconds. Behind a router: a timeout, or the answer of whoever has the address.',
  *examine(facts) {
    for (const { service } of facts.table) {
      for (const { address } of targetsOf(facts, service)) {
        if (address === undefined || isTaken(facts, service, address) || isStandby(facts, address)) continue;
        const bits = address.includes(':') ? 128 : 32;
        yield {
          service: service.key,
          found: `no interface has the address ${address}`,
          fix: [command`ip address add ${`${address}/${bits}`} dev ${outside(facts, address)}`],
        };
      }
    }
  },
};

/**
 * Whether packets to an address are delivered to this host: it is its own, or there is a local route for their mark.
 */
function isTaken(facts: Facts, { fwmark }: Service, address: string): boolean {
  if (isOwn(facts, address)) return true;
  return fwmark !== undefined && facts.markRoutes.get(`${fwmark} ${address}`)?.type === 'local';
}

/** The interface that the address belongs on: one of its network, otherwise that of the default route. */
function outside(facts: Facts, address: string): string {
  const near = facts.addresses.find((own) => contains(own.address, own.prefixLength, address));
  const index = near?.link ?? facts.routes.get(address)?.link;
  return linkByIndex(facts, index)?.name ?? facts.links.find((link) => !isHolder(link))?.name ?? 'lo';
}
