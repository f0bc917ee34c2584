import type { Check } from '../facts/check.js';
import { isUnheard } from '../traffic/address-resolution.js';
import { isDeaf } from '../traffic/discovery.js';
import { setWeight } from '../facts/fix-commands.js';
import { paths } from '../facts/paths.js';
import { perFacts } from '../facts/per-facts.js';

const stateOf = perFacts(
  ({ neighbours }) =>
    new Map([...neighbours].reverse().map(({ link, address, state }) => [`${link} ${address}`, state])),
);

/** Destinations, or the routers to them, answer ARP or neighbour discovery. */
export const neighbour: Check = {
  id: 'neighbour',
  title: 'Destinations, or the routers towards them, answer ARP or neighbour discovery',
  severity: 'error',
  why: 'A host that does not answer is off, unplugged, or has another address. IPVS itself goes on sending it connections.',
  symptom: 'One in so many connections times out or finds no route to host: those of this destination.',
  *examine(facts) {
    for (const { service, destination, route, link } of paths(facts)) {
      if (destination.weight === 0 || route?.type !== 'unicast') continue;
      const hop = route.gateway ?? destination.address;
      const state = stateOf(facts).get(`${route.link ?? ''} ${hop}`);
      if (state !== 'failed' && state !== 'incomplete') continue;
      // The firewall here keeps its answer away.
      if (destination.family === 'ipv6' && link !== undefined && isDeaf(facts, link.name)) continue;
      if (
        destination.family === 'ipv4' &&
        link !== undefined &&
        isUnheard(facts, link.name, hop, route.source)
      )
        continue;
      // The kernel's entry may be older than the result of a probe.
      const probed = facts.probed?.destinations.get(service.key)?.get(destination.key);
      if (probed === 'open' || probed === 'refused') continue;
      yield {
        service: service.key,
        destination: destination.key,
        found: `${hop} does not answer on ${link?.name ?? '?'} (neighbour state ${state})`,
        fix: [setWeight(service, destination, 0)],
        advice: 'The command takes it out of service. Bring the server back, then set its weight again.',
      };
    }
  },
};
