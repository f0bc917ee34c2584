import type { Bench } from '../bench.js';
import { byMark } from '../faults/rules.js';
import type { Situation } from './situation.js';

const PRE = 'iptables -t mangle -A PREROUTING';
const WEB = '-d 192.0.2.10 -p tcp --dport 80';

const marked: Pick<Situation, 'also' | 'check'> = { also: (bench) => byMark(bench), check: 'unset-mark' };

/** A rule that a person adds: the doctor's own command marks all packets to one address. */
const person: Situation['person'] = ({ director }) =>
  director.sh(`iptables -t mangle -A PREROUTING ${WEB} -j MARK --set-mark 7`);

/** Marks that packets have when IPVS looks at them, or not. */
export const markSituations: readonly Situation[] = [
  {
    ...marked,
    name: 'mark-in-input',
    healthy: [`iptables -t mangle -A INPUT ${WEB} -j MARK --set-mark 7`],
    broken: [`iptables -t mangle -A POSTROUTING ${WEB} -j MARK --set-mark 7`],
    person,
  },
  {
    ...marked,
    name: 'mark-in-nat-table',
    needs: 'nat-table',
    // Without a rule that translates, conntrack is off, and no packet passes the table.
    healthy: [
      `iptables -t nat -A PREROUTING ${WEB} -j MARK --set-mark 7`,
      'iptables -t nat -A POSTROUTING -s 198.51.100.0/24 -j MASQUERADE',
    ],
    broken: [`iptables -t nat -A POSTROUTING ${WEB} -j MARK --set-mark 7`],
    person,
  },
  {
    ...marked,
    name: 'mark-set-again',
    healthy: [`${PRE} -j MARK --set-mark 1`, `${PRE} ${WEB} -j MARK --set-mark 7`],
    broken: [`${PRE} ${WEB} -j MARK --set-mark 7`, `${PRE} -p tcp -j MARK --set-mark 1`],
    person,
  },
  {
    ...marked,
    name: 'mark-of-another-interface',
    healthy: [`${PRE} -i eth0 ${WEB} -j MARK --set-mark 7`],
    broken: [`${PRE} -i eth5 ${WEB} -j MARK --set-mark 7`],
    person,
  },
  {
    ...marked,
    name: 'mark-turned-over',
    healthy: [`${PRE} ${WEB} -j MARK --or-mark 0x5`, `${PRE} ${WEB} -j MARK --xor-mark 0x2`],
    broken: [`${PRE} ${WEB} -j MARK --or-mark 0x7`, `${PRE} ${WEB} -j MARK --xor-mark 0x2`],
    person,
  },
  {
    ...marked,
    name: 'mark-of-the-connection',
    healthy: [
      `${PRE} ${WEB} -m conntrack --ctstate NEW -j CONNMARK --set-mark 7`,
      `${PRE} -j CONNMARK --restore-mark`,
    ],
    broken: [
      `${PRE} -j CONNMARK --restore-mark`,
      `${PRE} ${WEB} -m conntrack --ctstate NEW -j CONNMARK --set-mark 7`,
    ],
    person,
  },
  {
    ...marked,
    name: 'mark-masked',
    healthy: [
      `${PRE} ${WEB} -j CONNMARK --set-xmark 0x107/0xfff`,
      `${PRE} -j CONNMARK --restore-mark --mask 0xff`,
    ],
    broken: [`${PRE} ${WEB} -j CONNMARK --set-xmark 0x107/0xfff`, `${PRE} -j CONNMARK --restore-mark`],
    person,
  },
  {
    ...marked,
    name: 'mark-of-first-packets',
    also: async (bench: Bench): Promise<void> => {
      await byMark(bench);
      await bench.ipvs.setSysctls({ conntrack: 1 });
    },
    healthy: [`${PRE} ${WEB} -m conntrack --ctstate NEW -j MARK --set-mark 7`],
    broken: [`${PRE} ${WEB} -m conntrack --ctstate ESTABLISHED -j MARK --set-mark 7`],
    person,
  },
  {
    ...marked,
    name: 'mark-in-a-chain',
    healthy: [
      'iptables -t mangle -N web',
      `${PRE} -m mark ! --mark 0 -j ACCEPT`,
      `${PRE} ${WEB} -j web`,
      'iptables -t mangle -A web -j MARK --set-mark 7',
    ],
    broken: [
      'iptables -t mangle -N web',
      'iptables -t raw -A PREROUTING -p tcp -j MARK --set-mark 1',
      `${PRE} -m mark ! --mark 0 -j ACCEPT`,
      `${PRE} ${WEB} -j web`,
      'iptables -t mangle -A web -j MARK --set-mark 7',
    ],
    person: ({ director }) => director.sh(`iptables -t mangle -I PREROUTING ${WEB} -j MARK --set-mark 7`),
  },
  {
    name: 'mark-filtered',
    also: (bench) => byMark(bench),
    healthy: [
      `${PRE} ${WEB} -j MARK --set-mark 7`,
      'iptables -A INPUT -m mark --mark 7 -j ACCEPT',
      'iptables -P INPUT DROP',
    ],
    broken: [
      `${PRE} ${WEB} -j MARK --set-mark 7`,
      'iptables -A INPUT -m mark --mark 0 -j ACCEPT',
      'iptables -P INPUT DROP',
    ],
    check: 'firewall-input',
  },
];
