import type { Bench } from '../bench.js';
import { udpSocket } from '../sockets.js';
import type { Situation } from './situation.js';

/** The second server is the director itself, reached by NAT. */
export async function localServer({ ipvs, service, lab, director }: Bench): Promise<void> {
  await lab.serve(director, 'local');
  await ipvs.deleteDestination(service, '10.0.0.12:80');
  await ipvs.addDestination(service, '10.0.0.1:80', { forwarding: 'masq' });
}

/** The same with direct routing. */
async function localServerDirect({ ipvs, service, lab, director }: Bench): Promise<void> {
  await lab.serve(director, 'local');
  await ipvs.deleteDestination(service, '192.0.2.12:80');
  await ipvs.addDestination(service, '192.0.2.1:80', { forwarding: 'route' });
}

/** Directors that are servers, standbys, nodes. */
export const roleSituations: readonly Situation[] = [
  {
    name: 'own-server-answers',
    also: localServer,
    healthy: ['iptables -A OUTPUT -p tcp --sport 81 -j DROP'],
    broken: ['iptables -A OUTPUT -p tcp --sport 80 -j DROP'],
    check: 'firewall-output',
    partly: true,
  },
  {
    name: 'own-server-answers-known-only',
    also: localServer,
    healthy: [
      'iptables -A OUTPUT -s 192.0.2.10 -j ACCEPT',
      'iptables -A OUTPUT -o eth1 -j ACCEPT',
      'iptables -P OUTPUT DROP',
    ],
    broken: [
      'iptables -A OUTPUT -s 10.0.0.1 -j ACCEPT',
      'iptables -A OUTPUT -o eth1 -j ACCEPT',
      'iptables -P OUTPUT DROP',
    ],
    check: 'firewall-output',
    partly: true,
  },
  {
    name: 'own-server-behind',
    needs: 'nat-table',
    also: localServer,
    healthy: ['iptables -t nat -A INPUT -p tcp --dport 80 -j SNAT --to-source 10.0.0.1'],
  },
  {
    name: 'own-server-direct-answers',
    mode: 'dr',
    also: localServerDirect,
    healthy: ['iptables -A OUTPUT -p tcp --sport 81 -m conntrack --ctstate INVALID -j DROP'],
    broken: ['iptables -A OUTPUT -s 192.0.2.10 -p tcp --sport 80 -j DROP'],
    check: 'firewall-output',
    partly: true,
  },
  {
    name: 'own-server-direct-states',
    mode: 'dr',
    also: localServerDirect,
    healthy: ['iptables -A OUTPUT -p tcp --sport 80 -m conntrack --ctstate ESTABLISHED -j DROP'],
    broken: ['iptables -A OUTPUT -p tcp --sport 80 -m conntrack --ctstate INVALID -j DROP'],
    check: 'firewall-output',
    partly: true,
  },
  {
    name: 'own-server-states',
    also: localServer,
    healthy: ['iptables -A OUTPUT -p tcp --sport 80 -m conntrack --ctstate NEW -j DROP'],
  },
  {
    name: 'own-server-input-invalid',
    also: localServer,
    healthy: ['iptables -A INPUT -m conntrack --ctstate INVALID -j DROP'],
  },
  {
    name: 'standby-and-server',
    mode: 'dr',
    // Both directors are servers too: the one that waits has the address on lo, and is silent.
    healthy: async ({ director, lab, client, url }: Bench): Promise<void> => {
      lab.report.equal('served first', (await lab.ask(client, url, 2)).sort(), ['one', 'two']);
      udpSocket(director, '0.0.0.0', 5405, lab.cleanup).addMembership('224.0.0.18', '192.0.2.1');
      await director.ip('address del 192.0.2.10/32 dev eth0', 'address add 192.0.2.10/32 dev lo');
      director.sysctl('net.ipv4.conf.all.arp_ignore=1', 'net.ipv4.conf.all.arp_announce=2');
    },
    ask: async () => ['nobody asks a standby'],
  },
  {
    name: 'standby-behind-firewall',
    // The rules of a standby are those of the active one: the fault is real, though nobody asks yet.
    healthy: async ({ director, lab }: Bench): Promise<void> => {
      udpSocket(director, '0.0.0.0', 5405, lab.cleanup).addMembership('224.0.0.18', '192.0.2.1');
      await director.ip('address del 192.0.2.10/32 dev eth0');
      await director.sh('iptables -A INPUT -p tcp --dport 80 -j ACCEPT', 'iptables -A INPUT -j DROP');
    },
    ask: async () => ['nobody asks a standby'],
  },
  {
    name: 'node-with-strict-arp',
    mode: 'nat',
    needs: 'nat-table',
    also: async ({ ipvs, director }: Bench): Promise<void> => {
      await ipvs.setSysctls({ conntrack: 1 });
      director.sysctl('net.ipv4.conf.all.arp_ignore=1', 'net.ipv4.conf.all.arp_announce=2');
      await director.ip('link add kube-ipvs0 type dummy', 'address add 10.96.0.10/32 dev kube-ipvs0');
      for (const key of ['tcp:10.96.0.10:80', 'tcp:192.0.2.1:30080']) {
        await ipvs.addService(key, { scheduler: 'rr' });
        await ipvs.addDestination(key, '10.0.0.11:80', { forwarding: 'masq' });
      }
    },
    healthy: node(
      '-m mark --mark 0x4000/0x4000 -j ACCEPT',
      '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    ),
    broken: node('-m mark --mark 0x4000/0x4000 -j ACCEPT'),
    check: 'firewall-forward',
  },
];

/** A node: Docker's policy, and kube-proxy's chain of FORWARD. */
function node(...rules: string[]): string[] {
  return [
    'iptables -P FORWARD DROP',
    'iptables -N KUBE-FORWARD',
    'iptables -A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD',
    'iptables -A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP',
    ...rules.map((rule) => `iptables -A KUBE-FORWARD ${rule}`),
    'iptables -N KUBE-NODE-PORT',
    'iptables -A INPUT -m comment --comment "health check" -j KUBE-NODE-PORT',
    'iptables -N KUBE-PROXY-FIREWALL',
    'iptables -A INPUT -m comment --comment "kube-proxy firewall" -j KUBE-PROXY-FIREWALL',
    'iptables -A KUBE-PROXY-FIREWALL -m mark --mark 0x8000/0x8000 -j DROP',
  ];
}
