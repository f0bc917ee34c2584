import type { Check } from '../check.js';
import { dropped, dropSighting, replyOf } from '../firewall-drops.js';
import { natPaths } from '../paths.js';

/** The firewall forwards replies of NAT destinations. */
export const firewallForward: Check = {
  id: 'firewall-forward',
  title: 'The firewall forwards replies of NAT destinations',
  severity: 'error',
  why: 'With NAT replies come back through the director, and pass FORWARD with the destination’s address as their source.',
  symptom: 'Timeout. The director lists the connections in state SYN_RECV.',
  *examine(facts) {
    const tracked = facts.settings.conntrack === 1;
    for (const path of natPaths(facts)) {
      const packet = replyOf(path, tracked);
      const drop = dropped(facts, ['prerouting', 'forward'], packet);
      if (drop === undefined) continue;
      // The next check's business: the firewall lets replies pass that conntrack knows as such.
      if (!tracked && dropped(facts, ['prerouting', 'forward'], replyOf(path, true)) === undefined) continue;
      const { service, destination } = path;
      yield {
        service: service.key,
        destination: destination.key,
        ...dropSighting(drop, packet, `replies of ${destination.key}`),
      };
    }
  },
};
