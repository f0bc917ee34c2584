import type { Check } from '../facts/check.js';
import { resolutionDrops } from '../traffic/address-resolution.js';
import { discoveryDrops } from '../traffic/discovery.js';
import { dropSighting } from '../traffic/firewall-path.js';
import { healedByTracking } from '../traffic/tracking.js';
import { requestOutcome, trafficOf } from '../traffic/traffic.js';

/** The firewall lets requests in. */
export const firewallInput: Check = {
  id: 'firewall-input',
  title: 'The firewall lets requests for the virtual address in',
  severity: 'error',
  why: 'Packets pass PREROUTING and INPUT before IPVS sees them. What is dropped there is never balanced. With vs.conntrack 0, and with direct routing and tunnels, conntrack knows none of their connections: later packets are new or invalid, not established.',
  symptom: 'Timeout (DROP) or refused at once (REJECT). The director lists no connection, or half-open ones.',
  *examine(facts) {
    for (const traffic of trafficOf(facts)) {
      const seen = dropSighting(requestOutcome(facts, traffic), 'requests before they are balanced');
      if (seen === undefined || healedByTracking(facts, traffic)) continue;
      yield { service: traffic.service.key, ...seen };
    }
    yield* resolutionDrops(facts, 'received', 'ARP of other hosts');
    yield* discoveryDrops(facts, 'received', 'the neighbour discovery of other hosts');
  },
};
