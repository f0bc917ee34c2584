import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../fault.js';
import { ftpAsk, ftpServer } from '../ftp.js';
import { describeAnswer, fetchPage } from '../http-client.js';
import { udpAsk, udpServer, udpSocket } from '../sockets.js';
import { type Bench, modprobe } from '../bench.js';
import { poll } from '../poll.js';
import { addSctp, askSctp } from '../sctp.js';

const DNS = 'udp:192.0.2.10:53';

/** A UDP service in addition to the web service, with both servers. */
async function addDns({ ipvs, one, two, lab }: Bench): Promise<void> {
  await ipvs.addService(DNS, { scheduler: 'rr' });
  await ipvs.addDestination(DNS, '10.0.0.11:53', { forwarding: 'masq' });
  await ipvs.addDestination(DNS, '10.0.0.12:53', { forwarding: 'masq' });
  udpServer(one, '10.0.0.11', 53, 'one', lab.cleanup);
  udpServer(two, '10.0.0.12', 53, 'two', lab.cleanup);
}

/** Sends two requests over UDP from different ports, so that both servers are used. */
async function askDns({ client, lab }: Bench): Promise<string[]> {
  const answers: string[] = [];
  for (let time = 0; time < 2; time++) {
    const socket = udpSocket(client, '192.0.2.77', 0, lab.cleanup);
    answers.push((await udpAsk(socket, '192.0.2.10', 53)) ?? '(no page: timeout)');
  }
  return answers;
}

/** Faults of hosts with further roles, and of protocols other than TCP. */
export const roleFaults: readonly Fault[] = [
  {
    check: 'return-path',
    name: 'udp-without-gateway',
    sees: 'some fail',
    cause: async (bench) => {
      await addDns(bench);
      await bench.two.ip('route del default');
    },
    ask: askDns,
  },
  {
    check: 'return-path',
    name: 'sctp-without-gateway',
    sees: 'some fail',
    cause: async (bench) => {
      await modprobe('sctp');
      await addSctp(bench);
      await bench.two.ip('route del default');
      // Until the servers listen.
      await poll(
        () => askSctp(bench.client),
        (answer) => answer !== '',
        { limit: 30_000 },
      );
    },
    ask: async ({ client }) => {
      const answers: string[] = [];
      for (let time = 0; time < 2; time++) answers.push((await askSctp(client)) || '(no page: timeout)');
      return answers;
    },
  },
  {
    check: 'lost-destination',
    name: 'udp-client-kept',
    sees: 'timeout',
    cause: addDns,
    ask: udpKept(),
  },
  {
    check: 'arp-ignore',
    name: 'address-on-lo-silent',
    sees: ['unreachable', 'timeout'],
    cause: async ({ director }) => {
      await director.ip('address del 192.0.2.10/32 dev eth0', 'address add 192.0.2.10/32 dev lo');
      director.sysctl('net.ipv4.conf.all.arp_ignore=1');
    },
  },
  {
    check: 'loopback-destination',
    name: 'server-on-loopback',
    sees: 'some fail',
    cause: async ({ ipvs, service, lab, director }) => {
      await lab.serve(director, 'local');
      await ipvs.deleteDestination(service, '10.0.0.12:80');
      await ipvs.addDestination(service, '127.0.0.1:80', { forwarding: 'masq' });
    },
  },
  {
    check: 'ftp-helper',
    name: 'ftp-without-helper',
    needs: 'own-kernel',
    shared: true,
    sees: ['timeout', 'unreachable'],
    cause: async (bench) => {
      const { ipvs, one, lab } = bench;
      await ipvs.addService('tcp:192.0.2.10:21', { scheduler: 'rr' });
      await ipvs.addDestination('tcp:192.0.2.10:21', '10.0.0.11:21', { forwarding: 'masq' });
      ftpServer(one, '10.0.0.11', lab.cleanup);
    },
    ask: async ({ client, lab }) => [await ftpAsk(client, '192.0.2.10', lab.cleanup)],
  },
  {
    check: 'client-route',
    name: 'no-route-to-client',
    words: ['--client', '203.0.113.7'],
    sees: 'timeout',
    cause: async ({ client, director }) => {
      await client.ip('address add 203.0.113.7/32 dev lo');
      client.sysctl('net.ipv4.conf.all.arp_announce=2');
      await director.ip('route add unreachable 203.0.113.0/24');
    },
    ask: async ({ lab, client, url }) => lab.ask(client, url, 2, 4, '203.0.113.7'),
    person: async ({ director }) => director.ip('route add 203.0.113.7/32 via 192.0.2.77'),
  },
  {
    check: 'reused-connection',
    name: 'port-used-again',
    sees: 'timeout',
    cause: async ({ ipvs, service, client, url, stop, one, two, lab }) => {
      await ipvs.setSysctls({ conn_reuse_mode: 0 });
      client.sysctl('net.ipv4.tcp_tw_reuse=1');
      const served: string[] = [];
      for (const port of PORTS) served.push(describeAnswer(await fetchPage(client, url, { limit: 4, port })));
      lab.report.equal('the client is served first', served.sort(), ['one', 'one', 'two', 'two']);
      // Ports 40000 and 40002 were those of the first server.
      const name = described(await firstServer(ipvs));
      await ipvs.updateDestination(service, name === 'one' ? '10.0.0.11:80' : '10.0.0.12:80', { weight: 0 });
      await stop[name]();
      await (name === 'one' ? one : two).ip('link set eth0 down');
    },
    ask: async ({ client, url, ipvs }) => {
      // A port may be used again once the time stamp has grown.
      await delay(2000);
      const fixed = (await ipvs.sysctls()).conn_reuse_mode !== 0;
      const port = fixed ? 40_002 : 40_000;
      return [describeAnswer(await fetchPage(client, url, { limit: 4, port }))];
    },
  },
  {
    check: 'virtual-interface',
    name: 'odd-interface-name',
    sees: ['unreachable', 'timeout'],
    cause: async ({ director }) => {
      const odd = "'$(touch${IFS}x)'";
      await director.sh(
        'ip link set eth0 down',
        `ip link set eth0 name ${odd}`,
        `ip link set ${odd} up`,
        `ip address replace 192.0.2.1/24 dev ${odd}`,
        `ip address replace 192.0.2.10/32 dev ${odd}`,
        `ip link set ${odd} down`,
      );
    },
  },
];

/** Ports that a client uses one after the other: every second one is sent to the same server. */
const PORTS = [40_000, 40_001, 40_002, 40_003];

/** The server that the first of the ports was sent to. */
async function firstServer(ipvs: Bench['ipvs']): Promise<string> {
  for await (const { client, destination } of ipvs.connections())
    if (client.port === PORTS[0]) return destination.address;
  throw new Error('the first connection is not listed');
}

function described(address: string): 'one' | 'two' {
  return address.endsWith('11') ? 'one' : 'two';
}

/** A client that keeps using its port after its server is deleted. */
function udpKept(): (bench: Bench) => Promise<string[]> {
  let asked = 0;
  return async ({ client, ipvs, lab }) => {
    const socket = udpSocket(client, '192.0.2.77', 41_000 + asked, lab.cleanup);
    asked += 1;
    const first = await udpAsk(socket, '192.0.2.10', 53);
    if ((await ipvs.sysctls()).expire_nodest_conn === 1) return [first ?? '(no page: timeout)'];
    for await (const { protocol, destination } of ipvs.connections()) {
      if (protocol === 'udp') await ipvs.deleteDestination(DNS, destination);
    }
    const again = await udpAsk(socket, '192.0.2.10', 53);
    return [again ?? '(no page: timeout)'];
  };
}
