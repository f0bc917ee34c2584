import type { Bench } from '../bench.js';
import { byMark } from '../faults/rules.js';
import type { Situation } from './situation.js';

const nft: Pick<Situation, 'needs' | 'check'> = { needs: 'nft', check: 'firewall-input' };

/** Lines of a table with one chain of a filter. */
function input(...rules: string[]): string[] {
  return chain('input', 'filter', '0', 'accept', rules);
}

function chain(
  hook: string,
  type: string,
  priority: string,
  policy: string,
  rules: readonly string[],
  table = 'inet fw',
): string[] {
  return [
    `nft add table ${table}`,
    `nft 'add chain ${table} ${hook} { type ${type} hook ${hook} priority ${priority}; policy ${policy}; }'`,
    ...rules
      .map((rule) => `nft '${rule.replace(/^(set|map|chain) /, `add $1 ${table} `)}'`)
      .map((line) =>
        line.startsWith("nft 'add ") ? line : line.replace("nft '", `nft 'add rule ${table} ${hook} `),
      ),
  ];
}

/** Rules of nft that look alike, some of which keep all clients away. */
export const nftSituations: readonly Situation[] = [
  {
    ...nft,
    name: 'nft-translated-by-map',
    check: 'nat-first',
    healthy: chain(
      'prerouting',
      'nat',
      'dstnat',
      'accept',
      ['dnat to tcp dport map { 8080 : 172.17.0.2 }'],
      'ip nat4',
    ),
    broken: chain(
      'prerouting',
      'nat',
      'dstnat',
      'accept',
      ['dnat to tcp dport map { 80 : 172.17.0.2 }'],
      'ip nat4',
    ),
  },
  {
    ...nft,
    name: 'nft-translated-by-named-map',
    check: 'nat-first',
    healthy: chain(
      'prerouting',
      'nat',
      'dstnat',
      'accept',
      [
        'map pods { type ipv4_addr . inet_service : ipv4_addr . inet_service; elements = { 192.0.2.1 . 80 : 172.17.0.2 . 8080 }; }',
        'dnat ip to ip daddr . tcp dport map @pods',
      ],
      'ip nat4',
    ),
    broken: chain(
      'prerouting',
      'nat',
      'dstnat',
      'accept',
      [
        'map pods { type ipv4_addr . inet_service : ipv4_addr . inet_service; elements = { 192.0.2.10 . 80 : 172.17.0.2 . 8080 }; }',
        'dnat ip to ip daddr . tcp dport map @pods',
      ],
      'ip nat4',
    ),
  },
  {
    ...nft,
    name: 'nft-kube-proxy',
    check: 'nat-first',
    healthy: kube('192.0.2.1'),
    broken: kube('192.0.2.10'),
  },
  {
    ...nft,
    name: 'nft-dropped-while-translated',
    // Without a rule that translates or looks at states, conntrack is off, and no packet passes the chain.
    healthy: chain('prerouting', 'nat', 'dstnat', 'accept', ['tcp dport 80 drop']),
    broken: [
      ...chain('prerouting', 'nat', 'dstnat', 'accept', ['tcp dport 80 drop']),
      ...chain('postrouting', 'nat', 'srcnat', 'accept', ['ip saddr 198.51.100.0/24 masquerade']),
    ],
  },
  {
    ...nft,
    name: 'nft-marked-by-map',
    check: 'unset-mark',
    also: (bench) => byMark(bench),
    healthy: chain('prerouting', 'filter', 'mangle', 'accept', [
      'meta mark set tcp dport map { 80 : 7, 443 : 7 }',
    ]),
    broken: chain('prerouting', 'filter', 'mangle', 'accept', [
      'meta mark set tcp dport map { 8080 : 8, 80 : 8 }',
    ]),
    person: ({ director }) =>
      director.sh("nft 'add rule inet fw prerouting ip daddr 192.0.2.10 tcp dport 80 meta mark set 7'"),
  },
  {
    ...nft,
    name: 'nft-marked-by-pairs',
    also: (bench) => byMark(bench),
    healthy: [
      ...chain('prerouting', 'filter', 'mangle', 'accept', [
        'ip daddr . tcp dport { 192.0.2.10 . 80, 192.0.2.1 . 443 } meta mark set 7',
      ]),
      ...chain('input', 'filter', '0', 'accept', ['ip daddr 192.0.2.10 tcp dport 443 drop']),
    ],
    broken: [
      ...chain('prerouting', 'filter', 'mangle', 'accept', [
        'ip daddr . tcp dport { 192.0.2.10 . 80, 192.0.2.1 . 443 } meta mark set 7',
      ]),
      ...chain('input', 'filter', '0', 'accept', ['ip daddr 192.0.2.10 tcp dport 80 drop']),
    ],
  },
  {
    ...nft,
    name: 'nft-mark-of-the-connection',
    check: 'unset-mark',
    also: async (bench: Bench): Promise<void> => {
      await byMark(bench);
      await bench.ipvs.setSysctls({ conntrack: 1 });
    },
    healthy: chain('prerouting', 'filter', 'mangle', 'accept', [
      'ct state new tcp dport 80 ct mark set 0x7',
      'meta mark set ct mark',
    ]),
    broken: chain('prerouting', 'filter', 'mangle', 'accept', [
      'meta mark set ct mark',
      'ct state new tcp dport 80 ct mark set 0x7',
    ]),
    person: ({ director }) =>
      director.sh("nft 'add rule inet fw prerouting ip daddr 192.0.2.10 tcp dport 80 meta mark set 7'"),
  },
  {
    ...nft,
    name: 'nft-flood',
    partly: true,
    // It cannot know the rate.
    doubt: true,
    healthy: input(
      'set flood { type ipv4_addr; flags dynamic; timeout 1m; }',
      'tcp dport 80 ct state new add @flood { ip saddr limit rate over 1000/second burst 1000 packets } drop',
    ),
    broken: input(
      'set flood { type ipv4_addr; flags dynamic; timeout 1m; }',
      'tcp dport 80 ct state new add @flood { ip saddr limit rate over 1/hour burst 1 packets } drop',
      'tcp dport 80 ct state new counter',
    ),
    says: /^perhaps/,
  },
  {
    ...nft,
    name: 'nft-banned',
    healthy: input(
      'set banned { type ipv4_addr; flags timeout; elements = { 203.0.113.7 timeout 1h }; }',
      'set seen { type ipv4_addr; flags dynamic; timeout 1h; }',
      'ip saddr @banned drop',
      'ip saddr @seen drop',
    ),
    broken: input(
      'set friends { type ipv4_addr; flags interval; elements = { 203.0.113.0/24, 192.0.2.77-192.0.2.99 }; }',
      'ip saddr @friends drop',
      'ip saddr != @friends reject',
    ),
  },
  {
    ...nft,
    name: 'nft-ingress',
    healthy: ingress('ingress', 'tcp dport 81 drop'),
    broken: ingress('ingress', 'ip daddr 192.0.2.10 tcp dport 80 drop'),
  },
  {
    ...nft,
    name: 'nft-ingress-of-another-interface',
    check: 'firewall-forward',
    healthy: ingress('ingress', 'tcp dport 80 drop', 'eth1'),
    broken: ingress('ingress', 'tcp sport 80 drop', 'eth1'),
  },
  {
    ...nft,
    name: 'nft-egress',
    check: 'firewall-output',
    healthy: ingress('egress', 'tcp dport 81 drop', 'eth1'),
    broken: ingress('egress', 'tcp dport 80 drop', 'eth1'),
  },
  {
    ...nft,
    name: 'nft-kinds-of-packets',
    healthy: input('meta pkttype != host drop'),
    broken: input('meta pkttype host tcp dport 80 drop'),
  },
  {
    ...nft,
    name: 'nft-kinds-of-addresses',
    healthy: input(
      'fib daddr type != { local, broadcast, multicast } drop',
      'fib daddr . iif type blackhole drop',
    ),
    broken: input('fib daddr type local tcp dport != 22 drop'),
  },
  {
    ...nft,
    name: 'nft-two-tables',
    healthy: [
      ...chain(
        'input',
        'filter',
        '0',
        'drop',
        ['tcp dport 80 accept', 'ip protocol icmp accept'],
        'inet one',
      ),
      ...chain('input', 'filter', '10', 'drop', ['tcp dport { 22, 80 } accept'], 'ip two'),
      ...chain('input', 'filter', '0', 'drop', ['tcp dport 22 accept'], 'ip6 three'),
    ],
    broken: [
      ...chain(
        'input',
        'filter',
        '0',
        'drop',
        ['tcp dport 80 accept', 'ip protocol icmp accept'],
        'inet one',
      ),
      ...chain('input', 'filter', '10', 'drop', ['tcp dport { 22, 8080 } accept'], 'ip two'),
    ],
  },
  {
    ...nft,
    name: 'nft-just-behind',
    healthy: chain('input', 'filter', '101', 'drop', ['tcp dport 22 accept']),
    broken: chain('input', 'filter', '98', 'drop', ['tcp dport 22 accept']),
  },
  {
    ...nft,
    name: 'nft-same-priority',
    // Of chains with the priority of IPVS, the one that was added last is called first.
    doubt: true,
    healthy: tied(chain('input', 'filter', '99', 'drop', ['tcp dport 22 accept'])),
    broken: chain('input', 'filter', '99', 'drop', ['tcp dport 22 accept']),
    says: /^perhaps .*both have priority 99$/,
  },
  {
    ...nft,
    name: 'nft-same-priority-counted',
    // What has dropped nothing is called after it, or not at all.
    healthy: tied(chain('input', 'filter', '99', 'accept', ['tcp dport 80 counter drop'])),
    broken: chain('input', 'filter', '99', 'accept', ['tcp dport 80 counter drop']),
    says: /^perhaps .*both have priority 99$/,
  },
  {
    ...nft,
    name: 'nft-same-priority-forward',
    check: 'firewall-forward',
    doubt: true,
    healthy: tied(chain('forward', 'filter', '100', 'accept', ['ip saddr 10.0.0.0/24 drop'])),
    broken: chain('forward', 'filter', '100', 'drop', ['ip saddr 192.0.2.10 accept']),
    says: /^perhaps .*both have priority 100$/,
  },
  {
    ...nft,
    name: 'nft-replies-translated',
    check: 'nat-replies',
    healthy: chain(
      'prerouting',
      'nat',
      'dstnat',
      'accept',
      ['iifname eth1 tcp dport 80 redirect to :3128'],
      'ip nat4',
    ),
    broken: chain(
      'prerouting',
      'nat',
      'dstnat',
      'accept',
      ['iifname eth1 meta l4proto tcp redirect to :3128'],
      'ip nat4',
    ),
  },
  {
    ...nft,
    name: 'nft-zones',
    healthy: zones('eth0'),
    broken: zones('eth1'),
    says: /reject/,
  },
  {
    ...nft,
    name: 'nft-states-by-map',
    check: 'firewall-input',
    mode: 'dr',
    healthy: input(
      'chain fresh',
      'ct state vmap { established : accept, related : accept, new : jump fresh }',
      'tcp dport 80 accept',
      'drop',
    ),
    broken: input(
      'chain fresh',
      'ct state vmap { established : accept, related : accept, new : jump fresh, invalid : drop }',
      'add rule inet fw fresh tcp flags & (fin | syn | rst | ack) == syn accept',
      'drop',
    ),
  },
  {
    ...nft,
    name: 'nft-intervals',
    healthy: input(
      'set open { type ipv4_addr . inet_proto . inet_service; flags interval; elements = { 192.0.2.0/28 . tcp . 80-89 }; }',
      'ip daddr . meta l4proto . th dport @open accept',
      'meta l4proto { tcp, udp } drop',
    ),
    broken: input(
      'set open { type ipv4_addr . inet_proto . inet_service; flags interval; elements = { 192.0.2.0/28 . udp . 80-89, 192.0.2.16/28 . tcp . 80-89 }; }',
      'ip daddr . meta l4proto . th dport @open accept',
      'meta l4proto { tcp, udp } drop',
    ),
  },
  {
    ...nft,
    name: 'nft-ports-of-clients',
    healthy: input('tcp sport < 1024 drop', 'tcp sport 1-1023 reject'),
    broken: input('tcp dport 80 tcp sport >= 1024 reject with tcp reset'),
  },
  {
    ...nft,
    name: 'nft-queue',
    healthy: input('tcp dport 80 queue flags bypass to 7'),
    broken: input('tcp dport 80 queue to 7'),
  },
  {
    ...nft,
    name: 'nft-neighbours',
    mode: 'nat6',
    healthy: chain('input', 'filter', '0', 'drop', [
      'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } ip6 hoplimit 255 accept',
      'tcp dport 80 accept',
    ]),
    broken: [
      ...chain('input', 'filter', '0', 'drop', [
        'icmpv6 type { echo-request, nd-router-advert } accept',
        'tcp dport 80 accept',
      ]),
      'ip -6 neigh flush all',
    ],
  },
  {
    ...nft,
    name: 'nft-dormant',
    healthy: [
      ...chain('input', 'filter', '0', 'drop', [], 'inet sleepy'),
      "nft 'add table inet sleepy { flags dormant; }'",
    ],
    broken: chain('input', 'filter', '0', 'drop', [], 'inet sleepy'),
  },
  {
    ...nft,
    name: 'nft-translated-untracked',
    check: 'nat-first',
    healthy: [
      ...chain(
        'prerouting',
        'filter',
        'raw',
        'accept',
        ['ip daddr 192.0.2.10 tcp dport 80 notrack'],
        'ip raw4',
      ),
      ...chain('prerouting', 'nat', 'dstnat', 'accept', ['tcp dport 80 redirect to :3128'], 'ip nat4'),
    ],
    broken: [
      ...chain(
        'prerouting',
        'filter',
        'raw',
        'accept',
        ['ip daddr 192.0.2.10 tcp dport 443 notrack'],
        'ip raw4',
      ),
      ...chain('prerouting', 'nat', 'dstnat', 'accept', ['tcp dport 80 redirect to :3128'], 'ip nat4'),
    ],
  },
  {
    ...nft,
    name: 'nft-iptables-beside',
    // iptables-nft and nft at work together: each has its say.
    healthy: [
      'iptables-nft -A INPUT -p tcp --dport 80 -m comment --comment "web; really" -j ACCEPT',
      'iptables-nft -A INPUT -p tcp -m conntrack --ctstate INVALID -m limit --limit 3/min -j LOG --log-prefix "bad "',
      'iptables-nft -P INPUT DROP',
      ...input('tcp dport { 22, 443 } drop'),
    ],
    broken: [
      'iptables-nft -A INPUT -p tcp --dport 80 -m comment --comment "web; really" -j ACCEPT',
      'iptables-nft -P INPUT DROP',
      ...input('tcp dport { 22, 80 } drop'),
    ],
  },
  {
    ...nft,
    name: 'nft-iptables-chains',
    check: 'firewall-forward',
    healthy: [
      'iptables-nft -N DOCKER-USER',
      'iptables-nft -A FORWARD -j DOCKER-USER',
      'iptables-nft -A DOCKER-USER -i docker0 -p tcp --dport 80 -j DROP',
      'iptables-nft -A DOCKER-USER -j RETURN',
    ],
    broken: [
      'iptables-nft -N DOCKER-USER',
      'iptables-nft -A FORWARD -j DOCKER-USER',
      'iptables-nft -A DOCKER-USER ! -i docker0 -p tcp --sport 80 -j REJECT',
      'iptables-nft -A DOCKER-USER -j RETURN',
    ],
  },
];

/** Rules that were there before the first service, with which the kernel adds the hooks of IPVS. */
function tied(lines: readonly string[]) {
  return async ({ director, ipvs }: Bench): Promise<void> => {
    const table = await ipvs.table();
    await ipvs.flush();
    await director.sh(...lines);
    for (const { service, destinations } of table) {
      await ipvs.addService(service.key, { scheduler: 'rr' });
      for (const { key } of destinations) await ipvs.addDestination(service.key, key, { forwarding: 'masq' });
    }
  };
}

/** A chain that sees the packets of one interface first, or last. */
function ingress(hook: 'ingress' | 'egress', rule: string, device = 'eth0'): string[] {
  return [
    'nft add table netdev wire',
    `nft 'add chain netdev wire at { type filter hook ${hook} device ${device} priority 0; policy accept; }'`,
    `nft 'add rule netdev wire at ${rule}'`,
  ];
}

/** As firewalld writes its zones: the web is open in the zone of one interface. */
function zones(open: string): string[] {
  return input(
    'chain public',
    'chain internal',
    'chain zones',
    'ct state { established, related } accept',
    'ct status dnat accept',
    'iifname "lo" accept',
    'jump zones',
    'ct state invalid drop',
    'reject with icmpx admin-prohibited',
    `add rule inet fw zones iifname "${open}" goto public`,
    'add rule inet fw zones goto internal',
    'add rule inet fw public tcp dport 80 accept',
    'add rule inet fw public meta l4proto { icmp, ipv6-icmp } accept',
    'add rule inet fw internal tcp dport 22 accept',
  );
}

/** As kube-proxy in nftables mode writes a service with an external address. */
function kube(address: string): string[] {
  const table = 'ip kube-proxy';
  return [
    `nft add table ${table}`,
    `nft 'add chain ${table} nat-prerouting { type nat hook prerouting priority dstnat; }'`,
    ...['services', 'external-a', 'endpoint-a', 'endpoint-b'].map((name) => `nft add chain ${table} ${name}`),
    `nft 'add map ${table} service-ips { type ipv4_addr . inet_proto . inet_service : verdict; }'`,
    `nft 'add element ${table} service-ips { ${address} . tcp . 80 : goto external-a }'`,
    `nft 'add rule ${table} nat-prerouting jump services'`,
    `nft 'add rule ${table} services ip daddr . meta l4proto . th dport vmap @service-ips'`,
    `nft 'add rule ${table} external-a meta mark set mark or 0x4000'`,
    `nft 'add rule ${table} external-a numgen random mod 2 vmap { 0 : goto endpoint-a, 1 : goto endpoint-b }'`,
    `nft 'add rule ${table} endpoint-a meta l4proto tcp dnat to 172.17.0.2:80'`,
    `nft 'add rule ${table} endpoint-b meta l4proto tcp dnat to 172.17.0.3:80'`,
  ];
}
