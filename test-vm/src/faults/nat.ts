import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../fault.js';
import { dial } from '../http-client.js';
import { udpAsk, udpServer, udpSocket } from '../sockets.js';

const DNS = 'udp:192.0.2.10:53';

/** Faults of LVS-NAT: addresses, routes, forwarding, services. */
export const natFaults: readonly Fault[] = [
  {
    check: 'forwarding-ipv4',
    name: 'ip-forward',
    quick: true,
    sees: 'timeout',
    cause: ({ director }) => director.sysctl('net.ipv4.ip_forward=0'),
  },
  {
    check: 'forwarding-ipv4',
    name: 'inner-forwarding',
    sees: 'timeout',
    cause: ({ director }) => director.sysctl('net.ipv4.conf.eth1.forwarding=0'),
  },
  {
    check: 'forwarding-ipv6',
    name: 'ipv6-forwarding',
    mode: 'nat6',
    sees: 'timeout',
    cause: ({ director }) => director.sysctl('net.ipv6.conf.all.forwarding=0'),
  },
  {
    check: 'virtual-address',
    name: 'no-virtual-address',
    quick: true,
    sees: ['unreachable', 'timeout'],
    cause: ({ director }) => director.ip('address del 192.0.2.10/32 dev eth0'),
  },
  {
    check: 'virtual-interface',
    name: 'interface-down',
    sees: ['unreachable', 'timeout'],
    cause: ({ director }) => director.ip('link set eth0 down'),
  },
  {
    check: 'destination-route',
    name: 'no-route',
    sees: ['unreachable', 'timeout'],
    cause: ({ director }) => director.ip('route del 10.0.0.0/24 dev eth1'),
  },
  {
    check: 'destination-route',
    name: 'inner-interface-down',
    sees: ['unreachable', 'timeout'],
    cause: ({ director }) => director.ip('link set eth1 down'),
  },
  {
    check: 'neighbour',
    name: 'server-unplugged',
    quick: true,
    sees: 'some fail',
    cause: ({ two }) => two.ip('link set eth0 down'),
  },
  {
    check: 'return-path',
    name: 'no-gateway',
    quick: true,
    sees: 'some fail',
    cause: ({ two }) => two.ip('route del default'),
  },
  {
    check: 'return-path',
    name: 'no-gateway-any-more',
    worked: true,
    sees: 'some fail',
    cause: ({ two }) => two.ip('route del default'),
  },
  {
    check: 'return-path',
    name: 'no-gateway-on-one-wire',
    mode: 'nat-one-wire',
    sees: 'some fail',
    // The client is on the same wire as the servers, but not in their network.
    cause: ({ two }) => two.ip('route del default'),
  },
  {
    check: 'hairpin',
    name: 'client-near-servers',
    needs: 'nat-table',
    sees: 'timeout',
    cause: async () => undefined,
    ask: ({ lab, near, url }) => lab.ask(near, url, 2),
  },
  {
    check: 'weights',
    name: 'all-weights-zero',
    quick: true,
    sees: 'refused',
    cause: async ({ ipvs, service }) => {
      for (const each of await ipvs.destinations(service))
        await ipvs.updateDestination(service, each, { weight: 0 });
    },
  },
  {
    check: 'overloaded',
    name: 'thresholds',
    sees: 'refused',
    cause: async ({ ipvs, service, lab, client, url }) => {
      for (const each of await ipvs.destinations(service))
        await ipvs.updateDestination(service, each, { upperThreshold: 1 });
      await lab.ask(client, url, 2);
    },
  },
  {
    check: 'scheduler',
    name: 'no-scheduler',
    sees: 'refused',
    cause: ({ ipvs, service }) => ipvs.setService(service, { scheduler: 'none' }),
  },
  {
    check: 'destinations',
    name: 'no-destinations',
    sees: 'refused',
    cause: async ({ ipvs, service }) => {
      for (const each of await ipvs.destinations(service)) await ipvs.deleteDestination(service, each);
    },
    person: ({ ipvs, service }) => ipvs.addDestination(service, '10.0.0.11:80', { forwarding: 'masq' }),
  },
  {
    check: 'drop-packet',
    name: 'drop-packet',
    quick: true,
    sees: 'timeout',
    cause: ({ ipvs }) => ipvs.setSysctls({ am_droprate: 1, drop_packet: 3 }),
  },
  {
    check: 'estimation',
    name: 'no-estimation',
    needs: 'run-estimation',
    sees: 'answers',
    cause: ({ ipvs }) => ipvs.setSysctls({ run_estimation: 0 }),
    shows: async ({ ipvs, service, lab }) => {
      // Where it is on, counters are updated every two seconds.
      await delay(2500);
      const { stats } = await ipvs.service(service);
      lab.report.equal('the service counts no connection', stats.connections, 0n);
    },
  },
  {
    check: 'backup-only',
    name: 'backup-only',
    sees: 'refused',
    cause: async ({ ipvs }) => {
      await ipvs.startDaemon({ state: 'backup', interface: 'eth1' });
      await ipvs.setSysctls({ backup_only: 1 });
    },
  },
  {
    check: 'sync-interface',
    name: 'sync-interface-down',
    sees: 'answers',
    cause: async ({ ipvs, director }) => {
      await director.ip(
        'link add sync0 type dummy',
        'address add 10.9.0.1/24 dev sync0',
        'link set sync0 up',
      );
      await ipvs.startDaemon({ state: 'master', interface: 'sync0' });
      await director.ip('link set sync0 down');
    },
  },
  {
    check: 'send-redirects',
    name: 'redirects',
    mode: 'nat-one-wire',
    sees: 'answers',
    cause: ({ director }) =>
      director.sysctl('net.ipv4.conf.all.send_redirects=1', 'net.ipv4.conf.eth0.send_redirects=1'),
    ask: ({ lab, client, url }) => lab.ask(client, url, 2),
    shows: ({ one, two, lab }) => {
      const seen = [one, two].map((server) => redirects(server.read('/proc/net/snmp')));
      lab.report.check(
        'the servers get ICMP redirects',
        seen.some((count) => count > 0),
        seen,
      );
    },
  },
  {
    check: 'reverse-path-filter',
    name: 'reverse-path-filter',
    quick: true,
    sees: 'timeout',
    cause: async ({ director, client }) => {
      // A client behind a router: its address is on neither wire, and the route back to it uses a third wire.
      await director.ip(
        `link add back type veth peer name back netns ${client.name}`,
        'address add 198.51.100.1/24 dev back',
        'link set back up',
      );
      await client.ip(
        'address add 198.51.100.77/24 dev back',
        'link set back up',
        'address add 203.0.113.7/32 dev lo',
      );
      await director.ip('route add 203.0.113.7/32 via 198.51.100.77 dev back');
      client.sysctl(
        'net.ipv4.conf.all.rp_filter=0',
        'net.ipv4.conf.back.rp_filter=0',
        'net.ipv4.conf.all.arp_announce=2',
      );
      director.sysctl('net.ipv4.conf.eth0.rp_filter=1');
    },
    ask: async ({ lab, client, url }) =>
      (await Promise.all([1, 2].map(() => lab.ask(client, url, 1, 4, '203.0.113.7')))).flat(),
  },
  {
    check: 'lost-destination',
    name: 'deleted-under-a-connection',
    sees: 'timeout',
    cause: async () => undefined,
    ask: async ({ client, ipvs, service, lab, url }) => {
      const settings = await ipvs.sysctls();
      if (settings.expire_nodest_conn === 1) return lab.ask(client, url, 2);
      const connection = dial(client, '192.0.2.10', 80);
      await once(connection, 'connect');
      for await (const { state, destination } of ipvs.connections()) {
        if (state === 'ESTABLISHED') await ipvs.deleteDestination(service, destination);
      }
      connection.write('GET / HTTP/1.0\r\n\r\n');
      const answer = await Promise.race([once(connection, 'data'), delay(3000)]);
      connection.on('error', () => undefined).destroy();
      return [answer === undefined ? '(no page: timeout)' : 'a page'];
    },
  },
  {
    check: 'quiescent-template',
    name: 'persistent-at-weight-0',
    sees: 'refused',
    cause: async ({ ipvs, service, lab, client, url, stop }) => {
      await ipvs.updateService(service, { persistence: { timeout: 300 } });
      const [page = ''] = await lab.ask(client, url, 1);
      const name = page === 'one' ? 'one' : 'two';
      await ipvs.updateDestination(service, name === 'one' ? '10.0.0.11:80' : '10.0.0.12:80', { weight: 0 });
      await stop[name]();
    },
  },
  {
    check: 'destination-port',
    name: 'server-program-down',
    words: ['--probe'],
    quick: true,
    sees: 'some fail',
    cause: ({ stop }) => stop.two(),
  },
  {
    check: 'unset-mark',
    name: 'mark-not-set',
    needs: 'iptables',
    sees: 'refused',
    cause: async ({ ipvs, service }) => {
      await ipvs.deleteService(service);
      await ipvs.addService('fwmark:7', { scheduler: 'rr' });
      for (const last of ['11', '12'])
        await ipvs.addDestination('fwmark:7', `10.0.0.${last}:0`, { forwarding: 'masq' });
    },
  },
  {
    check: 'one-packet',
    name: 'one-packet-nat',
    sees: 'timeout',
    cause: async ({ ipvs, lab, one }) => {
      await ipvs.addService(DNS, { scheduler: 'rr', onePacket: true });
      await ipvs.addDestination(DNS, '10.0.0.11:53', { forwarding: 'masq' });
      udpServer(one, '10.0.0.11', 53, 'one', lab.cleanup);
    },
    ask: async ({ client, lab }) => [
      (await udpAsk(udpSocket(client, '192.0.2.77', 0, lab.cleanup), '192.0.2.10', 53)) ??
        '(no page: timeout)',
    ],
  },
  {
    check: 'sync-id',
    name: 'another-sync-id',
    words: ['--probe'],
    sees: 'answers',
    cause: async ({ ipvs, lab, near, two }) => {
      // A master in the network of the servers, with a service whose connections it sends.
      const master = await lab.ipvs(near);
      await master.setSysctls({ sync_threshold: [1, 2] });
      await master.addService('udp:198.51.100.9:53', { scheduler: 'rr' });
      await master.addDestination('udp:198.51.100.9:53', '10.0.0.12:53', { forwarding: 'route' });
      await near.ip('address add 198.51.100.9/32 dev lo');
      await master.startDaemon({ state: 'master', interface: 'eth0', syncId: 2 });
      await ipvs.startDaemon({ state: 'backup', interface: 'eth1', syncId: 1 });
      await two.ip('route add 198.51.100.9/32 via 10.0.0.50');
      const socket = udpSocket(two, '10.0.0.12', 5353, lab.cleanup);
      const timer = setInterval(() => {
        socket.send('?', 53, '198.51.100.9');
      }, 100);
      lab.cleanup.add('packets', async () => {
        clearInterval(timer);
      });
    },
  },
];

/** InRedirects of /proc/net/snmp. */
function redirects(text: string): number {
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith('Icmp:'))
    .map((line) => line.split(' '));
  return Number(values[names.indexOf('InRedirects')]);
}
