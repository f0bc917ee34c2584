import { contains } from '../../rtnetlink/prefix.js';
import type { Check } from '../facts/check.js';
import type { Facts } from '../facts/facts.js';
import { larger, linkByIndex, ownAddress } from '../facts/paths.js';
import { isHolder, isKubeNode, isLocalOnly, isStandby } from '../facts/roles.js';
import { targetsOf } from '../facts/marks.js';
import { sysctlCommand } from '../facts/fix-commands.js';
import type { Link } from '../../rtnetlink/link.js';

/** The director answers ARP for its virtual addresses. */
export const arpIgnore: Check = {
  id: 'arp-ignore',
  title: 'The director answers ARP for the virtual address where it is asked',
  severity: 'error',
  why: 'With arp_ignore 1 or 2 an interface answers for its own addresses only. A virtual address on lo, a dummy or another interface is then not answered for on the network that it belongs to. Real servers want that; a director does not.',
  symptom: 'Clients on its network: no route to host after some 3 seconds.',
  *examine(facts) {
    // kube-proxy's addresses are not resolved by ARP: pods and nodes have routes to them.
    if (isKubeNode(facts)) return;
    for (const { service } of facts.table) {
      if (service.family !== 'ipv4' || isLocalOnly(facts, service)) continue;
      for (const { address } of targetsOf(facts, service)) {
        const link = address === undefined ? undefined : silentLink(facts, address);
        if (address === undefined || link === undefined || isStandby(facts, address)) continue;
        const own = linkByIndex(facts, ownAddress(facts, address)?.link);
        yield {
          service: service.key,
          found: `${address} is on ${own?.name ?? '?'}, and ${link.name}, where it is asked for, has arp_ignore ${larger(facts, 'arp_ignore', link)}`,
          fix: ['all', link.name]
            .filter((name) => facts.sysctl(`net/ipv4/conf/${name}/arp_ignore`) !== '0')
            .map((name) => sysctlCommand({ path: `net/ipv4/conf/${name}/arp_ignore`, value: 0 })),
          advice:
            'The larger of the values of the interface and of all counts. If another director has the address at present, and this one is a real server of it, leave it.',
        };
      }
    }
  },
};

/** The interface to an address's own network, if it does not answer for the address. */
function silentLink(facts: Facts, address: string): Link | undefined {
  const own = ownAddress(facts, address);
  if (own === undefined) return undefined;
  for (const near of facts.addresses) {
    if (near.prefixLength >= 32 || !contains(near.address, near.prefixLength, address)) continue;
    const link = linkByIndex(facts, near.link);
    if (link === undefined || !link.up || isHolder(link)) continue;
    const mode = larger(facts, 'arp_ignore', link);
    const silent = mode === 8 || ((mode === 1 || mode === 2) && own.link !== link.index);
    return silent ? link : undefined;
  }
  return undefined;
}
