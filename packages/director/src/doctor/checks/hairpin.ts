import { contains } from '../../rtnetlink/prefix.js';
import type { Check } from '../facts/check.js';
import type { Facts } from '../facts/facts.js';
import type { Path } from '../facts/paths.js';
import { command } from '../facts/shell.js';
import { isTranslated, trackingHarms } from '../traffic/tracking.js';
import { trafficOf } from '../traffic/traffic.js';
import { unanswered } from '../facts/unanswered.js';

/** Clients on the network of a destination get its answers through the director. */
export const hairpin: Check = {
  id: 'hairpin',
  title: 'Clients on the network of NAT destinations get their answers',
  severity: 'error',
  why: 'A NAT destination answers a client on its own network directly, past the director: the answer comes from an address that the client did not ask.',
  symptom: 'Timeout, for clients on the servers’ network only.',
  last: true,
  *examine(facts, explained) {
    const services = new Set<string>();
    for (const { service, target, paths, client, local } of trafficOf(facts)) {
      if (local || target.address === undefined) continue;
      for (const path of paths) {
        const { destination } = path;
        if (services.has(service.key) || explained(service.key, destination.key)) continue;
        const clients =
          client !== undefined ? [client] : unanswered(facts, path).map((each) => each.client.address);
        const near = clients.find((address) => isNear(facts, address, path));
        if (near === undefined || isTranslated(facts, service, destination, near)) continue;
        services.add(service.key);
        const tool = service.family === 'ipv6' ? 'ip6tables' : 'iptables';
        const port = target.port === undefined ? [] : ['--vport', target.port];
        const harmful = facts.settings.conntrack === 0 && trackingHarms(facts);
        const failed = client === undefined ? ', and was never answered' : '';
        yield {
          service: service.key,
          cause: `${near} ${path.link?.name ?? ''}`,
          found: `the client ${near} is on ${path.link?.name ?? '?'}, as NAT destinations are${failed}`,
          fix: harmful
            ? []
            : [
                'sysctl -w net.ipv4.vs.conntrack=1',
                command`${tool} -t nat -A POSTROUTING -m ipvs --vaddr ${target.address} ${[...port, '-j', 'MASQUERADE']}`,
              ],
          advice: harmful
            ? 'Translating the source of these requests needs vs.conntrack 1, with which the firewall would drop packets of other services as invalid: change that rule first.'
            : 'Requests then come to the servers from the director’s address. Direct routing needs no such rule.',
        };
      }
    }
  },
};

/** Whether a client and a NAT destination are on one network of this host, with no router and no bridge of ours between. */
function isNear(facts: Facts, client: string, { destination, route, link }: Path): boolean {
  if (destination.forwarding !== 'masq' || route?.type !== 'unicast' || route.gateway !== undefined)
    return false;
  if (link === undefined || destination.weight === 0) return false;
  const back = facts.routes.get(client);
  if (back?.type !== 'unicast' || back.link !== link.index || back.gateway !== undefined) return false;
  // If bridged packets pass netfilter, IPVS sees the answers too.
  if (link.kind === 'bridge' && facts.sysctl('net/bridge/bridge-nf-call-iptables') === '1') return false;
  return facts.addresses.some(
    (own) =>
      own.link === link.index &&
      [client, destination.address].every((each) => contains(own.address, own.prefixLength, each)),
  );
}
