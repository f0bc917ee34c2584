import { type Bench, modprobe } from '../bench.js';
import { addSctp, askSctp } from '../sctp.js';
import { poll } from '../poll.js';
import { udpAsk, udpServer, udpSocket } from '../sockets.js';
import type { Situation } from './situation.js';

const DNS = 'udp:192.0.2.10:53';

async function addDns({ ipvs, one, two, lab }: Bench): Promise<void> {
  await ipvs.addService(DNS, { scheduler: 'rr' });
  for (const [host, name, last] of [
    [one, 'one', 11],
    [two, 'two', 12],
  ] as const) {
    await ipvs.addDestination(DNS, `10.0.0.${String(last)}:53`, { forwarding: 'masq' });
    udpServer(host, `10.0.0.${String(last)}`, 53, name, lab.cleanup);
  }
}

async function askDns({ client, lab }: Bench): Promise<string[]> {
  const sockets = Array.from({ length: 4 }, () => udpSocket(client, '192.0.2.77', 0, lab.cleanup));
  const answers = await Promise.all(sockets.map((socket) => udpAsk(socket, '192.0.2.10', 53, 3000)));
  return answers.map((answer) => answer ?? '(no page: timeout)');
}

/** A service of UDP beside the page. */
export const dns: Pick<Situation, 'also' | 'ask'> = { also: addDns, ask: askDns };

const sctp: Pick<Situation, 'also' | 'ask'> = {
  also: async (bench) => {
    await modprobe('sctp');
    await addSctp(bench);
    await poll(
      () => askSctp(bench.client),
      (answer) => answer !== '',
      { limit: 30_000 },
    );
  },
  ask: async ({ client }) => [(await askSctp(client)) || '(no page: timeout)'],
};

/** Rules that concern UDP and SCTP. */
export const protocolSituations: readonly Situation[] = [
  {
    ...dns,
    name: 'udp-from-low-ports',
    healthy: ['iptables -A INPUT -p udp --dport 53 --sport 0:1023 -j DROP'],
    broken: ['iptables -A INPUT -p udp --dport 53 ! --sport 53 -j DROP'],
    check: 'firewall-input',
  },
  {
    ...dns,
    name: 'udp-answers',
    healthy: ['iptables -A FORWARD -p udp --dport 53 -j DROP'],
    broken: ['iptables -A FORWARD -p udp --sport 53 -j DROP'],
    check: 'firewall-forward',
  },
  {
    ...dns,
    name: 'udp-answers-are-new',
    healthy: ['iptables -A FORWARD -p udp -m conntrack --ctstate ESTABLISHED,RELATED -j DROP'],
    broken: [
      'iptables -A FORWARD -p udp -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
      'iptables -A FORWARD -p udp -j DROP',
    ],
    check: 'firewall-stateful',
  },
  {
    ...dns,
    name: 'udp-of-lists',
    healthy: ['iptables -A INPUT -p tcp -m multiport --dports 52:54,853 -j DROP'],
    broken: ['iptables -A INPUT -p udp -m multiport --dports 52:54,853 -j REJECT'],
    check: 'firewall-input',
  },
  {
    ...dns,
    name: 'udp-by-ports-of-any-protocol',
    needs: 'ipset',
    healthy: [
      'ipset create closed bitmap:port range 0-65535',
      'ipset add closed 54',
      'iptables -A INPUT -m set --match-set closed dst -j DROP',
    ],
    broken: [
      'ipset create closed bitmap:port range 0-65535',
      'ipset add closed 53',
      'iptables -A INPUT -m set --match-set closed dst -j DROP',
    ],
    check: 'firewall-input',
  },
  {
    ...dns,
    name: 'udp-redirected',
    needs: 'nat-table',
    healthy: ['iptables -t nat -A PREROUTING -p tcp --dport 53 -j REDIRECT --to-ports 5353'],
    broken: ['iptables -t nat -A PREROUTING -p udp --dport 53 -j REDIRECT --to-ports 5353'],
    check: 'nat-first',
  },
  {
    ...sctp,
    name: 'sctp-dropped',
    healthy: ['iptables -A INPUT -p sctp --dport 3869 -j DROP', 'iptables -A INPUT -p udp -j DROP'],
    broken: [
      'iptables -A INPUT -p tcp -j ACCEPT',
      'iptables -A INPUT -p udp -j ACCEPT',
      'iptables -P INPUT DROP',
    ],
    check: 'firewall-input',
  },
  {
    ...sctp,
    name: 'sctp-invalid',
    healthy: ['iptables -A FORWARD -p udp -m conntrack --ctstate INVALID -j DROP'],
    broken: ['iptables -A FORWARD -p sctp -m conntrack --ctstate INVALID -j DROP'],
    check: 'firewall-stateful',
  },
];
