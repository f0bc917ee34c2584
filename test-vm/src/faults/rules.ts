import type { Bench } from '../bench.js';
import type { Fault } from '../fault.js';

const WEB = '-d 192.0.2.10 -p tcp --dport 80';
const INVALID = '-m conntrack --ctstate INVALID -j DROP';
const NEW_WITHOUT_SYN = '-p tcp ! --syn -m conntrack --ctstate NEW -j DROP';

/** Replaces the service by one with a firewall mark. */
export async function byMark({ ipvs, service }: Bench, port = 0): Promise<void> {
  await ipvs.deleteService(service);
  await ipvs.addService('fwmark:7', { scheduler: 'rr' });
  for (const last of ['11', '12'])
    await ipvs.addDestination('fwmark:7', `10.0.0.${last}:${String(port)}`, { forwarding: 'masq' });
}

/** The same, and a rule that marks the packets to its address. */
export async function markedByRule(bench: Bench, port = 0): Promise<void> {
  await byMark(bench, port);
  await bench.director.sh(`iptables -t mangle -A PREROUTING ${WEB} -j MARK --set-mark 7`);
}

/** Faults of rules that are harder to judge: doubt, states, NAT tables, maps, marks. */
export const ruleFaults: readonly Fault[] = [
  {
    check: 'firewall-input',
    name: 'policy-behind-doubt',
    needs: 'iptables',
    quick: true,
    sees: 'timeout',
    says: /its policy drops/,
    cause: ({ director }) =>
      director.sh(
        'iptables -A INPUT -p tcp --tcp-flags ALL NONE -j ACCEPT',
        'iptables -A INPUT -m mark --mark 0x99 -j ACCEPT',
        'iptables -A INPUT -p tcp --dport 22 -m limit --limit 3/min -j ACCEPT',
        'iptables -A INPUT -m limit --limit 3/min -j LOG',
        'iptables -P INPUT DROP',
      ),
  },
  {
    check: 'firewall-input',
    name: 'limit-exhausted',
    needs: 'iptables',
    sees: 'some fail',
    says: /^perhaps .*-m limit/,
    cause: ({ director }) =>
      director.sh(
        `iptables -A INPUT ${WEB} --syn -m limit --limit 1/hour --limit-burst 1 -j ACCEPT`,
        `iptables -A INPUT ${WEB} ! --syn -j ACCEPT`,
        'iptables -P INPUT DROP',
      ),
  },
  {
    check: 'firewall-input',
    name: 'policy-behind-doubt-ipv6',
    mode: 'nat6',
    needs: 'iptables',
    sees: 'timeout',
    cause: ({ director }) =>
      director.sh(
        'ip6tables -A INPUT -p icmpv6 -j ACCEPT',
        'ip6tables -A INPUT -p tcp --tcp-flags ALL NONE -j ACCEPT',
        'ip6tables -P INPUT DROP',
      ),
  },
  {
    check: 'firewall-stateful',
    name: 'new-without-syn',
    needs: 'iptables',
    quick: true,
    sees: 'timeout',
    cause: ({ director }) => director.sh(`iptables -A INPUT ${NEW_WITHOUT_SYN}`),
  },
  {
    check: 'firewall-stateful',
    name: 'invalid-replies',
    needs: 'iptables',
    sees: 'timeout',
    cause: ({ director }) => director.sh(`iptables -A FORWARD ${INVALID}`),
  },
  {
    check: 'firewall-input',
    name: 'new-without-syn-direct',
    mode: 'dr',
    needs: 'iptables',
    sees: 'timeout',
    cause: ({ director }) => director.sh(`iptables -A INPUT ${NEW_WITHOUT_SYN}`),
  },
  {
    check: 'firewall-input',
    name: 'invalid-direct-tracked',
    mode: 'dr',
    needs: 'iptables',
    sees: 'timeout',
    cause: async ({ director, ipvs }) => {
      await ipvs.setSysctls({ conntrack: 1 });
      await director.sh(`iptables -A INPUT ${INVALID}`);
    },
  },
  {
    check: 'firewall-input',
    name: 'invalid-tunnel-tracked',
    mode: 'tun',
    needs: 'iptables',
    sees: 'timeout',
    cause: async ({ director, ipvs }) => {
      await ipvs.setSysctls({ conntrack: 1 });
      await director.sh(`iptables -t mangle -A PREROUTING ${INVALID}`);
    },
  },
  {
    check: 'firewall-input',
    name: 'established-only',
    mode: 'dr',
    needs: 'iptables',
    sees: 'timeout',
    cause: ({ director }) =>
      director.sh(
        `iptables -A INPUT ${WEB} --syn -j ACCEPT`,
        'iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
        'iptables -P INPUT DROP',
      ),
  },
  {
    check: 'nat-first',
    name: 'redirected',
    needs: 'nat-table',
    quick: true,
    sees: 'refused',
    cause: ({ director }) =>
      director.sh('iptables -t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 8080'),
  },
  {
    check: 'nat-first',
    name: 'published-port',
    needs: 'nat-table',
    sees: ['timeout', 'unreachable'],
    cause: ({ director }) =>
      director.sh(
        'iptables -t nat -N DOCKER',
        'iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
        'iptables -t nat -A DOCKER -i docker0 -j RETURN',
        'iptables -t nat -A DOCKER ! -i docker0 -p tcp --dport 80 -j DNAT --to-destination 10.0.0.99:80',
      ),
  },
  {
    check: 'nat-first',
    name: 'mark-translated',
    needs: 'nat-table',
    sees: ['timeout', 'unreachable'],
    cause: async (bench) => {
      await markedByRule(bench);
      await bench.director.sh(
        'iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.0.0.99',
      );
    },
  },
  {
    check: 'firewall-input',
    name: 'mark-dropped',
    needs: 'iptables',
    sees: 'timeout',
    cause: async (bench) => {
      await markedByRule(bench);
      await bench.director.sh('iptables -A INPUT -p tcp --dport 80 -j DROP');
    },
  },
  {
    check: 'virtual-address',
    name: 'mark-without-address',
    needs: 'iptables',
    sees: ['unreachable', 'timeout'],
    cause: async (bench) => {
      await markedByRule(bench);
      await bench.director.ip('address del 192.0.2.10/32 dev eth0');
    },
  },
  {
    check: 'return-path',
    name: 'mark-without-gateway',
    needs: 'iptables',
    sees: 'some fail',
    cause: async (bench) => {
      await markedByRule(bench);
      await bench.two.ip('route del default');
    },
  },
  {
    check: 'hairpin',
    name: 'mark-client-near-servers',
    needs: 'nat-table',
    sees: 'timeout',
    cause: async (bench) => {
      await markedByRule(bench);
    },
    ask: ({ lab, near, url }) => lab.ask(near, url, 2),
  },
  {
    check: 'hairpin',
    name: 'client-near-servers-asked',
    needs: 'nat-table',
    words: ['--client', '10.0.0.50'],
    // The client has not sent anything yet.
    sees: 'answers',
    cause: () => undefined,
    ask: ({ lab, client, url }) => lab.ask(client, url, 2),
    person: async ({ lab, near, url }) => {
      lab.report.equal('the client is served', (await lab.ask(near, url, 2)).sort(), ['one', 'two']);
    },
  },
  {
    check: 'firewall-input',
    name: 'client-not-admitted',
    needs: 'iptables',
    words: ['--client', '192.0.2.77'],
    sees: 'timeout',
    cause: ({ director }) =>
      director.sh(`iptables -A INPUT ${WEB} -s 203.0.113.0/24 -j ACCEPT`, 'iptables -P INPUT DROP'),
  },
  {
    check: 'firewall-input',
    name: 'nft-map',
    needs: 'nft',
    sees: 'timeout',
    cause: ({ director }) =>
      director.sh(
        'nft add table inet fw',
        "nft 'add chain inet fw in { type filter hook input priority 0; policy accept; }'",
        "nft 'add rule inet fw in ip daddr . tcp dport vmap { 192.0.2.10 . 80 : drop, 192.0.2.10 . 81 : accept }'",
      ),
  },
  {
    check: 'firewall-input',
    name: 'nft-set-and-jump',
    needs: 'nft',
    sees: 'refused',
    cause: ({ director }) =>
      director.sh(
        'nft add table inet fw',
        "nft 'add set inet fw ports { type inet_service; flags interval; elements = { 1-1023 }; }'",
        "nft 'add chain inet fw in { type filter hook input priority 10; policy accept; }'",
        'nft add chain inet fw refuse',
        'nft add rule inet fw in limit rate 3/minute log',
        'nft add rule inet fw in tcp dport @ports jump refuse',
        'nft add rule inet fw refuse reject with tcp reset',
      ),
  },
  {
    check: 'firewall-stateful',
    name: 'nft-states',
    needs: 'nft',
    sees: 'timeout',
    cause: ({ director }) =>
      director.sh(
        'nft add table inet fw',
        "nft 'add chain inet fw forward { type filter hook forward priority 0; policy drop; }'",
        "nft 'add rule inet fw forward ct state vmap { established : accept, related : accept, invalid : drop }'",
        'nft add rule inet fw forward iifname eth0 accept',
      ),
  },
  {
    check: 'firewall-input',
    name: 'nft-limit',
    needs: 'nft',
    sees: ['some fail', 'timeout'],
    says: /^perhaps .*limit rate/,
    cause: ({ director }) =>
      director.sh(
        'nft add table ip fw',
        "nft 'add chain ip fw in { type filter hook input priority 0; policy accept; }'",
        'nft add rule ip fw in tcp dport 80 ct state new limit rate over 1/hour burst 1 packets counter drop',
      ),
  },
  {
    check: 'firewall-input',
    name: 'ipset',
    needs: 'ipset',
    sees: 'timeout',
    cause: ({ director }) =>
      director.sh(
        'ipset create web hash:ip,port',
        'ipset add web 192.0.2.10,tcp:80',
        'iptables -A INPUT -m set --match-set web dst,dst -j DROP',
      ),
  },
  {
    check: 'nat-first',
    name: 'nft-redirect',
    needs: 'nft',
    sees: 'refused',
    cause: ({ director }) =>
      director.sh(
        'nft add table ip web',
        "nft 'add chain ip web pre { type nat hook prerouting priority dstnat; }'",
        'nft add rule ip web pre tcp dport { 80, 81 } redirect to :8080',
      ),
  },
];
