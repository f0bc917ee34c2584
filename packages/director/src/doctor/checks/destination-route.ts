import type { Check, Sighting } from '../facts/check.js';
import type { Facts } from '../facts/facts.js';
import { contains, networkText } from '../../rtnetlink/prefix.js';
import { linkByIndex, paths } from '../facts/paths.js';
import { command } from '../facts/shell.js';

/** There is a route to each destination. */
export const destinationRoute: Check = {
  id: 'destination-route',
  title: 'There is a route to every destination',
  severity: 'error',
  why: 'IPVS sends packets by the director’s routing table. Adding a destination that no route leads to is no error.',
  symptom:
    'Those connections that are given to the destination fail at once: no route to host, or network unreachable.',
  *examine(facts) {
    for (const { service, destination, route } of paths(facts)) {
      if (destination.weight === 0 || route === undefined) continue;
      if (['unicast', 'local', 'broadcast', 'anycast'].includes(route.type)) continue;
      yield {
        service: service.key,
        destination: destination.key,
        found: `the route to ${destination.address} is ${route.type}`,
        ...fix(facts, destination.address),
      };
    }
  },
};

/** The missing route, if an address of this host shows what it should be. */
function fix(facts: Facts, address: string): Pick<Sighting, 'fix' | 'advice'> {
  const near = facts.addresses.find(
    (own) => own.prefixLength > 0 && contains(own.address, own.prefixLength, address),
  );
  const link = linkByIndex(facts, near?.link);
  if (near === undefined || link === undefined) {
    return { fix: [], advice: `Add one: ${command`ip route add ${address} via`} GATEWAY` };
  }
  if (!link.up) return { fix: [command`ip link set ${link.name} up`] };
  const network = networkText(near.address, near.prefixLength);
  return { fix: [command`ip route add ${network} dev ${link.name} src ${near.address}`] };
}
