import { contains } from '../../rtnetlink/prefix.js';
import type { Check } from '../check.js';
import { unanswered } from '../unanswered.js';
import { natPaths } from '../paths.js';

/** Clients on the destinations' own network get their answers back. */
export const hairpin: Check = {
  id: 'hairpin',
  title: 'Clients on the network of NAT destinations get their answers',
  severity: 'error',
  why: 'A NAT destination answers a client on its own network directly, past the director: the answer comes from an address that the client did not ask.',
  symptom: 'Timeout, for clients on the servers’ network only.',
  last: true,
  *examine(facts, explained) {
    const services = new Set<string>();
    for (const path of natPaths(facts)) {
      const { service, destination, route, link } = path;
      if (route?.gateway !== undefined || services.has(service.key)) continue;
      if (explained(service.key, destination.key)) continue;
      const near = unanswered(facts, path)
        .map(({ client }) => client.address)
        .find((address) => {
          const back = facts.routes.get(address);
          if (back?.type !== 'unicast' || back.link !== link.index || back.gateway !== undefined)
            return false;
          return facts.addresses.some(
            (own) =>
              own.link === link.index &&
              [address, destination.address].every((each) => contains(own.address, own.prefixLength, each)),
          );
        });
      if (near === undefined || service.fwmark !== undefined) continue;
      services.add(service.key);
      const tool = service.family === 'ipv6' ? 'ip6tables' : 'iptables';
      const port = service.port === 0 ? '' : ` --vport ${service.port}`;
      yield {
        service: service.key,
        found: `the client ${near} is on ${link.name}, as the destinations are, and was never answered`,
        fix: [
          'sysctl -w net.ipv4.vs.conntrack=1',
          `${tool} -t nat -A POSTROUTING -m ipvs --vaddr ${service.address}${port} -j MASQUERADE`,
        ],
        advice:
          'Requests then come to the servers from the director’s address. Direct routing needs no such rule.',
      };
    }
  },
};
