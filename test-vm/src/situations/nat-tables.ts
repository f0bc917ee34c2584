import type { Bench } from '../bench.js';
import { dns } from './protocols.js';
import { localServer } from './roles.js';
import type { Situation } from './situation.js';

const nat: Pick<Situation, 'needs' | 'check'> = { needs: 'nat-table', check: 'nat-first' };
const replies = { needs: 'nat-table', check: 'nat-replies' } as const;
const PRE = 'iptables -t nat -A PREROUTING';

/** Rules of address translation that take the requests of a service, and rules that do not. */
export const natSituations: readonly Situation[] = [
  {
    ...nat,
    name: 'redirect-of-another-interface',
    healthy: [`${PRE} -i eth1 -p tcp --dport 80 -j REDIRECT --to-ports 3128`],
    broken: [`${PRE} -i eth0 -p tcp --dport 80 -j REDIRECT --to-ports 3128`],
  },
  {
    ...nat,
    name: 'published-on-another-address',
    healthy: [`${PRE} -d 192.0.2.1/32 -p tcp --dport 80 -j DNAT --to-destination 172.17.0.2:80`],
    broken: [`${PRE} -d 192.0.2.10/32 -p tcp --dport 80 -j DNAT --to-destination 172.17.0.2:80`],
  },
  {
    ...nat,
    name: 'returned-before',
    healthy: [
      `${PRE} -d 192.0.2.10 -p tcp --dport 80 -j RETURN`,
      `${PRE} -p tcp --dport 80 -j REDIRECT --to-ports 3128`,
    ],
    broken: [
      `${PRE} -d 192.0.2.10 -p tcp --dport 443 -j RETURN`,
      `${PRE} -p tcp --dport 80 -j REDIRECT --to-ports 3128`,
    ],
  },
  {
    ...nat,
    name: 'network-translated',
    healthy: [`${PRE} -d 198.51.100.0/24 -j NETMAP --to 10.9.9.0/24`],
    broken: [`${PRE} -d 192.0.2.8/30 -j NETMAP --to 10.9.9.8/30`],
  },
  {
    ...nat,
    name: 'untracked-is-not-translated',
    healthy: [
      'iptables -t raw -A PREROUTING -d 192.0.2.10 -p tcp --dport 80 -j NOTRACK',
      `${PRE} -p tcp --dport 80 -j REDIRECT --to-ports 3128`,
    ],
    broken: [
      'iptables -t raw -A PREROUTING -d 192.0.2.10 -p tcp --dport 443 -j NOTRACK',
      `${PRE} -p tcp --dport 80 -j REDIRECT --to-ports 3128`,
    ],
  },
  {
    ...nat,
    name: 'translated-to-the-service',
    healthy: [
      `${PRE} -p tcp --dport 8080 -j DNAT --to-destination 192.0.2.10:80`,
      `${PRE} -p tcp --dport 80 -j DNAT --to-destination 192.0.2.10`,
    ],
    broken: [`${PRE} -p tcp --dport 80 -j DNAT --to-destination 192.0.2.10:8080`],
  },
  {
    ...nat,
    name: 'by-chance',
    healthy: [
      `${PRE} -p tcp --dport 81 -m statistic --mode nth --every 2 --packet 0 -j REDIRECT --to-ports 3128`,
    ],
    broken: [
      `${PRE} -p tcp --dport 80 -m statistic --mode nth --every 1 --packet 0 -j REDIRECT --to-ports 3128`,
    ],
    says: /^perhaps/,
  },
  {
    ...nat,
    name: 'by-mark',
    healthy: [
      'iptables -t mangle -A PREROUTING -p tcp --dport 8080 -j MARK --set-mark 9',
      `${PRE} -m mark --mark 9 -j DNAT --to-destination 172.17.0.2`,
    ],
    broken: [
      'iptables -t mangle -A PREROUTING -p tcp --dport 80 -j MARK --set-mark 9',
      `${PRE} -m mark --mark 9 -j DNAT --to-destination 172.17.0.2`,
    ],
  },
  {
    ...replies,
    name: 'proxy-takes-replies',
    healthy: [`${PRE} -i eth1 -p tcp --dport 80 -j REDIRECT --to-ports 3128`],
    broken: [`${PRE} -i eth1 -p tcp -j REDIRECT --to-ports 3128`],
  },
  {
    ...replies,
    name: 'proxy-knows-replies',
    healthy: async ({ director, ipvs }: Bench): Promise<void> => {
      await ipvs.setSysctls({ conntrack: 1 });
      await director.sh(`${PRE} -i eth1 -p tcp -j DNAT --to-destination 172.17.0.2`);
    },
    broken: async ({ director, ipvs }: Bench): Promise<void> => {
      await ipvs.setSysctls({ conntrack: 0 });
      await director.sh(`${PRE} -i eth1 -p tcp -j DNAT --to-destination 172.17.0.2`);
    },
  },
  {
    ...replies,
    ...dns,
    name: 'udp-replies-translated',
    healthy: [`${PRE} -i eth1 -p udp --dport 53 -j DNAT --to-destination 10.0.0.50`],
    broken: [`${PRE} -i eth1 -p udp --sport 53 -j DNAT --to-destination 10.0.0.50`],
  },
  {
    ...replies,
    name: 'untracked-replies',
    healthy: [
      'iptables -t raw -A PREROUTING -i eth1 -p tcp --sport 80 -j NOTRACK',
      `${PRE} -i eth1 -p tcp -j REDIRECT --to-ports 3128`,
    ],
    broken: [
      'iptables -t raw -A PREROUTING -i eth1 -p tcp --dport 80 -j NOTRACK',
      `${PRE} -i eth1 -p tcp -j REDIRECT --to-ports 3128`,
    ],
  },
  {
    ...replies,
    name: 'own-replies-translated',
    also: localServer,
    partly: true,
    healthy: ['iptables -t nat -A OUTPUT -p tcp --dport 80 -j REDIRECT --to-ports 3128'],
    broken: ['iptables -t nat -A OUTPUT -p tcp --sport 80 -j REDIRECT --to-ports 3128'],
  },
  {
    ...nat,
    name: 'node-of-kubernetes',
    healthy: kube('192.0.2.1'),
    broken: kube('192.0.2.10'),
  },
];

/** As kube-proxy in iptables mode writes a node port of an address. */
function kube(address: string): string[] {
  return [
    ...['SERVICES', 'NODEPORTS', 'SVC-A', 'SEP-A', 'SEP-B', 'MARK-MASQ'].map(
      (name) => `iptables -t nat -N KUBE-${name}`,
    ),
    `${PRE} -m comment --comment "kubernetes service portals" -j KUBE-SERVICES`,
    `iptables -t nat -A KUBE-SERVICES -d ${address}/32 -p tcp -m comment --comment "a/b:http external IP" -m tcp --dport 80 -j KUBE-SVC-A`,
    'iptables -t nat -A KUBE-SERVICES -m comment --comment "must be last" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
    'iptables -t nat -A KUBE-NODEPORTS -p tcp -m tcp --dport 30080 -j KUBE-SVC-A',
    'iptables -t nat -A KUBE-SVC-A -j KUBE-MARK-MASQ',
    'iptables -t nat -A KUBE-SVC-A -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-A',
    'iptables -t nat -A KUBE-SVC-A -j KUBE-SEP-B',
    'iptables -t nat -A KUBE-SEP-A -p tcp -j DNAT --to-destination 172.17.0.2:80',
    'iptables -t nat -A KUBE-SEP-B -p tcp -j DNAT --to-destination 172.17.0.3:80',
    'iptables -t nat -A KUBE-MARK-MASQ -j MARK --or-mark 0x4000',
  ];
}
