import type { Check } from '../facts/check.js';
import { dropSighting } from '../traffic/firewall-path.js';
import { healedByTracking } from '../traffic/tracking.js';
import { replyOutcome, trafficOf } from '../traffic/traffic.js';

/** The firewall forwards replies of NAT destinations. */
export const firewallForward: Check = {
  id: 'firewall-forward',
  title: 'The firewall forwards replies of NAT destinations',
  severity: 'error',
  why: 'With NAT replies come back through the director, and pass FORWARD with the destination’s address as their source (INPUT, if the director itself is the client).',
  symptom: 'Timeout. The director lists the connections in state SYN_RECV.',
  *examine(facts) {
    for (const traffic of trafficOf(facts)) {
      for (const path of traffic.paths) {
        const seen = dropSighting(replyOutcome(facts, traffic, path), 'replies of NAT destinations');
        if (seen === undefined || healedByTracking(facts, traffic)) continue;
        yield { service: path.service.key, destination: path.destination.key, ...seen };
      }
    }
  },
};
