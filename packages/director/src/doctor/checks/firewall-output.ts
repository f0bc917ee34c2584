import type { Check } from '../check.js';
import { dropped, dropSighting, passedOn } from '../firewall-drops.js';
import { paths } from '../paths.js';

/** The firewall lets requests out to destinations. */
export const firewallOutput: Check = {
  id: 'firewall-output',
  title: 'The firewall lets requests out to the destinations',
  severity: 'error',
  why: 'Packets that IPVS sends on leave through OUTPUT and POSTROUTING, as those of the director itself do: not through FORWARD.',
  symptom: 'Timeout, for the connections of those destinations. The director lists them in state SYN_RECV.',
  *examine(facts) {
    for (const path of paths(facts)) {
      if (path.destination.weight === 0 || path.route?.type !== 'unicast') continue;
      const packet = passedOn(path, facts.settings.conntrack === 1);
      const drop = packet && dropped(facts, ['output', 'postrouting'], packet);
      if (packet === undefined || drop === undefined) continue;
      const { service, destination } = path;
      yield {
        service: service.key,
        destination: destination.key,
        ...dropSighting(drop, packet, `requests on their way to ${destination.key}`),
      };
    }
  },
};
