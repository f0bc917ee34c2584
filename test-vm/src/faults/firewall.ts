import { describeAnswer, fetchPage } from '../http-client.js';
import type { Fault } from '../fault.js';

const WEB = '-d 192.0.2.10 -p tcp --dport 80';

/** Faults of rules. */
export const firewallFaults: readonly Fault[] = [
  {
    check: 'firewall-input',
    name: 'input-drop',
    quick: true,
    sees: 'timeout',
    cause: ({ director }) => director.sh(`iptables -A INPUT ${WEB} -j DROP`),
  },
  {
    check: 'firewall-input',
    name: 'input-reject',
    sees: 'refused',
    cause: ({ director }) => director.sh(`iptables -A INPUT ${WEB} -j REJECT`),
  },
  {
    check: 'firewall-input',
    name: 'input-policy',
    sees: 'timeout',
    cause: ({ director }) =>
      director.sh('iptables -P INPUT DROP', 'iptables -A INPUT -p tcp --dport 22 -j ACCEPT'),
  },
  {
    check: 'firewall-input',
    name: 'prerouting-drop',
    sees: 'timeout',
    cause: ({ director }) => director.sh(`iptables -t mangle -A PREROUTING -i eth0 ${WEB} -j DROP`),
  },
  {
    check: 'firewall-input',
    name: 'input-drop-ipv6',
    mode: 'nat6',
    sees: 'timeout',
    cause: ({ director }) => director.sh('ip6tables -A INPUT -p tcp --dport 80 -j DROP'),
  },
  {
    check: 'firewall-forward',
    name: 'forward-drop',
    quick: true,
    sees: 'timeout',
    cause: ({ director }) => director.sh('iptables -P FORWARD DROP'),
  },
  {
    check: 'firewall-output',
    name: 'output-drop',
    quick: true,
    sees: 'timeout',
    cause: ({ director }) => director.sh('iptables -A OUTPUT -d 10.0.0.0/24 -p tcp -j DROP'),
  },
  {
    check: 'firewall-stateful',
    name: 'forward-stateful',
    quick: true,
    sees: 'timeout',
    cause: ({ director }) =>
      director.sh(
        'iptables -P FORWARD DROP',
        'iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      ),
  },
  {
    check: 'snat-conntrack',
    name: 'snat-without-conntrack',
    mode: 'fullnat',
    needs: 'nat-table',
    sees: 'timeout',
    cause: ({ ipvs }) => ipvs.setSettings({ conntrack: 0 }),
  },
  {
    check: 'tunnel-errors',
    name: 'icmp-dropped',
    mode: 'tun',
    sees: 'timeout',
    cause: ({ director }) => director.sh('iptables -A OUTPUT -p icmp -j DROP'),
    ask: async ({ client, url }) => [
      describeAnswer(await fetchPage(client, url, { limit: 4, headers: { 'x-long': 'x'.repeat(3000) } })),
    ],
  },
];
