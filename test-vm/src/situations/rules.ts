import type { Situation } from './situation.js';

const WEB = '-d 192.0.2.10 -p tcp --dport 80';

/** Rules of iptables that look alike, some of which keep all clients away. */
export const ruleSituations: readonly Situation[] = [
  {
    name: 'ports-of-clients',
    healthy: ['iptables -A INPUT -p tcp --dport 80 --sport 0:1023 -j DROP'],
    broken: ['iptables -A INPUT -p tcp --dport 80 --sport 1024:65535 -j DROP'],
    check: 'firewall-input',
  },
  {
    name: 'halves-of-the-world',
    healthy: ['iptables -A INPUT -s 0.0.0.0/1 -j DROP'],
    broken: ['iptables -A INPUT -s 0.0.0.0/1 -j DROP', 'iptables -A INPUT -s 128.0.0.0/1 -j DROP'],
    check: 'firewall-input',
  },
  {
    name: 'admitted-clients',
    healthy: [
      'iptables -N clients',
      'iptables -A clients -s 192.0.2.0/24 -j ACCEPT',
      'iptables -A clients -j RETURN',
      `iptables -A INPUT ${WEB} -j clients`,
      'iptables -A INPUT -j DROP',
    ],
    broken: [
      'iptables -N clients',
      'iptables -A clients -s 192.0.2.0/24 -j RETURN',
      'iptables -A clients -j RETURN',
      `iptables -A INPUT ${WEB} -j clients`,
      'iptables -A INPUT -j DROP',
    ],
    check: 'firewall-input',
  },
  {
    name: 'goto-ends-in-policy',
    healthy: [
      'iptables -P INPUT DROP',
      'iptables -N web',
      'iptables -N more',
      `iptables -A INPUT ${WEB} -j web`,
      'iptables -A web -g more',
      'iptables -A more -p tcp --dport 81 -j DROP',
      `iptables -A INPUT ${WEB} -j ACCEPT`,
    ],
    broken: [
      'iptables -P INPUT DROP',
      'iptables -N web',
      'iptables -N more',
      `iptables -A INPUT ${WEB} -g web`,
      'iptables -A web -j more',
      'iptables -A more -p tcp --dport 81 -j ACCEPT',
      `iptables -A INPUT ${WEB} -j ACCEPT`,
    ],
    check: 'firewall-input',
    says: /policy drops/,
  },
  {
    name: 'owner-of-packets',
    healthy: ['iptables -A OUTPUT -p tcp --dport 80 -m owner --uid-owner 4242 -j DROP'],
    broken: ['iptables -A OUTPUT -p tcp --dport 80 -m owner ! --uid-owner 4242 -j DROP'],
    check: 'firewall-output',
  },
  {
    name: 'one-of-two-servers',
    healthy: ['iptables -A OUTPUT -d 10.0.0.13 -j DROP'],
    broken: ['iptables -A OUTPUT -d 10.0.0.12 -o eth1 -j REJECT'],
    check: 'firewall-output',
    partly: true,
  },
  {
    name: 'mangle-behind',
    healthy: ['iptables -t mangle -A POSTROUTING -o eth1 -p tcp --dport 443 -j DROP'],
    broken: ['iptables -t mangle -A POSTROUTING -o eth1 -p tcp --dport 80 -j DROP'],
    check: 'firewall-output',
  },
  {
    name: 'forward-by-interfaces',
    healthy: ['iptables -P FORWARD DROP', 'iptables -A FORWARD -i eth1 -o eth0 -j ACCEPT'],
    broken: ['iptables -P FORWARD DROP', 'iptables -A FORWARD -i eth0 -o eth1 -j ACCEPT'],
    check: 'firewall-forward',
  },
  {
    name: 'forward-to-high-ports',
    healthy: [
      'iptables -P FORWARD DROP',
      'iptables -A FORWARD -p tcp --sport 80 --dport 1024:65535 -j ACCEPT',
    ],
    broken: [
      'iptables -P FORWARD DROP',
      'iptables -A FORWARD -p tcp --dport 80 --sport 1024:65535 -j ACCEPT',
    ],
    check: 'firewall-forward',
  },
  {
    name: 'every-second-connection',
    healthy: ['iptables -A INPUT -p tcp --dport 81 -m statistic --mode nth --every 2 --packet 0 -j DROP'],
    broken: [`iptables -A INPUT ${WEB} --syn -m statistic --mode nth --every 1 --packet 0 -j DROP`],
    check: 'firewall-input',
    says: /^perhaps/,
  },
  {
    name: 'recent-list',
    healthy: ['iptables -A INPUT -p tcp --dport 80 -m recent --name bad --rcheck -j DROP'],
    broken: ['iptables -A INPUT -p tcp --dport 80 -m recent --name bad --set -j DROP'],
    check: 'firewall-input',
  },
  {
    name: 'too-fast',
    healthy: [
      `iptables -A INPUT ${WEB} --syn -m hashlimit --hashlimit-name web --hashlimit-mode srcip --hashlimit-above 1000/s --hashlimit-burst 1000 -j DROP`,
    ],
    broken: [
      `iptables -A INPUT ${WEB} --syn -m hashlimit --hashlimit-name web --hashlimit-mode srcip --hashlimit-above 1/hour --hashlimit-burst 1 -j DROP`,
    ],
    check: 'firewall-input',
    partly: true,
  },
  {
    name: 'content',
    healthy: ['iptables -A INPUT -p tcp -m string --string wp-login --algo bm -j DROP'],
    broken: ['iptables -A INPUT -p tcp -m string --string GET --algo bm -j DROP'],
    check: 'firewall-input',
    says: /^perhaps/,
  },
  {
    name: 'queue',
    healthy: ['iptables -A INPUT -p tcp --dport 80 -j NFQUEUE --queue-num 7 --queue-bypass'],
    broken: ['iptables -A INPUT -p tcp --dport 80 -j NFQUEUE --queue-num 7'],
    check: 'firewall-input',
  },
  {
    name: 'set-of-networks',
    needs: 'ipset',
    healthy: [
      'ipset create block hash:net',
      'ipset add block 192.0.2.0/24',
      'ipset add block 192.0.2.77 nomatch',
      'iptables -A INPUT -m set --match-set block src -j DROP',
    ],
    broken: [
      'ipset create block hash:net',
      'ipset add block 0.0.0.0/1',
      'ipset add block 128.0.0.0/1',
      'iptables -A INPUT -m set --match-set block src -j DROP',
    ],
    check: 'firewall-input',
  },
  {
    name: 'set-of-services',
    needs: 'ipset',
    healthy: [
      'ipset create open hash:ip,port',
      'ipset add open 192.0.2.10,tcp:80',
      'iptables -A INPUT -m set --match-set open dst,dst -j ACCEPT',
      'iptables -P INPUT DROP',
    ],
    broken: [
      'ipset create open hash:ip,port',
      'ipset add open 192.0.2.10,udp:80',
      'iptables -A INPUT -m set --match-set open dst,dst -j ACCEPT',
      'iptables -P INPUT DROP',
    ],
    check: 'firewall-input',
  },
  {
    name: 'banned-clients',
    healthy: [
      'iptables -N f2b-web',
      'iptables -A f2b-web -s 203.0.113.5 -j REJECT',
      'iptables -A f2b-web -j RETURN',
      'iptables -A INPUT -p tcp -m multiport --dports 80,443 -j f2b-web',
    ],
    broken: [
      'iptables -N f2b-web',
      'iptables -A f2b-web ! -s 203.0.113.5 -j REJECT',
      'iptables -A f2b-web -j RETURN',
      'iptables -A INPUT -p tcp -m multiport --dports 80,443 -j f2b-web',
      'iptables -A INPUT -s 203.0.113.5 -j DROP',
    ],
    check: 'firewall-input',
  },
  {
    name: 'not-the-service',
    healthy: ['iptables -A INPUT ! -d 192.0.2.10 -p tcp -j DROP'],
    broken: ['iptables -A INPUT ! -d 192.0.2.1 -p tcp ! --dport 22 -j DROP'],
    check: 'firewall-input',
  },
  {
    name: 'not-sent-to-this-host',
    healthy: ['iptables -t raw -A PREROUTING -i eth0 -m addrtype ! --dst-type LOCAL -d 192.0.2.0/24 -j DROP'],
    // Replies to the client pass PREROUTING too. The client has connections that wait, so its address is known.
    broken: ['iptables -t raw -A PREROUTING -m addrtype ! --dst-type LOCAL -d 192.0.2.0/24 -j DROP'],
    check: 'firewall-forward',
  },
  {
    name: 'interface-wildcard',
    healthy: ['iptables -A INPUT -i tun+ -j DROP', 'iptables -A INPUT -i docker0 -p tcp -j REJECT'],
    broken: ['iptables -A INPUT -i et+ -p tcp -j REJECT --reject-with tcp-reset'],
    check: 'firewall-input',
  },
  {
    name: 'neighbours-of-ipv6',
    mode: 'nat6',
    healthy: [
      'ip6tables -A INPUT -p tcp --dport 80 -j ACCEPT',
      'ip6tables -A INPUT -p icmpv6 -j ACCEPT',
      'ip6tables -P INPUT DROP',
    ],
    broken: [
      'ip6tables -A INPUT -p tcp --dport 80 -j ACCEPT',
      'ip6tables -P INPUT DROP',
      'ip -6 neigh flush all',
    ],
    check: 'firewall-input',
  },
  {
    name: 'neighbours-of-ipv6-out',
    mode: 'nat6',
    healthy: ['ip6tables -A OUTPUT -p icmpv6 --icmpv6-type 1 -j DROP'],
    broken: ['ip6tables -A OUTPUT -p icmpv6 -j DROP', 'ip -6 neigh flush all'],
    check: 'firewall-output',
  },
];
