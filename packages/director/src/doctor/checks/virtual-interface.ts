import type { Check } from '../check.js';
import { virtualLink } from '../paths.js';

/** The interface of the virtual address is up. */
export const virtualInterface: Check = {
  id: 'virtual-interface',
  title: 'The interface of the virtual address is up',
  severity: 'error',
  why: 'An interface that is down takes no packets, and its addresses are not answered for.',
  symptom: 'No route to host after some 3 seconds.',
  *examine(facts) {
    for (const { service } of facts.table) {
      const link = virtualLink(facts, service);
      if (link === undefined || (link.up && (link.running || link.loopback))) continue;
      yield {
        service: service.key,
        found: link.up
          ? `${link.name} has no carrier`
          : `${link.name}, which has the virtual address, is down`,
        fix: link.up ? [] : [`ip link set ${link.name} up`],
        ...(link.up && { advice: 'Look at the cable, or at the other end of the virtual one.' }),
      };
    }
  },
};
