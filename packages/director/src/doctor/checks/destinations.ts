import type { Check } from '../facts/check.js';
import { serviceOptions } from '../facts/fix-commands.js';
import { isKubeNode } from '../facts/roles.js';
import { command } from '../facts/shell.js';

/** Every service has destinations. */
export const destinations: Check = {
  id: 'destinations',
  title: 'Every service has a destination',
  severity: 'error',
  why: 'A service without destinations has nobody to send connections to.',
  symptom: 'Connection refused at once.',
  *examine(facts) {
    for (const entry of facts.table) {
      if (entry.destinations.length > 0) continue;
      yield {
        service: entry.service.key,
        found: 'the service has no destinations',
        advice: isKubeNode(facts)
          ? 'kube-proxy keeps this table: look at the endpoints of the Service (kubectl get endpointslices -A).'
          : `Add one: ${command`ipvs-ts -a ${serviceOptions(entry.service)} -r ADDRESS:PORT -m`}`,
      };
    }
  },
};
