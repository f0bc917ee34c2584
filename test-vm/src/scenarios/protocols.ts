import { makeBench, modprobe } from '../bench.js';
import { addSctp, askSctp } from '../sctp.js';
import type { Scenario } from '../lab.js';
import { poll } from '../poll.js';
import { udpAsk, udpServer, udpSocket } from '../sockets.js';

/** Services other than TCP by address and port. */
export const protocolScenarios: readonly Scenario[] = [
  {
    name: 'protocols/udp',
    title: 'UDP through NAT, and packet by packet with direct routing',
    quick: true,
    run: async (lab) => {
      const { client, ipvs, one, two } = await makeBench(lab, 'nat');
      const vip = '192.0.2.10';
      await ipvs.addService(`udp:${vip}:53`, { scheduler: 'rr' });
      for (const [server, name, last] of [
        [one, 'one', 11],
        [two, 'two', 12],
      ] as const) {
        udpServer(server, `10.0.0.${String(last)}`, 53, name, lab.cleanup);
        await ipvs.addDestination(`udp:${vip}:53`, `10.0.0.${String(last)}:53`, { forwarding: 'masq' });
      }
      const sockets = [0, 1, 2, 3].map(() => udpSocket(client, '192.0.2.77', 0, lab.cleanup));
      const answers = [];
      for (const socket of sockets) answers.push(await udpAsk(socket, vip, 53));
      lab.report.equal('four clients, two for each server', answers.sort(), ['one', 'one', 'two', 'two']);
      const [first] = sockets;
      if (first === undefined) return;
      const again = [await udpAsk(first, vip, 53), await udpAsk(first, vip, 53)];
      lab.report.check(
        'one client stays at its server',
        new Set(again).size === 1 && again[0] !== undefined,
        again,
      );
      await ipvs.updateService(`udp:${vip}:53`, { onePacket: true });
      lab.report.equal(
        'one-packet with NAT: no answer comes',
        await udpAsk(udpSocket(client, '192.0.2.77', 0, lab.cleanup), vip, 53, 1500),
        undefined,
      );
    },
  },
  {
    name: 'protocols/one-packet',
    title: 'each packet of one client to the next server',
    run: async (lab) => {
      const { client, ipvs, one, two } = await makeBench(lab, 'dr');
      const service = 'udp:192.0.2.10:53';
      await ipvs.addService(service, { scheduler: 'rr', onePacket: true });
      for (const [server, name, last] of [
        [one, 'one', 11],
        [two, 'two', 12],
      ] as const) {
        udpServer(server, '192.0.2.10', 53, name, lab.cleanup);
        await ipvs.addDestination(service, `192.0.2.${String(last)}:53`, { forwarding: 'route' });
      }
      const socket = udpSocket(client, '192.0.2.77', 0, lab.cleanup);
      const answers = [];
      for (let time = 0; time < 8; time++) answers.push(await udpAsk(socket, '192.0.2.10', 53));
      lab.report.equal('from one port, eight packets: four each', answers.sort(), [
        ...Array<string>(4).fill('one'),
        ...Array<string>(4).fill('two'),
      ]);
      let entries = 0;
      for await (const { protocol } of ipvs.connections()) if (protocol === 'udp') entries += 1;
      lab.report.equal('the director keeps no entries of them', entries, 0);
    },
  },
  {
    name: 'protocols/sctp',
    title: 'SCTP through NAT',
    run: async (lab) => {
      await modprobe('sctp');
      const bench = await makeBench(lab, 'nat');
      await addSctp(bench);
      const ask = (): Promise<string> => askSctp(bench.client);
      await poll(ask, (answer) => answer !== '', { limit: 10_000 });
      const answers = [];
      for (let time = 0; time < 4; time++) answers.push(await ask());
      lab.report.equal('four associations, two for each server', answers.sort(), [
        'one',
        'one',
        'two',
        'two',
      ]);
    },
  },
  {
    name: 'protocols/fwmark',
    title: 'several ports as one service, by firewall mark',
    needs: 'iptables',
    quick: true,
    run: async (lab) => {
      const { client, director, ipvs, service, near } = await makeBench(lab, 'nat');
      await ipvs.deleteService(service);
      await director.sh(
        'iptables -t mangle -A PREROUTING -d 192.0.2.10 -p tcp -m multiport --dports 80,8080 -j MARK --set-mark 7',
      );
      await ipvs.addService('fwmark:7', { scheduler: 'rr', persistence: { timeout: 60 } });
      await lab.serve(near, 'near', [80, 8080]);
      await ipvs.addDestination('fwmark:7', '10.0.0.50:0', { forwarding: 'masq' });
      const answers = [
        ...(await lab.ask(client, 'http://192.0.2.10/', 2)),
        ...(await lab.ask(client, 'http://192.0.2.10:8080/', 2)),
      ];
      lab.report.equal('both ports, each at its own port of the server', answers, [
        'near',
        'near',
        'near',
        'near',
      ]);
      lab.report.equal(
        'a port without the mark is not balanced',
        await lab.ask(client, 'http://192.0.2.10:81/', 1),
        ['(no page: refused)'],
      );
    },
  },
  {
    name: 'protocols/persistence',
    title: 'clients come to their server again, alone or with their network',
    quick: true,
    run: async (lab) => {
      const { client, director, ipvs, service, url } = await makeBench(lab, 'nat');
      const sources = Array.from(
        { length: 8 },
        (_, index) => `198.51.${String(100 + (index % 2))}.${String(10 + index)}`,
      );
      await client.ip(...sources.map((source) => `address add ${source}/32 dev eth0`));
      await director.ip('route add 198.51.0.0/16 dev eth0');
      const ask = async (): Promise<string[]> => {
        const answers = [];
        for (const source of sources) answers.push(...(await lab.ask(client, url, 2, 4, source)));
        return answers;
      };
      await ipvs.updateService(service, { persistence: { timeout: 300 } });
      const each = pairs(await ask());
      lab.report.check(
        'each client has one server',
        each.every(([first, second]) => first === second && isPage(first)),
        each,
      );
      lab.report.check('and not all the same', new Set(each.map(([first]) => first)).size === 2, each);
      await ipvs.updateService(service, { persistence: { timeout: 300, netmask: 24 } });
      const networks = pairs(await ask());
      const byNetwork = [0, 1].map((odd) => new Set(networks.filter((_, index) => index % 2 === odd).flat()));
      // Older templates of single clients are not found under another mask.
      lab.report.check(
        'with a netmask, each network has one server',
        byNetwork.every(({ size }) => size === 1),
        networks,
      );
    },
  },
  {
    name: 'protocols/mixed-families',
    title: 'an IPv4 service with an IPv6 server, through a tunnel',
    run: async (lab) => {
      await modprobe('ip6_tunnel');
      const { client, director, ipvs, one, service, url } = await makeBench(lab, 'tun');
      await director.ip('address add fd00::1/64 dev eth1 nodad');
      await one.ip(
        'address add fd00::11/64 dev eth0 nodad',
        'link add name vip type ip6tnl mode ipip6 local fd00::11 remote fd00::1',
        'link set vip up',
        'address add 192.0.2.10/32 dev vip',
      );
      one.sysctl('net.ipv4.conf.vip.rp_filter=0');
      for (const each of await ipvs.destinations(service)) await ipvs.deleteDestination(service, each);
      await ipvs.addDestination(service, '[fd00::11]:80', { forwarding: 'tunnel' });
      lab.report.equal('it answers', await lab.ask(client, url, 3), ['one', 'one', 'one']);
    },
  },
];

function pairs(answers: readonly string[]): (readonly [string, string])[] {
  return answers.flatMap((answer, index) =>
    index % 2 === 0 ? [[answer, answers[index + 1] ?? ''] as const] : [],
  );
}

function isPage(answer: string): boolean {
  return !answer.startsWith('(');
}
