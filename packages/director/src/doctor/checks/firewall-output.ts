import type { Check } from '../facts/check.js';
import { resolutionDrops } from '../traffic/address-resolution.js';
import { discoveryDrops } from '../traffic/discovery.js';
import { dropSighting } from '../traffic/firewall-path.js';
import { healedByTracking } from '../traffic/tracking.js';
import { ownReplyOutcome, passedOnOutcome, trafficOf } from '../traffic/traffic.js';

/** The firewall lets requests out to destinations. */
export const firewallOutput: Check = {
  id: 'firewall-output',
  title: 'The firewall lets requests out to the destinations, and answers of the director’s own server',
  severity: 'error',
  why: 'Packets that IPVS sends on leave through OUTPUT and POSTROUTING, as those of the director itself do: not through FORWARD. So do the answers of a server that runs on the director.',
  symptom: 'Timeout, for the connections of those destinations. The director lists them in state SYN_RECV.',
  *examine(facts) {
    for (const traffic of trafficOf(facts)) {
      for (const path of traffic.paths) {
        const type = path.route?.type;
        if (path.destination.weight === 0 || (type !== 'unicast' && type !== 'local')) continue;
        const about = { service: path.service.key, destination: path.destination.key };
        const seen = dropSighting(
          passedOnOutcome(facts, traffic, path),
          'requests on their way to destinations',
        );
        if (seen !== undefined) yield { ...about, ...seen };
        const reply = dropSighting(ownReplyOutcome(facts, traffic, path), 'answers of this host as a server');
        if (reply !== undefined && !healedByTracking(facts, traffic)) yield { ...about, ...reply };
      }
    }
    yield* resolutionDrops(facts, 'sent', 'ARP of this host');
    yield* discoveryDrops(facts, 'sent', 'the neighbour discovery of this host');
  },
};
