import type { Check } from '../facts/check.js';
import { dropSighting } from '../facts/firewall-path.js';
import { passedOnOutcome, trafficOf } from '../facts/traffic.js';

/** The firewall lets requests out to destinations. */
export const firewallOutput: Check = {
  id: 'firewall-output',
  title: 'The firewall lets requests out to the destinations',
  severity: 'error',
  why: 'Packets that IPVS sends on leave through OUTPUT and POSTROUTING, as those of the director itself do: not through FORWARD.',
  symptom: 'Timeout, for the connections of those destinations. The director lists them in state SYN_RECV.',
  *examine(facts) {
    for (const traffic of trafficOf(facts)) {
      for (const path of traffic.paths) {
        if (path.destination.weight === 0 || path.route?.type !== 'unicast') continue;
        const seen = dropSighting(
          passedOnOutcome(facts, traffic, path),
          'requests on their way to destinations',
        );
        if (seen === undefined) continue;
        yield { service: path.service.key, destination: path.destination.key, ...seen };
      }
    }
  },
};
