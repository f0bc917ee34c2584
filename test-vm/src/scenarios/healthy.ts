import { setTimeout as delay } from 'node:timers/promises';
import { diagnose } from '@ipvs-ts/director';
import { type Bench, makeBench, type Mode } from '../bench.js';
import { askFour } from '../fault.js';
import { byMark, markedByRule } from '../faults/rules.js';
import { udpSocket } from '../sockets.js';
import type { Lab, Scenario } from '../lab.js';

/** A healthy director. */
interface Health {
  readonly name: string;
  readonly mode: Mode;
  readonly quick?: boolean;
  readonly needs?: Scenario['needs'];
  /** What is set up in addition to the mode. */
  readonly also?: (bench: Bench) => unknown;
  /** The servers that answer four requests. */
  readonly answers?: readonly string[];
  /** The host that sends the requests, if not the client. */
  readonly client?: 'near' | 'director';
  /** What is changed when clients have been served, such as its role. */
  readonly then?: (bench: Bench) => unknown;
}

const BOTH = ['one', 'one', 'two', 'two'];

const directors: readonly Health[] = [
  { name: 'nat', mode: 'nat', quick: true },
  { name: 'nat6', mode: 'nat6' },
  { name: 'nat-one-wire', mode: 'nat-one-wire' },
  {
    name: 'nat6-one-interface',
    mode: 'nat6',
    needs: 'force-forwarding',
    // Only packets that come from the servers are forwarded.
    also: ({ director }) => {
      director.sysctl('net.ipv6.conf.all.forwarding=0', 'net.ipv6.conf.eth1.force_forwarding=1');
    },
  },
  { name: 'fullnat', mode: 'fullnat', quick: true, needs: 'nat-table' },
  { name: 'dr', mode: 'dr', quick: true },
  { name: 'tun', mode: 'tun', quick: true },
  {
    name: 'firewalled',
    mode: 'nat',
    needs: 'iptables',
    // Everything else is dropped; conntrack knows the connections of IPVS.
    also: async ({ ipvs, director }) => {
      await ipvs.setSysctls({ conntrack: 1 });
      const known = '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
      await director.sh(
        ...['INPUT', 'FORWARD', 'OUTPUT'].map((chain) => `iptables -A ${chain} ${known}`),
        'iptables -A INPUT -d 192.0.2.10 -p tcp -m multiport --dports 80,443 -j ACCEPT',
        'iptables -A OUTPUT -d 10.0.0.0/24 -p tcp --dport 80 -j ACCEPT',
        ...['INPUT', 'FORWARD', 'OUTPUT'].map((chain) => `iptables -P ${chain} DROP`),
        'iptables -I INPUT -i lo -j ACCEPT',
        'iptables -I OUTPUT -d 192.0.2.10 -j ACCEPT',
      );
    },
  },
  {
    name: 'fwmark',
    mode: 'nat',
    needs: 'iptables',
    also: async ({ ipvs, service, director }) => {
      await ipvs.deleteService(service);
      await ipvs.addService('fwmark:7', { scheduler: 'rr' });
      for (const last of ['11', '12'])
        await ipvs.addDestination('fwmark:7', `10.0.0.${last}:0`, { forwarding: 'masq' });
      await director.sh('iptables -t mangle -A PREROUTING -d 192.0.2.10 -p tcp -j MARK --set-mark 7');
    },
  },
  {
    name: 'forged-senders',
    mode: 'nat',
    // rp_filter drops the packets that it should drop: that is no finding.
    also: async ({ director, client, lab, url }) => {
      director.sysctl('net.ipv4.conf.all.rp_filter=1');
      await client.ip('address add 10.0.0.99/32 dev lo');
      client.sysctl('net.ipv4.conf.all.arp_announce=2');
      lab.report.equal('a forged sender gets no answer', await lab.ask(client, url, 1, 2, '10.0.0.99'), [
        '(no page: timeout)',
      ]);
    },
  },
  {
    name: 'drained',
    mode: 'nat',
    // A server out of service that is down: no error while it gets no clients.
    also: async ({ ipvs, service, stop, two }) => {
      await ipvs.updateDestination(service, '10.0.0.12:80', { weight: 0 });
      await stop.two();
      await two.ip('link set eth0 down');
    },
    answers: ['one', 'one', 'one', 'one'],
  },
  {
    name: 'address-on-lo',
    mode: 'dr',
    also: ({ director }) =>
      director.ip('address del 192.0.2.10/32 dev eth0', 'address add 192.0.2.10/32 dev lo'),
  },
  {
    name: 'synchronised',
    mode: 'nat',
    also: async ({ ipvs, lab, near }) => {
      const other = await lab.ipvs(near);
      await other.startDaemon({ state: 'master', interface: 'eth0', syncId: 7 });
      await ipvs.startDaemon({ state: 'backup', interface: 'eth1', syncId: 7 });
      await ipvs.startDaemon({ state: 'master', interface: 'eth1', syncId: 7 });
    },
  },
  {
    name: 'server-on-the-director',
    mode: 'nat',
    also: async ({ ipvs, service, lab, director }) => {
      await lab.serve(director, 'local');
      await ipvs.deleteDestination(service, '10.0.0.12:80');
      await ipvs.addDestination(service, '10.0.0.1:80', { forwarding: 'masq' });
    },
    answers: ['local', 'local', 'one', 'one'],
  },
  {
    name: 'server-on-the-director-direct',
    mode: 'dr',
    also: async ({ ipvs, service, lab, director }) => {
      await lab.serve(director, 'local');
      await ipvs.deleteDestination(service, '192.0.2.12:80');
      await ipvs.addDestination(service, '192.0.2.1:80', { forwarding: 'route' });
    },
    answers: ['local', 'local', 'one', 'one'],
  },
  {
    name: 'server-on-loopback-direct',
    mode: 'dr',
    also: async ({ ipvs, service, lab, director }) => {
      await lab.serve(director, 'local');
      await ipvs.deleteDestination(service, '192.0.2.12:80');
      await ipvs.addDestination(service, '127.0.0.1:80', { forwarding: 'route' });
    },
    answers: ['local', 'local', 'one', 'one'],
  },
  {
    name: 'port-0-direct',
    mode: 'dr',
    also: async ({ ipvs, service }) => {
      for (const last of ['11', '12']) {
        await ipvs.deleteDestination(service, `192.0.2.${last}:80`);
        await ipvs.addDestination(service, `192.0.2.${last}:0`, { forwarding: 'route' });
      }
    },
  },
  {
    name: 'own-client',
    mode: 'nat',
    client: 'director',
    // Only the director sends requests: nothing is forwarded, and the address is on no wire.
    also: async ({ director }) => {
      director.sysctl('net.ipv4.ip_forward=0');
      await director.ip(
        'address del 192.0.2.10/32 dev eth0',
        'link add own0 type dummy',
        'address add 192.0.2.10/32 dev own0',
        'link set own0 up',
      );
    },
  },
  {
    name: 'standby-with-daemon',
    mode: 'nat',
    then: async ({ ipvs, director }) => {
      await ipvs.startDaemon({ state: 'backup', interface: 'eth1' });
      await director.ip('address del 192.0.2.10/32 dev eth0');
    },
  },
  {
    name: 'standby-with-vrrp',
    mode: 'nat',
    then: async ({ director, lab }) => {
      await director.ip('address del 192.0.2.10/32 dev eth0');
      // As keepalived does.
      udpSocket(director, '0.0.0.0', 5405, lab.cleanup).addMembership('224.0.0.18', '192.0.2.1');
    },
  },
  {
    name: 'standby-with-neighbour',
    mode: 'nat',
    then: async ({ director, client, lab }) => {
      await director.ip('address del 192.0.2.10/32 dev eth0');
      await client.ip('address add 192.0.2.10/32 dev eth0');
      // Send something there, so that the other host answers ARP for it.
      udpSocket(director, '192.0.2.1', 5405, lab.cleanup).send('?', 9, '192.0.2.10');
      await delay(1000);
    },
  },
  {
    name: 'kubernetes-node',
    mode: 'nat',
    needs: 'nat-table',
    // As kube-proxy makes it: addresses on a dummy that is down, marks, source translation by mark.
    also: async ({ director, ipvs }) => {
      await ipvs.setSysctls({ conntrack: 1, expire_nodest_conn: 1, expire_quiescent_template: 1 });
      director.sysctl('net.ipv4.conf.all.arp_ignore=1', 'net.ipv4.conf.all.arp_announce=2');
      await director.ip(
        'link add kube-ipvs0 type dummy',
        'address add 10.96.0.1/32 dev kube-ipvs0',
        'address add 10.96.0.10/32 dev kube-ipvs0',
      );
      for (const key of ['tcp:10.96.0.1:443', 'tcp:10.96.0.10:9153', 'udp:10.96.0.10:53']) {
        await ipvs.addService(key, { scheduler: 'rr' });
        await ipvs.addDestination(key, key.startsWith('udp') ? '10.0.0.11:53' : '10.0.0.11:80', {
          forwarding: 'masq',
        });
      }
      const masq = 'KUBE-MARK-MASQ';
      await director.sh(
        `iptables -t nat -N ${masq}`,
        `iptables -t nat -A ${masq} -j MARK --or-mark 0x4000`,
        'iptables -t nat -N KUBE-SERVICES',
        'iptables -t nat -A PREROUTING -j KUBE-SERVICES',
        'iptables -t nat -A OUTPUT -j KUBE-SERVICES',
        `iptables -t nat -A KUBE-SERVICES ! -s 10.244.0.0/16 -d 10.96.0.0/12 -j ${masq}`,
        'iptables -t nat -A KUBE-SERVICES -m addrtype --dst-type LOCAL -j RETURN',
        'iptables -t nat -N KUBE-POSTROUTING',
        'iptables -t nat -A POSTROUTING -j KUBE-POSTROUTING',
        'iptables -t nat -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
        'iptables -t nat -A KUBE-POSTROUTING -j MARK --xor-mark 0x4000',
        'iptables -t nat -A KUBE-POSTROUTING -j MASQUERADE',
        'iptables -N KUBE-FIREWALL',
        'iptables -A INPUT -j KUBE-FIREWALL',
        'iptables -A KUBE-FIREWALL -m mark --mark 0x8000/0x8000 -j DROP',
        'iptables -A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP',
        'iptables -N KUBE-FORWARD',
        'iptables -A FORWARD -j KUBE-FORWARD',
        'iptables -A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP',
      );
    },
  },
  {
    name: 'kubernetes-sets',
    mode: 'nat',
    needs: 'ipset',
    also: async ({ director, ipvs }) => {
      await ipvs.setSysctls({ conntrack: 1 });
      await director.sh(
        'ipset create KUBE-LOAD-BALANCER hash:ip,port',
        'ipset add KUBE-LOAD-BALANCER 192.0.2.10,tcp:80',
        'ipset create KUBE-IPVS-IPS hash:ip',
        'ipset add KUBE-IPVS-IPS 192.0.2.10',
        'iptables -N KUBE-IPVS-FILTER',
        'iptables -A INPUT -j KUBE-IPVS-FILTER',
        'iptables -A KUBE-IPVS-FILTER -m set --match-set KUBE-LOAD-BALANCER dst,dst -j RETURN',
        'iptables -A KUBE-IPVS-FILTER -m conntrack --ctstate NEW -m set --match-set KUBE-IPVS-IPS dst -j REJECT',
      );
    },
  },
  {
    name: 'container-host',
    mode: 'dr',
    needs: 'nat-table',
    also: async ({ director }) => {
      await director.ip(
        'link add docker0 type bridge',
        'address add 172.17.0.1/16 dev docker0',
        'link set docker0 up',
      );
      await director.sh(
        'iptables -P FORWARD DROP',
        'iptables -t nat -N DOCKER',
        'iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
        'iptables -t nat -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER',
        'iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE',
        'iptables -t nat -A DOCKER -i docker0 -j RETURN',
        'iptables -t nat -A DOCKER ! -i docker0 -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80',
        'iptables -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      );
    },
  },
  {
    name: 'doubtful-rules',
    mode: 'nat',
    needs: 'iptables',
    // Rules that cannot be judged and have dropped no packets, and rules that drop other packets.
    also: ({ director }) =>
      director.sh(
        'iptables -A INPUT -p tcp --tcp-flags ALL NONE -j DROP',
        'iptables -A INPUT -p tcp --syn -m limit --limit 1000/s --limit-burst 1000 -j ACCEPT',
        'iptables -A INPUT -p tcp --syn -j DROP',
        'iptables -A INPUT -p tcp --dport 22 -j DROP',
        'iptables -A INPUT -m mark --mark 0x1 -j DROP',
      ),
  },
  {
    name: 'states-tracked',
    mode: 'nat',
    needs: 'iptables',
    also: async ({ director, ipvs }) => {
      await ipvs.setSysctls({ conntrack: 1 });
      await director.sh(
        ...['INPUT', 'FORWARD'].map((chain) => `iptables -A ${chain} -m conntrack --ctstate INVALID -j DROP`),
        'iptables -A INPUT -p tcp ! --syn -m conntrack --ctstate NEW -j DROP',
      );
    },
  },
  {
    name: 'nft-behind',
    mode: 'nat',
    needs: 'nft',
    // A chain behind IPVS, and maps and sets that do not match.
    also: ({ director }) =>
      director.sh(
        'nft add table inet fw',
        "nft 'add chain inet fw late { type filter hook input priority 200; policy drop; }'",
        "nft 'add chain inet fw in { type filter hook input priority 0; policy accept; }'",
        "nft 'add rule inet fw in tcp dport vmap { 22 : drop, 80 : accept }'",
        "nft 'add rule inet fw in ip daddr . tcp dport { 192.0.2.1 . 80 } drop'",
      ),
  },
  {
    name: 'marks-in-parts',
    mode: 'nat',
    needs: 'iptables',
    also: async (bench) => {
      await byMark(bench);
      await bench.director.sh(
        'iptables -t mangle -A PREROUTING -j CONNMARK --restore-mark',
        'iptables -t mangle -A PREROUTING -d 192.0.2.10 -p tcp --dport 80 -j MARK --or-mark 0x3',
        'iptables -t mangle -A PREROUTING -d 192.0.2.10 -p tcp --dport 80 -j MARK --or-mark 0x4',
        'iptables -t mangle -A PREROUTING -j CONNMARK --save-mark',
      );
    },
  },
  {
    name: 'mark-by-route',
    mode: 'nat',
    needs: 'iptables',
    // No interface has the address: packets that are marked are for this host by a rule of routing.
    also: async (bench) => {
      await markedByRule(bench);
      const { director, client } = bench;
      await director.ip(
        'rule add fwmark 7 lookup 100',
        'route add local 0.0.0.0/0 dev lo table 100',
        'address del 192.0.2.10/32 dev eth0',
      );
      await client.ip('route add 192.0.2.10/32 via 192.0.2.1');
    },
  },
];

async function run(lab: Lab, { mode, also, then, client, answers = BOTH }: Health): Promise<void> {
  const { report } = lab;
  const bench = await makeBench(lab, mode);
  await also?.(bench);
  const asking = client === undefined ? bench : { ...bench, client: bench[client] };
  report.equal('clients are served', (await askFour(asking)).sort(), answers);
  await then?.(bench);
  const { findings } = await diagnose(bench.ipvs, { netns: bench.director.path });
  report.equal('doctor finds nothing', findings, []);
  const { status, stdout, stderr } = await bench.director.try(['ipvs-ts', 'doctor', '--probe']);
  report.check('nor does ipvs-ts doctor --probe', status === 0 && stdout.includes('No problems found'), {
    status,
    stdout,
    stderr,
  });
}

/** Healthy directors, in every mode. */
export const healthyScenarios: readonly Scenario[] = directors.map((health) => ({
  name: `healthy/${health.name}`,
  title: 'clients are served, and doctor finds nothing',
  quick: health.quick ?? false,
  needs: health.needs,
  run: (lab) => run(lab, health),
}));
