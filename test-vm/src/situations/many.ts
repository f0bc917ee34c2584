import { diagnose } from '@ipvs-ts/director';
import { calls } from '@ipvs-ts/ipvs';
import type { Bench } from '../bench.js';
import { udpAsk, udpServer, udpSocket } from '../sockets.js';
import type { SetUp, Situation } from './situation.js';

interface Many {
  readonly count: number;
  /** Distance of their ports; with 1 they are one range. */
  readonly step?: number;
  readonly protocol?: string;
  readonly address?: string;
  readonly destination?: string;
}

/** Many services at ports from 2000 on. */
function many({
  count,
  step = 1,
  protocol = 'tcp',
  address = '192.0.2.10',
  destination = '10.0.0.11:80',
}: Many) {
  return ({ ipvs }: Bench): Promise<unknown> =>
    ipvs.batch(
      Array.from({ length: count }, (_, at) => `${protocol}:${address}:${2000 + at * step}`).flatMap(
        (key) => [
          calls.addService(key, { scheduler: 'rr' }),
          calls.addDestination(key, destination, { forwarding: 'masq' }),
        ],
      ),
    );
}

/** Closes the firewall, and says how few commands open it again: the same for all services. */
function closed(services: number, most: number, ...lines: string[]): SetUp {
  return async ({ director, ipvs, lab }: Bench): Promise<void> => {
    await director.sh(...lines);
    const { findings } = await diagnose(ipvs, { netns: director.path });
    lab.report.equal('one finding', findings.length, 1);
    lab.report.equal('all services', findings[0]?.services.length, services);
    const commands = findings[0]?.fix ?? [];
    lab.report.check(`at most ${most} commands`, commands.length <= most, commands.slice(0, 20));
  };
}

/** Asks at the first service, and at some of the many. */
function askAt(address: string, ...ports: number[]) {
  return async ({ lab, client }: Bench): Promise<string[]> => {
    const answers = await Promise.all(ports.map((port) => lab.ask(client, `http://${address}:${port}/`, 1)));
    return answers.flat();
  };
}

const UDP = { count: 100, step: 3, protocol: 'udp', destination: '10.0.0.11:53' };

/** One closed firewall in front of many services. */
export const manySituations: readonly Situation[] = [
  {
    name: 'hundred-services',
    also: many({ count: 100 }),
    healthy: ['iptables -A INPUT -p tcp --dport 1999 -j DROP', 'iptables -A INPUT -p tcp --dport 81 -j DROP'],
    broken: closed(101, 1, 'iptables -A INPUT -p tcp --dport 80:3000 -j DROP'),
    check: 'firewall-input',
    ask: askAt('192.0.2.10', 80, 2000, 2050, 2099),
  },
  {
    name: 'thousand-services',
    also: many({ count: 1000, step: 2 }),
    healthy: [
      'iptables -A INPUT -p tcp -m multiport --dports 80,2000:3998 -j ACCEPT',
      'iptables -P INPUT DROP',
    ],
    // Ports between those of the services stay closed: no range holds two of them.
    broken: closed(1001, 67, 'iptables -A INPUT -p tcp --dport 22 -j ACCEPT', 'iptables -P INPUT DROP'),
    check: 'firewall-input',
    ask: askAt('192.0.2.10', 80, 2000, 2998, 3998),
  },
  {
    name: 'hundred-services-out',
    also: many({ count: 100 }),
    healthy: ['iptables -A OUTPUT -p tcp --dport 81 -j DROP'],
    broken: closed(101, 2, 'iptables -P OUTPUT DROP'),
    check: 'firewall-output',
    ask: askAt('192.0.2.10', 80, 80, 2000, 2050, 2099),
  },
  {
    name: 'hundred-services-ipv6',
    mode: 'nat6',
    also: many({ count: 100, step: 2, address: '[2001:db8::10]', destination: '[fd00::11]:80' }),
    healthy: ['ip6tables -A INPUT -p tcp --dport 1999 -j DROP'],
    broken: closed(101, 7, 'ip6tables -A INPUT -p tcp --dport 80:3000 -j REJECT'),
    check: 'firewall-input',
    ask: askAt('[2001:db8::10]', 80, 2000, 2100, 2198),
  },
  {
    name: 'hundred-services-udp',
    also: async (bench: Bench): Promise<void> => {
      await many(UDP)(bench);
      udpServer(bench.one, '10.0.0.11', 53, 'one', bench.lab.cleanup);
    },
    healthy: ['iptables -A FORWARD -p udp --dport 53 -j DROP'],
    broken: closed(100, 1, 'iptables -A FORWARD -p udp --sport 53 -j DROP'),
    check: 'firewall-forward',
    ask: async ({ client, lab }: Bench): Promise<string[]> => {
      const socket = udpSocket(client, '192.0.2.77', 0, lab.cleanup);
      const answers: string[] = [];
      for (const port of [2000, 2150, 2297])
        answers.push((await udpAsk(socket, '192.0.2.10', port, 3000)) ?? '(no page: timeout)');
      return answers;
    },
  },
  {
    name: 'nft-thousand-services',
    needs: 'nft',
    also: many({ count: 1000, step: 2 }),
    healthy: nft('tcp dport { 80, 2000-3998 } accept'),
    broken: closed(1001, 4, ...nft('tcp dport 22 accept')),
    check: 'firewall-input',
    ask: askAt('192.0.2.10', 80, 2000, 2998, 3998),
  },
  {
    name: 'nft-hundred-services-ipv6',
    needs: 'nft',
    mode: 'nat6',
    also: many({ count: 100, address: '[2001:db8::10]', destination: '[fd00::11]:80' }),
    healthy: nft('tcp dport { 80, 2000-3998 } accept', 'meta l4proto ipv6-icmp accept'),
    broken: closed(101, 1, ...nft('meta l4proto ipv6-icmp accept')),
    check: 'firewall-input',
    ask: askAt('[2001:db8::10]', 80, 2000, 2050, 2099),
  },
  {
    name: 'nft-iptables-hundred-services',
    needs: 'nft',
    also: many({ count: 100 }),
    healthy: ['iptables-nft -A INPUT -p tcp --dport 1999 -j DROP'],
    broken: closed(101, 1, 'iptables-nft -A INPUT -p tcp --dport 80:3000 -j DROP'),
    check: 'firewall-input',
    ask: askAt('192.0.2.10', 80, 2000, 2050, 2099),
  },
];

/** A closed chain of nft that accepts some. */
function nft(...rules: string[]): string[] {
  return [
    'nft add table inet fw',
    "nft 'add chain inet fw input { type filter hook input priority 0; policy drop; }'",
    ...rules.map((rule) => `nft 'add rule inet fw input ${rule}'`),
  ];
}
