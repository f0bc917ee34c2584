import type { Check, Sighting } from '../facts/check.js';
import { isIgnored, isSilent } from '../facts/silent.js';
import { paths, type Path } from '../facts/paths.js';
import { command } from '../facts/shell.js';
import { unanswered } from '../facts/unanswered.js';

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
      if (destination.weight === 0 || explained(service.key, destination.key)) continue;
      const [waiting] = unanswered(facts, path);
      const about = { service: service.key, destination: destination.key };
      const cause = `${destination.address} ${destination.forwarding}`;
      if (waiting !== undefined) {
        const found = `connections to ${destination.address} wait in ${waiting.state}, and none was ever answered`;
        yield { ...about, found, cause, ...fix(path) };
      } else if (isSilent(facts, path)) {
        const others = isIgnored(facts, service);
        yield {
          ...about,
          found: `${others ? 'perhaps ' : ''}answers of ${destination.address} do not come back: packets were sent to it, and none came from it`,
          cause: `${cause} ${others}`,
          ...fix(path),
          ...(others && { perhaps: true }),
        };
      }
    }
  },
};

function fix(path: Path): Pick<Sighting, 'fix' | 'advice' | 'on'> {
  const { service, destination, route } = path;
  if (route?.type === 'local')
    return {
      advice: 'This host itself is the server: see whether its program runs, and listens on the address.',
    };
  return {
    on: 'destination',
    ...remoteFix(path, service.fwmark !== undefined, destination.family === 'ipv6'),
  };
}

function remoteFix(path: Path, marked: boolean, v6: boolean): Pick<Sighting, 'fix' | 'advice'> {
  const { service, destination, route } = path;
  if (destination.forwarding === 'masq') {
    return {
      fix: [
        command`ip ${[...(v6 ? ['-6'] : []), 'route', 'replace', 'default', 'via']} ${route?.source ?? 'DIRECTOR'}`,
      ],
      advice:
        'The default gateway of a NAT server is the director’s address on its network, not the virtual address. If it is that already, look at the server’s firewall.',
    };
  }
  if (marked || service.fwmark !== undefined)
    return { advice: 'Give the server the virtual address, on lo or on its tunnel interface.' };
  const address = `${service.address}/${service.family === 'ipv6' ? 128 : 32}`;
  const silent = ['sysctl -w net.ipv4.conf.all.arp_ignore=1', 'sysctl -w net.ipv4.conf.all.arp_announce=2'];
  const advice =
    'The server needs the virtual address, without answering ARP for it. If it has it, look at its firewall and at its way to the client.';
  if (destination.forwarding !== 'tunnel')
    return { fix: [...silent, command`ip address replace ${address} dev lo`], advice };
  return {
    fix: [...tunnelCommands(path), ...silent, ...addressCommands(address, tunnelDevice(path))],
    advice,
  };
}

/**
 * The kernel's own device for such a tunnel, which accepts packets from any address; a new one if the kernel has none.
 */
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
  const modules = [MODULES[device] ?? '', ...(type === 'gue' ? ['fou'] : [])].filter((name) => name !== '');
  return [
    command`modprobe -a ${modules}`,
    ...(type === 'gue' ? [command`ip fou add port ${port} gue || true`] : []),
    ...(device === 'vip'
      ? [
          command`ip link add name vip type ip6tnl mode ipip6 local ${destination.address} remote ${route?.source ?? 'DIRECTOR'} || true`,
        ]
      : []),
    command`ip link set ${device} up`,
  ];
}

function addressCommands(address: string, device: string): string[] {
  return [
    command`ip address replace ${address} dev ${device}`,
    ...['all', device].map((each) => `sysctl -w net.ipv4.conf.${each}.rp_filter=0`),
  ];
}
