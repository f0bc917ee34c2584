import type { Check } from '../facts/check.js';
import type { Facts } from '../facts/facts.js';
import type { Link } from '../../rtnetlink/link.js';
import { larger, linkByIndex, virtualLink } from '../facts/paths.js';
import { isHolder, wires } from '../facts/roles.js';

/** Packets of clients are not dropped because of the interface that they arrive on. */
export const reversePathFilter: Check = {
  id: 'reverse-path-filter',
  title: 'rp_filter does not drop packets of clients',
  severity: 'warning',
  why: 'With rp_filter 1 a packet is dropped unless the route back to its sender leaves by the interface that it came in by. On a director with several networks that is often not so.',
  symptom: 'Timeout, for some clients only. The director lists no connection: the filter comes before IPVS.',
  *examine(facts) {
    for (const link of outside(facts)) {
      if (larger(facts, 'rp_filter', link) !== 1) continue;
      const astray = facts.clients.filter((client) => {
        const route = facts.routes.get(client);
        return route?.type === 'unicast' && route.link !== link.index && only(facts, link);
      });
      // If no other interface has a gateway, the dropped packets had a forged source.
      const drops = [...facts.gatewayLinks].some((each) => each !== link.index) ? facts.reversePathDrops : 0;
      if (drops === 0 && astray.length === 0) continue;
      const detours = astray.map(
        (client) =>
          `the route to ${client} leaves by ${linkByIndex(facts, facts.routes.get(client)?.link)?.name ?? '?'}`,
      );
      const counted =
        drops === 0 ? [] : [`this host has dropped ${drops} such packet${drops === 1 ? '' : 's'}`];
      yield {
        found: [`rp_filter is 1 on ${link.name}`, ...counted, ...detours].join('; '),
        // The larger of this value and that of `all` counts, and 2 is larger than 1.
        settings: [{ path: `net/ipv4/conf/${link.name}/rp_filter`, value: 2 }],
      };
    }
  },
};

/** The interfaces on which packets to virtual addresses arrive: those that have them, otherwise all. */
function outside(facts: Facts): Link[] {
  const own = facts.table
    .map(({ service }) => virtualLink(facts, service))
    .filter((link) => link !== undefined && !isHolder(link) && link.up) as Link[];
  return own.length > 0 ? [...new Set(own)] : wires(facts);
}

/** Whether all virtual addresses are on this interface, so that all clients arrive on it. */
function only(facts: Facts, link: Link): boolean {
  return facts.table.every(({ service }) => virtualLink(facts, service) === link);
}
