import type { Bench } from '../bench.js';
import type { SetUp, Situation } from './situation.js';

const track =
  (...rules: string[]): SetUp =>
  async ({ ipvs, director }: Bench) => {
    await ipvs.setSysctls({ conntrack: 1 });
    await director.sh(...rules);
  };

/** States of conntrack as packets of services have them. */
export const stateSituations: readonly Situation[] = [
  {
    name: 'out-only-known',
    healthy: [
      'iptables -A OUTPUT -m conntrack --ctstate ESTABLISHED,RELATED,UNTRACKED -j ACCEPT',
      'iptables -A OUTPUT -o eth0 -j ACCEPT',
      'iptables -P OUTPUT DROP',
    ],
    broken: [
      'iptables -A OUTPUT -m conntrack --ctstate ESTABLISHED,RELATED,NEW -j ACCEPT',
      'iptables -A OUTPUT -o eth0 -j ACCEPT',
      'iptables -P OUTPUT DROP',
    ],
    check: 'firewall-output',
  },
  {
    name: 'out-invalid-direct',
    mode: 'dr',
    healthy: ['iptables -A OUTPUT -m conntrack --ctstate INVALID -j DROP'],
    broken: track('iptables -A OUTPUT -m conntrack --ctstate INVALID -j DROP'),
    check: 'firewall-output',
  },
  {
    name: 'out-invalid-tunnel',
    mode: 'tun',
    healthy: track('iptables -A OUTPUT -m conntrack --ctstate INVALID -j DROP'),
  },
  {
    name: 'untracked',
    healthy: [
      'iptables -t raw -A PREROUTING -j CT --notrack',
      'iptables -A INPUT -m conntrack --ctstate INVALID -j DROP',
      'iptables -A FORWARD -m conntrack --ctstate INVALID -j DROP',
    ],
    broken: [
      'iptables -t raw -A PREROUTING -p tcp --dport 80 -j CT --notrack',
      'iptables -A INPUT -m conntrack --ctstate NEW,ESTABLISHED,RELATED -j ACCEPT',
      'iptables -P INPUT DROP',
    ],
    check: 'firewall-input',
  },
  {
    name: 'loose',
    mode: 'dr',
    also: ({ director }) => director.sh('conntrack -L >/dev/null 2>&1 || true'),
    healthy: ['iptables -A INPUT -m state --state INVALID -j DROP'],
    broken: [
      'iptables -A INPUT -m state --state INVALID -j DROP',
      'sysctl -w net.netfilter.nf_conntrack_tcp_loose=0',
    ],
    check: 'firewall-input',
  },
  {
    name: 'stateful-everywhere',
    healthy: track(
      ...['INPUT', 'FORWARD', 'OUTPUT'].map(
        (chain) => `iptables -A ${chain} -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT`,
      ),
      'iptables -A INPUT -p tcp --dport 80 -m conntrack --ctstate NEW -j ACCEPT',
      'iptables -A OUTPUT -p tcp --dport 80 -m conntrack --ctstate NEW -j ACCEPT',
      ...['INPUT', 'FORWARD', 'OUTPUT'].map((chain) => `iptables -P ${chain} DROP`),
    ),
    broken: async ({ ipvs, director }: Bench): Promise<void> => {
      await ipvs.setSysctls({ conntrack: 0 });
      await director.sh(
        ...['INPUT', 'FORWARD'].map(
          (chain) => `iptables -A ${chain} -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT`,
        ),
        'iptables -A INPUT -p tcp --dport 80 -m conntrack --ctstate NEW -j ACCEPT',
        ...['INPUT', 'FORWARD'].map((chain) => `iptables -P ${chain} DROP`),
      );
    },
    check: 'firewall-stateful',
  },
  {
    name: 'as-ufw-writes-it',
    healthy: track(...ufw()),
    broken: async ({ ipvs, director }: Bench): Promise<void> => {
      await ipvs.setSysctls({ conntrack: 0 });
      await director.sh(...ufw());
    },
    check: 'firewall-stateful',
  },
  {
    name: 'direction',
    healthy: track('iptables -A FORWARD -m conntrack --ctdir ORIGINAL -j DROP'),
    broken: track('iptables -A FORWARD -m conntrack --ctdir REPLY -j DROP'),
    check: 'firewall-forward',
  },
  {
    name: 'answered',
    healthy: track(
      'iptables -A FORWARD -m conntrack --ctstatus SEEN_REPLY -j ACCEPT',
      'iptables -P FORWARD DROP',
    ),
    broken: track(
      'iptables -A FORWARD -m conntrack --ctstatus EXPECTED -j ACCEPT',
      'iptables -P FORWARD DROP',
    ),
    check: 'firewall-forward',
  },
  {
    name: 'original-destination',
    healthy: track(
      'iptables -A FORWARD -p tcp -m conntrack --ctorigdst 192.0.2.10 --ctorigdstport 80 -j ACCEPT',
      'iptables -A FORWARD -j DROP',
    ),
    broken: track(
      'iptables -A FORWARD -p tcp -m conntrack --ctorigdst 192.0.2.10 --ctorigdstport 80 -j DROP',
    ),
    check: 'firewall-forward',
  },
];

/** The frame of rules that ufw writes, with `allow 80/tcp`, and `route allow` for known connections. */
function ufw(): string[] {
  const chains = [
    'before-input',
    'user-input',
    'after-input',
    'not-local',
    'logging-deny',
    'before-forward',
    'user-forward',
  ];
  return [
    ...chains.map((name) => `iptables -N ufw-${name}`),
    'iptables -A INPUT -j ufw-before-input',
    'iptables -A INPUT -j ufw-after-input',
    'iptables -A FORWARD -j ufw-before-forward',
    'iptables -A ufw-before-input -i lo -j ACCEPT',
    'iptables -A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    'iptables -A ufw-before-input -m conntrack --ctstate INVALID -j ufw-logging-deny',
    'iptables -A ufw-before-input -m conntrack --ctstate INVALID -j DROP',
    'iptables -A ufw-before-input -p icmp --icmp-type 8 -j ACCEPT',
    'iptables -A ufw-before-input -p udp --sport 67 --dport 68 -j ACCEPT',
    'iptables -A ufw-before-input -j ufw-not-local',
    'iptables -A ufw-before-input -d 224.0.0.251/32 -p udp --dport 5353 -j ACCEPT',
    'iptables -A ufw-before-input -j ufw-user-input',
    'iptables -A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN',
    'iptables -A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN',
    'iptables -A ufw-not-local -m addrtype --dst-type BROADCAST -j RETURN',
    'iptables -A ufw-not-local -m limit --limit 3/min --limit-burst 10 -j ufw-logging-deny',
    'iptables -A ufw-not-local -j DROP',
    'iptables -A ufw-logging-deny -m conntrack --ctstate INVALID -m limit --limit 3/min --limit-burst 10 -j RETURN',
    'iptables -A ufw-user-input -p tcp -m tcp --dport 80 -j ACCEPT',
    'iptables -A ufw-before-forward -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    'iptables -A ufw-before-forward -p icmp --icmp-type 3 -j ACCEPT',
    'iptables -A ufw-before-forward -j ufw-user-forward',
    'iptables -P INPUT DROP',
    'iptables -P FORWARD DROP',
  ];
}
