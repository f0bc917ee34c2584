import type { Fault } from '../fault.js';

/** Faults of direct routing and tunnels. */
export const directFaults: readonly Fault[] = [
  {
    check: 'return-path',
    name: 'no-address-on-lo',
    mode: 'dr',
    quick: true,
    sees: 'some fail',
    cause: ({ two }) => two.ip('address del 192.0.2.10/32 dev lo'),
  },
  {
    check: 'return-path',
    name: 'tunnel-down',
    mode: 'tun',
    sees: 'some fail',
    cause: ({ two }) => two.ip('link set tunl0 down'),
  },
  {
    check: 'return-path',
    name: 'tunnel-reverse-path',
    mode: 'tun',
    quick: true,
    sees: 'some fail',
    cause: ({ two }) => two.sysctl('net.ipv4.conf.all.rp_filter=1', 'net.ipv4.conf.tunl0.rp_filter=1'),
  },
  {
    check: 'firewall-output',
    name: 'tunnel-dropped',
    needs: 'iptables',
    mode: 'tun',
    sees: 'timeout',
    cause: ({ director }) => director.sh('iptables -A OUTPUT -p 4 -j DROP'),
  },
  {
    check: 'firewall-output',
    name: 'direct-dropped',
    needs: 'iptables',
    mode: 'dr',
    sees: 'timeout',
    cause: ({ director }) => director.sh('iptables -A OUTPUT -d 192.0.2.10 -j DROP'),
  },
  {
    check: 'port-mismatch',
    name: 'another-port',
    mode: 'dr',
    sees: 'some fail',
    cause: async ({ ipvs, service, stop }) => {
      await stop.two();
      await ipvs.deleteDestination(service, '192.0.2.12:80');
      await ipvs.addDestination(service, '192.0.2.12:8080', { forwarding: 'route' });
    },
    person: ({ lab, two }) => lab.serve(two, 'two'),
  },
  {
    check: 'arp-duplicate',
    name: 'server-answers-arp',
    mode: 'dr',
    words: ['--probe'],
    sees: 'answers',
    cause: ({ two }) => two.sysctl('net.ipv4.conf.all.arp_ignore=0', 'net.ipv4.conf.all.arp_announce=0'),
    // It is random which of them a client takes, but there are two.
    shows: async ({ client, lab }) => {
      const { stdout } = await client.try(['arping', '-c', '3', '-w', '4', '-I', 'eth0', '192.0.2.10']);
      const answered = new Set(Array.from(stdout.matchAll(/\[([0-9A-F:]+)\]/gi), ([, mac]) => mac));
      lab.report.equal('two hosts answer ARP for the virtual address', answered.size, 2);
    },
  },
  {
    check: 'direct-gateway',
    name: 'router-in-between',
    mode: 'dr',
    sees: 'some fail',
    cause: ({ director }) => director.ip('route add 192.0.2.12/32 via 192.0.2.50'),
  },
];
