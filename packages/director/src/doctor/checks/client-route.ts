import type { Check } from '../facts/check.js';
import { command } from '../facts/shell.js';
import { trafficOf } from '../traffic/traffic.js';

/** There is a route to the named client. */
export const clientRoute: Check = {
  id: 'client-route',
  title: 'There is a route back to the client that was named',
  severity: 'error',
  why: 'With NAT answers go back to the client by the director’s routing table.',
  symptom: 'Timeout, for clients without a route. The director lists the connections in state SYN_RECV.',
  *examine(facts) {
    for (const { service, paths, client, local } of trafficOf(facts)) {
      if (client === undefined || local) continue;
      const type = facts.routes.get(client)?.type;
      if (type === undefined || !['unreachable', 'blackhole', 'prohibit'].includes(type)) continue;
      if (!paths.some(({ destination }) => destination.forwarding === 'masq')) continue;
      yield {
        service: service.key,
        found: `the route to the client ${client} is ${type}`,
        advice: `Add one: ${command`ip route add ${client} via`} GATEWAY`,
      };
    }
  },
};
