import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { describeAnswer, dial, fetchPage } from '../http-client.js';
import type { Fault } from '../fault.js';

const WEB = '-d 192.0.2.10 -p tcp --dport 80';

/** Faults of rules. */
export const firewallFaults: readonly Fault[] = [
  {
    check: 'firewall-input',
    name: 'input-drop',
    needs: 'iptables',
    quick: true,
    sees: 'timeout',
    cause: ({ director }) => director.sh(`iptables -A INPUT ${WEB} -j DROP`),
  },
  {
    check: 'firewall-input',
    name: 'input-reject',
    needs: 'iptables',
    sees: 'refused',
    cause: ({ director }) => director.sh(`iptables -A INPUT ${WEB} -j REJECT`),
  },
  {
    check: 'firewall-input',
    name: 'input-policy',
    needs: 'iptables',
    sees: 'timeout',
    cause: ({ director }) =>
      director.sh('iptables -P INPUT DROP', 'iptables -A INPUT -p tcp --dport 22 -j ACCEPT'),
  },
  {
    check: 'firewall-input',
    name: 'prerouting-drop',
    needs: 'iptables',
    sees: 'timeout',
    cause: ({ director }) => director.sh(`iptables -t mangle -A PREROUTING -i eth0 ${WEB} -j DROP`),
  },
  {
    check: 'firewall-input',
    name: 'input-drop-ipv6',
    needs: 'iptables',
    mode: 'nat6',
    sees: 'timeout',
    cause: ({ director }) => director.sh('ip6tables -A INPUT -p tcp --dport 80 -j DROP'),
  },
  {
    check: 'firewall-forward',
    name: 'forward-drop',
    needs: 'iptables',
    quick: true,
    sees: 'timeout',
    cause: ({ director }) => director.sh('iptables -P FORWARD DROP'),
  },
  {
    check: 'firewall-output',
    name: 'output-drop',
    needs: 'iptables',
    quick: true,
    sees: 'timeout',
    cause: ({ director }) => director.sh('iptables -A OUTPUT -d 10.0.0.0/24 -p tcp -j DROP'),
  },
  {
    check: 'firewall-stateful',
    name: 'forward-stateful',
    needs: 'iptables',
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
    cause: ({ ipvs }) => ipvs.setSysctls({ conntrack: 0 }),
  },
  {
    check: 'tunnel-errors',
    name: 'icmp-dropped',
    needs: 'tunnel-errors',
    mode: 'tun',
    sees: 'timeout',
    cause: ({ director }) => director.sh('iptables -A OUTPUT -p icmp -j DROP'),
    ask: async ({ client, url }) => [
      describeAnswer(await fetchPage(client, url, { limit: 4, headers: { 'x-long': 'x'.repeat(3000) } })),
    ],
  },
  {
    check: 'firewall-input',
    name: 'nft-input-drop',
    needs: 'nft',
    sees: 'timeout',
    cause: ({ director }) =>
      director.sh(
        'nft add table inet fw',
        "nft 'add chain inet fw in { type filter hook input priority 0; policy accept; }'",
        'nft add rule inet fw in iifname eth0 tcp dport { 80, 443 } drop',
      ),
  },
  {
    check: 'firewall-forward',
    name: 'nft-forward-policy',
    needs: 'nft',
    sees: 'timeout',
    cause: ({ director }) =>
      director.sh(
        'nft add table inet fw',
        "nft 'add chain inet fw forward { type filter hook forward priority 0; policy drop; }'",
      ),
  },
  {
    check: 'conntrack-full',
    name: 'conntrack-full',
    needs: 'iptables',
    shared: true,
    sees: ['timeout', 'some fail'],
    cause: async ({ client, director, ipvs, lab }) => {
      await director.sh('iptables -A INPUT -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT');
      await ipvs.setSysctls({ conntrack: 1 });
      const held = [1, 2].map(() => dial(client, '192.0.2.10', 80).on('error', () => undefined));
      lab.cleanup.add('open connections', async () => {
        for (const socket of held) socket.destroy();
      });
      await Promise.all(held.map((socket) => once(socket, 'connect')));
      writeFileSync('/proc/sys/net/netfilter/nf_conntrack_max', '1');
    },
  },
];
