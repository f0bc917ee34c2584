import type { Service } from '@ipvs-ts/ipvs';
import type { Check } from '../check.js';
import type { Facts } from '../facts.js';
import { contains } from '../../rtnetlink/prefix.js';
import { linkByIndex, ownAddress } from '../paths.js';

/** The virtual address is an address of this host. */
export const virtualAddress: Check = {
  id: 'virtual-address',
  title: 'The virtual address is an address of the director',
  severity: 'error',
  why: 'IPVS takes packets that come in for this host. For an address that it does not have, it neither answers ARP nor takes the packet.',
  symptom:
    'Clients on its network: no route to host after some 3 seconds. Behind a router: a timeout, or the answer of whoever has the address.',
  *examine(facts) {
    for (const [address, services] of byAddress(facts)) {
      if (ownAddress(facts, address) !== undefined || facts.routes.get(address)?.type === 'local') continue;
      const device = outside(facts, address);
      const bits = address.includes(':') ? 128 : 32;
      for (const { key } of services) {
        yield {
          service: key,
          found: `no interface has the address ${address}`,
          fix: [`ip address add ${address}/${bits} dev ${device}`],
        };
      }
    }
  },
};

/** Services by their virtual addresses. */
export function byAddress({ table }: Facts): Map<string, Service[]> {
  const found = new Map<string, Service[]>();
  for (const { service } of table) {
    if (service.fwmark !== undefined) continue;
    found.set(service.address, [...(found.get(service.address) ?? []), service]);
  }
  return found;
}

/** The interface that the address belongs on: one of its network, else the one towards the way out. */
function outside(facts: Facts, address: string): string {
  const near = facts.addresses.find((own) => contains(own.address, own.prefixLength, address));
  const index = near?.link ?? facts.routes.get(address)?.link;
  return linkByIndex(facts, index)?.name ?? facts.links.find(({ loopback }) => !loopback)?.name ?? 'lo';
}
