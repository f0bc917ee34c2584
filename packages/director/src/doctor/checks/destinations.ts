import type { Check } from '../check.js';
import { serviceOptions } from '../fix-commands.js';

/** Every service has destinations. */
export const destinations: Check = {
  id: 'destinations',
  title: 'Every service has a destination',
  severity: 'error',
  why: 'A service without destinations has nobody to send connections to.',
  symptom: 'Connection refused at once.',
  *examine({ table }) {
    for (const entry of table) {
      if (entry.destinations.length > 0) continue;
      yield {
        service: entry.service.key,
        found: 'the service has no destinations',
        fix: [],
        advice: `Add one: ipvs-ts -a ${serviceOptions(entry.service)} -r ADDRESS:PORT -m`,
      };
    }
  },
};
