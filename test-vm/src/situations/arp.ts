import type { Bench } from '../bench.js';
import { udpSocket } from '../sockets.js';
import type { SetUp, Situation } from './situation.js';

const legacy = { needs: 'arptables', check: 'firewall-input' } as const;
const nft = { needs: 'nft', check: 'firewall-input' } as const;

/** Runs lines on the director, and makes all hosts forget whom they have found. */
function fresh(...lines: string[]): SetUp {
  return async ({ director, client, one, two }: Bench): Promise<void> => {
    await director.sh(...lines);
    for (const host of [director, client, one, two]) await host.ip('neigh flush all');
  };
}

function chain(table: string, hook: string, policy: string, ...rules: string[]): string[] {
  const device = table.startsWith('netdev') ? 'device eth0 ' : '';
  return [
    `nft add table ${table}`,
    `nft 'add chain ${table} at { type filter hook ${hook} ${device}priority 0; policy ${policy}; }'`,
    ...rules.map((rule) => `nft 'add rule ${table} at ${rule}'`),
  ];
}

/** The interface towards clients becomes a port of a bridge, which has the addresses. */
async function bridged({ director }: Bench): Promise<void> {
  await director.ip(
    'link add br0 type bridge',
    'address flush dev eth0',
    'link set eth0 master br0',
    'link set br0 up',
    'address add 192.0.2.1/24 dev br0',
    'address add 192.0.2.10/32 dev br0',
  );
  director.sysctl('net.ipv4.conf.br0.rp_filter=0');
}

/** Rules for ARP: without answers no host on the director’s networks finds it. */
export const arpSituations: readonly Situation[] = [
  {
    ...legacy,
    name: 'arp-requests',
    healthy: fresh('arptables-legacy -A INPUT -d 192.0.2.11 -j DROP'),
    broken: fresh('arptables-legacy -A INPUT -d 192.0.2.10 -j DROP'),
    says: /ARP of other hosts/,
  },
  {
    ...legacy,
    name: 'arp-policy',
    healthy: fresh(
      'arptables-legacy -N lan',
      'arptables-legacy -A lan -s 192.0.2.0/24 -j ACCEPT',
      'arptables-legacy -A INPUT -i eth0 --h-length 6 -j lan',
      'arptables-legacy -A INPUT -i eth1 -j ACCEPT',
      'arptables-legacy -P INPUT DROP',
    ),
    broken: fresh(
      'arptables-legacy -A INPUT --opcode 2 -j ACCEPT',
      'arptables-legacy -A INPUT -i eth1 -j ACCEPT',
      'arptables-legacy -P INPUT DROP',
    ),
  },
  {
    ...legacy,
    name: 'arp-answers',
    mode: 'dr',
    check: 'firewall-output',
    // As on real servers of direct routing.
    healthy: fresh('arptables-legacy -A OUTPUT -s ! 192.0.2.0/24 -j DROP'),
    broken: fresh('arptables-legacy -A OUTPUT -s 192.0.2.10 -j DROP'),
  },
  {
    ...legacy,
    name: 'arp-of-servers',
    healthy: fresh('arptables-legacy -A INPUT -s 10.0.0.13 -j DROP'),
    broken: fresh('arptables-legacy -A INPUT -s 10.0.0.12 -i eth1 -j DROP'),
    partly: true,
  },
  {
    ...legacy,
    name: 'arp-of-a-standby',
    // A standby has the address for its own server, and must not answer.
    healthy: async ({ director, lab }: Bench): Promise<void> => {
      udpSocket(director, '0.0.0.0', 5405, lab.cleanup).addMembership('224.0.0.18', '192.0.2.1');
      await director.sh('arptables-legacy -A INPUT -d 192.0.2.10 -j DROP');
    },
    ask: async () => ['nobody asks a standby'],
  },
  {
    ...nft,
    name: 'nft-arp-requests',
    healthy: fresh(
      ...chain('arp fw', 'input', 'accept', 'arp daddr ip 192.0.2.11 drop', 'iifname "eth7" drop'),
    ),
    broken: fresh(
      ...chain('arp fw', 'input', 'accept', 'arp operation request arp daddr ip 192.0.2.10 drop'),
    ),
    says: /^nft, table arp fw, chain at: the rule “arp operation request arp daddr ip 192\.0\.2\.10 drop” drops ARP/,
  },
  {
    ...nft,
    name: 'nft-arp-policy',
    check: 'firewall-output',
    mode: 'dr',
    healthy: fresh(...chain('arp fw', 'output', 'drop', 'arp saddr ip { 192.0.2.0/28 } accept')),
    broken: fresh(...chain('arp fw', 'output', 'drop', 'arp saddr ip 192.0.2.1 accept')),
  },
  {
    ...nft,
    name: 'nft-arptables',
    healthy: fresh('arptables-nft -A INPUT -d 192.0.2.11 -j DROP'),
    broken: fresh('arptables-nft -A INPUT -i eth0 -d 192.0.2.10 --opcode 1 -j DROP'),
  },
  {
    ...nft,
    name: 'nft-arp-ingress',
    healthy: fresh(...chain('netdev wire', 'ingress', 'accept', 'arp operation reply drop')),
    broken: fresh(...chain('netdev wire', 'ingress', 'accept', 'ether type arp drop')),
    // The director does not find the client either, before it knows the neighbour from a request.
    check: 'firewall-input',
  },
  {
    ...nft,
    name: 'nft-arp-of-servers',
    healthy: fresh(
      ...chain('arp fw', 'output', 'accept', 'arp operation request arp daddr ip 10.0.0.13 drop'),
    ),
    broken: fresh(
      ...chain('arp fw', 'output', 'accept', 'arp operation request arp daddr ip 10.0.0.12 drop'),
    ),
    check: 'firewall-output',
    partly: true,
  },
  {
    ...nft,
    name: 'nft-bridge-arp',
    also: bridged,
    healthy: fresh(...chain('bridge fw', 'input', 'accept', 'arp daddr ip 192.0.2.11 drop')),
    broken: fresh(...chain('bridge fw', 'prerouting', 'accept', 'arp daddr ip 192.0.2.10 drop')),
  },
  {
    ...nft,
    name: 'nft-bridge-packets',
    also: bridged,
    healthy: fresh(...chain('bridge fw', 'input', 'accept', 'ip daddr 192.0.2.10 tcp dport 81 drop')),
    broken: fresh(...chain('bridge fw', 'input', 'drop', 'ether type arp accept', 'tcp dport 81 accept')),
  },
];
