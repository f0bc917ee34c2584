import type { Check } from '../facts/check.js';
import { placeText } from '../traffic/firewall-path.js';
import { healedByTracking } from '../traffic/tracking.js';
import { ownReplyOutcome, replyOutcome, requestOutcome, trafficOf } from '../traffic/traffic.js';

/** A firewall that accepts known connections knows those of IPVS. */
export const firewallStateful: Check = {
  id: 'firewall-stateful',
  title: 'A firewall that lets known connections pass knows those of IPVS',
  severity: 'error',
  why: 'With vs.conntrack 0 IPVS keeps its connections from conntrack. A rule that lets ESTABLISHED packets pass does not know them then, and to one that drops INVALID packets each reply of a server is invalid.',
  symptom: 'Timeout. The director lists the connections in state SYN_RECV.',
  *examine(facts) {
    for (const traffic of trafficOf(facts)) {
      if (!healedByTracking(facts, traffic)) continue;
      const outcomes = [
        requestOutcome(facts, traffic),
        ...traffic.paths.flatMap((path) => [
          replyOutcome(facts, traffic, path),
          ownReplyOutcome(facts, traffic, path),
        ]),
      ];
      const place = outcomes.flatMap((outcome) => outcome?.accept ?? [])[0]?.place;
      if (place === undefined) continue;
      yield {
        service: traffic.service.key,
        found: `${placeText(place)}, lets packets of known connections pass only, and net.ipv4.vs.conntrack is 0`,
        settings: [{ path: 'net/ipv4/vs/conntrack', value: 1 }],
        advice: 'It counts for new connections, and costs some of the director’s speed.',
      };
    }
  },
};
