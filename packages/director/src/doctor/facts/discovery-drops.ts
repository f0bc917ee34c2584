import type { Sighting } from './check.js';
import { discovery } from './discovery.js';
import type { Facts } from './facts.js';
import { dropSighting, inputsOf } from './firewall-path.js';
import { type Traffic, trafficOf } from './traffic.js';

/** Neighbour discovery that the firewall drops on interfaces towards clients and servers of IPv6 services. */
export function* discoveryDrops(
  facts: Facts,
  way: 'received' | 'sent',
  words: string,
): Generator<Sighting, void, undefined> {
  for (const traffic of trafficOf(facts)) {
    for (const link of linksOf(facts, traffic)) {
      for (const outcome of discovery(facts, link)[way]) {
        const seen = dropSighting(outcome, words);
        if (seen !== undefined) yield { service: traffic.service.key, ...seen };
      }
    }
  }
}

function linksOf(facts: Facts, { service, target, client, local, paths }: Traffic): Set<string> {
  const inside = paths.flatMap(({ destination, route, link }) =>
    destination.family === 'ipv6' && destination.weight > 0 && route?.type === 'unicast' && link !== undefined
      ? [link]
      : [],
  );
  const outside = local || service.family !== 'ipv6' ? [] : inputsOf(facts, service, target, client);
  const found = [...inside.map(({ name }) => name), ...outside.filter((name) => name !== undefined)];
  return new Set(found.filter((name) => !isPointToPoint(facts, name)));
}

/** Whether there is nobody to find on an interface: tunnels and wireguard have no addresses of neighbours. */
function isPointToPoint(facts: Facts, name: string): boolean {
  const kind = facts.links.find((link) => link.name === name)?.kind;
  return ['wireguard', 'tun', 'sit', 'ipip', 'gre', 'ip6tnl', 'ip6gre', 'vti', 'ppp'].includes(kind ?? '');
}
