import type { Check } from '../facts/check.js';
import { setWeight } from '../facts/fix-commands.js';
import { paths } from '../facts/paths.js';

/** Destinations of direct routing are on a network of the director. */
export const directGateway: Check = {
  id: 'direct-gateway',
  title: 'Destinations of direct routing are on a network of the director',
  severity: 'error',
  why: 'Direct routing leaves the virtual address in the packet and puts the destination’s hardware address on it. A router in between sees a packet for the virtual address and sends it back to the director.',
  symptom: 'Timeout.',
  *examine(facts) {
    for (const { service, destination, route } of paths(facts, 'route')) {
      if (destination.weight === 0 || route?.type !== 'unicast' || route.gateway === undefined) continue;
      const tunnel = { ...destination, forwarding: 'tunnel' } as const;
      yield {
        service: service.key,
        destination: destination.key,
        found: `${destination.address} is reached through the router ${route.gateway}`,
        fix: [setWeight(service, destination, 0)],
        advice: `Direct routing cannot reach it. A tunnel can, once the server has one: ${setWeight(service, tunnel, destination.weight)}`,
      };
    }
  },
};
