import type { Check } from '../facts/check.js';

/** The named services exist. */
export const missingService: Check = {
  id: 'missing-service',
  title: 'The services that were named exist',
  severity: 'error',
  why: 'Packets to an address and port that no service has go to programs on the director itself.',
  symptom: 'Connection refused at once, or the page of another program.',
  *examine({ missing }) {
    for (const service of missing) {
      yield {
        service,
        found: `there is no service ${service}`,
        fix: [],
        advice: 'List what there is: ipvs-ts -ln',
      };
    }
  },
};
