import type { Check, Sighting } from '../check.js';
import { unanswered } from '../unanswered.js';
import { paths, type Path } from '../paths.js';

/** Connections are answered. */
export const returnPath: Check = {
  id: 'return-path',
  title: 'Answers of destinations reach the client',
  severity: 'error',
  why: 'The director has passed requests on, and no connection to this destination was ever completed. With NAT answers must come back through the director; with direct routing and tunnels the server must take packets for the virtual address and answer by itself.',
  symptom: 'Timeout: every time with NAT, else for the connections of this destination.',
  last: true,
  *examine(facts, explained) {
    for (const path of paths(facts)) {
      const { service, destination } = path;
      const waiting = unanswered(facts, path);
      if (waiting.length === 0 || destination.weight === 0 || explained(service.key, destination.key))
        continue;
      yield {
        service: service.key,
        destination: destination.key,
        found: `${waiting.length === 1 ? '1 connection waits' : `${waiting.length} connections wait`} in SYN_RECV, and none was ever answered`,
        on: 'destination',
        ...fix(path),
      };
    }
  },
};

function fix(path: Path): Pick<Sighting, 'fix' | 'advice'> {
  const { service, destination, route } = path;
  const v6 = destination.family === 'ipv6';
  if (destination.forwarding === 'masq') {
    return {
      fix: [`ip${v6 ? ' -6' : ''} route replace default via ${route?.source ?? 'DIRECTOR'}`],
      advice:
        'The default gateway of a NAT server is the director’s address on its network, not the virtual address. If it is that already, look at the server’s firewall.',
    };
  }
  if (service.fwmark !== undefined) {
    return { fix: [], advice: 'Give the server the virtual address, on lo or on its tunnel interface.' };
  }
  const address = `${service.address}/${service.family === 'ipv6' ? 128 : 32}`;
  const silent = ['sysctl -w net.ipv4.conf.all.arp_ignore=1', 'sysctl -w net.ipv4.conf.all.arp_announce=2'];
  const advice =
    'The server needs the virtual address, without answering ARP for it. If it has it, look at its firewall and at its way to the client.';
  if (destination.forwarding !== 'tunnel')
    return { fix: [...silent, `ip address replace ${address} dev lo`], advice };
  return {
    fix: [...tunnelCommands(path), ...silent, ...addressCommands(address, tunnelDevice(path))],
    advice,
  };
}

/** The kernel's own device for such a tunnel, which takes packets from everywhere; one of our own where it has none. */
function tunnelDevice({ service, destination }: Path): string {
  const v6 = destination.family === 'ipv6';
  if (destination.tunnel?.type === 'gre') return v6 ? 'ip6gre0' : 'gre0';
  if (v6) return service.family === 'ipv6' ? 'ip6tnl0' : 'vip';
  return service.family === 'ipv6' ? 'sit0' : 'tunl0';
}

const MODULES: Readonly<Record<string, string>> = {
  tunl0: 'ipip',
  sit0: 'sit',
  ip6tnl0: 'ip6_tunnel',
  vip: 'ip6_tunnel',
  gre0: 'ip_gre',
  ip6gre0: 'ip6_gre',
};

function tunnelCommands(path: Path): string[] {
  const { destination, route } = path;
  const { type, port } = destination.tunnel ?? { type: 'ipip', port: 0 };
  const device = tunnelDevice(path);
  const make = `ip link add name vip type ip6tnl mode ipip6 local ${destination.address} remote ${route?.source ?? 'DIRECTOR'} || true`;
  return [
    `modprobe -a ${MODULES[device] ?? ''}${type === 'gue' ? ' fou' : ''}`,
    ...(type === 'gue' ? [`ip fou add port ${port} gue || true`] : []),
    ...(device === 'vip' ? [make] : []),
    `ip link set ${device} up`,
  ];
}

function addressCommands(address: string, device: string): string[] {
  return [
    `ip address replace ${address} dev ${device}`,
    ...['all', device].map((each) => `sysctl -w net.ipv4.conf.${each}.rp_filter=0`),
  ];
}
