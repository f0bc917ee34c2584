import type { Check, Sighting } from '../check.js';
import { type Way, unanswered, ways } from '../ways.js';

/** Connections are answered. */
export const returnPath: Check = {
  id: 'return-path',
  title: 'Answers of destinations reach the client',
  severity: 'error',
  why: 'The director has passed requests on, and no connection to this destination was ever completed. With NAT answers must come back through the director; with direct routing and tunnels the server must take packets for the virtual address and answer by itself.',
  symptom: 'Timeout: every time with NAT, else for the connections of this destination.',
  last: true,
  *examine(facts, explained) {
    for (const way of ways(facts)) {
      const { service, destination } = way;
      const waiting = unanswered(facts, way);
      if (waiting.length === 0 || destination.weight === 0 || explained(service.key, destination.key))
        continue;
      yield {
        service: service.key,
        destination: destination.key,
        found: `${waiting.length} connections wait in SYN_RECV, and none was ever answered`,
        on: 'destination',
        ...mend(way),
      };
    }
  },
};

function mend({ service, destination, route }: Way): Pick<Sighting, 'mend' | 'advice'> {
  const v6 = destination.family === 'ipv6';
  if (destination.forwarding === 'masq') {
    return {
      mend: [`ip${v6 ? ' -6' : ''} route replace default via ${route?.source ?? 'DIRECTOR'}`],
      advice:
        'The default gateway of a NAT server is the director’s address on its network, not the virtual address. If it is that already, look at the server’s firewall.',
    };
  }
  if (service.fwmark !== undefined) {
    return { mend: [], advice: 'Give the server the virtual address, on lo or on its tunnel interface.' };
  }
  const address = `${service.address}/${service.family === 'ipv6' ? 128 : 32}`;
  const silent = ['sysctl -w net.ipv4.conf.all.arp_ignore=1', 'sysctl -w net.ipv4.conf.all.arp_announce=2'];
  const advice =
    'The server needs the virtual address, without answering ARP for it. If it has it, look at its firewall and at its way to the client.';
  if (destination.forwarding !== 'tunnel')
    return { mend: [...silent, `ip address replace ${address} dev lo`], advice };
  const { type = 'ipip', port = 0 } = destination.tunnel ?? {};
  const device = {
    ipip: v6 ? 'ip6tnl0' : service.family === 'ipv6' ? 'sit0' : 'tunl0',
    gre: v6 ? 'ip6gre0' : 'gre0',
  }[type as 'gre'] as string | undefined;
  const name = device ?? 'tunl0';
  const module = { tunl0: 'ipip', sit0: 'sit', ip6tnl0: 'ip6_tunnel', gre0: 'ip_gre', ip6gre0: 'ip6_gre' }[
    name as 'tunl0'
  ];
  return {
    mend: [
      `modprobe -a ${module}${type === 'gue' ? ' fou' : ''}`,
      ...(type === 'gue' ? [`ip fou add port ${port} gue || true`] : []),
      `ip link set ${name} up`,
      ...silent,
      `ip address replace ${address} dev ${name}`,
      ...['all', name].map((each) => `sysctl -w net.ipv4.conf.${each}.rp_filter=0`),
    ],
    advice,
  };
}
