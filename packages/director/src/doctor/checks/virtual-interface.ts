import type { Check } from '../facts/check.js';
import { virtualLink } from '../facts/paths.js';
import { isHolder } from '../facts/roles.js';
import { command } from '../facts/shell.js';

/** The interface of the virtual address is up. */
export const virtualInterface: Check = {
  id: 'virtual-interface',
  title: 'The interface of the virtual address is up',
  severity: 'error',
  why: 'An interface that is down takes no packets, and its addresses are not answered for. A dummy that holds addresses may be down, as kube-proxy’s is: what counts is that the kernel takes them for its own.',
  symptom: 'No route to host after some 3 seconds.',
  *examine(facts) {
    for (const { service } of facts.table) {
      const link = virtualLink(facts, service);
      if (link === undefined || (link.up && (link.running || isHolder(link)))) continue;
      const { address } = service as { address: string };
      if (isHolder(link) && facts.routes.get(address)?.type === 'local') continue;
      yield {
        service: service.key,
        found: link.up
          ? `${link.name} has no carrier`
          : `${link.name}, which has the virtual address, is down`,
        fix: link.up ? [] : [command`ip link set ${link.name} up`],
        ...(link.up && { advice: 'Look at the cable, or at the other end of the virtual one.' }),
      };
    }
  },
};
