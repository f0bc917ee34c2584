import type { Check } from '../check.js';
import { dropped, dropSighting, requestOf } from '../firewall-drops.js';
import { virtualLink } from '../paths.js';

/** The firewall lets requests in. */
export const firewallInput: Check = {
  id: 'firewall-input',
  title: 'The firewall lets requests for the virtual address in',
  severity: 'error',
  why: 'Packets pass PREROUTING and INPUT before IPVS sees them. What is dropped there is never balanced.',
  symptom: 'Timeout (DROP) or refused at once (REJECT). The director lists no connection.',
  *examine(facts) {
    for (const { service } of facts.table) {
      const link = virtualLink(facts, service);
      const packet = requestOf({ service }, link?.loopback === true ? undefined : link?.name);
      const drop = packet && dropped(facts, ['prerouting', 'input'], packet);
      if (packet === undefined || drop === undefined) continue;
      yield { service: service.key, ...dropSighting(drop, packet, 'its requests before they are balanced') };
    }
  },
};
