import { once } from 'node:events';
import { makeBench } from '../bench.js';
import { dial } from '../http-client.js';
import type { Scenario } from '../lab.js';
import { poll } from '../poll.js';
import { tcpAsk, tcpServer } from '../sockets.js';

const OPEN = 10;

/** The sync daemon. */
export const failoverScenarios: readonly Scenario[] = [
  {
    name: 'failover/sync-daemon',
    title: 'a second director takes over, and open connections go on',
    quick: true,
    run: async (lab) => {
      // `near` is in the network of the servers; with a second wire it can be a director.
      const { client, director, ipvs, near, one, two } = await makeBench(lab, 'nat');
      await near.ip(
        `link add eth1 type veth peer name lan netns ${director.name}`,
        'link set eth1 up',
        'route del default',
      );
      await director.ip('link add bridge type bridge', 'link set lan master bridge', 'link set lan up');
      // Takes the outer interface of the first director off the bridge, and adds that of the second one.
      await director.ip(
        'address flush dev eth0',
        'link set eth0 master bridge',
        'link set bridge up',
        'address add 192.0.2.1/24 dev bridge',
        'address add 192.0.2.10/32 dev bridge',
      );
      await near.ip('address add 192.0.2.2/24 dev eth1');
      near.sysctl(
        'net.ipv4.ip_forward=1',
        'net.ipv4.conf.all.rp_filter=0',
        'net.ipv4.conf.eth1.rp_filter=0',
        'net.ipv4.conf.eth0.rp_filter=0',
      );
      const backup = await lab.ipvs(near);
      for (const each of [ipvs, backup]) {
        await each.addService('tcp:192.0.2.10:7', { scheduler: 'rr' });
        for (const last of ['11', '12'])
          await each.addDestination('tcp:192.0.2.10:7', `10.0.0.${last}:7`, { forwarding: 'masq' });
      }
      await backup.startDaemon({ state: 'backup', interface: 'eth0', syncId: 7 });
      await ipvs.startDaemon({ state: 'master', interface: 'eth1', syncId: 7 });
      tcpServer(one, 7, 'one', lab.cleanup);
      tcpServer(two, 7, 'two', lab.cleanup);
      const sockets = Array.from({ length: OPEN }, () =>
        dial(client, '192.0.2.10', 7).on('error', () => undefined),
      );
      lab.cleanup.add('open connections', async () => {
        for (const socket of sockets) socket.destroy();
      });
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      const before = await Promise.all(sockets.map((socket) => tcpAsk(socket)));
      await Promise.all(sockets.map((socket) => tcpAsk(socket)));
      const synced = async (): Promise<number> => {
        let count = 0;
        for await (const { origin, state } of backup.connections({ origins: true }))
          if (origin === 'sync' && state === 'ESTABLISHED') count += 1;
        return count;
      };
      lab.report.equal(
        `the backup knows all ${String(OPEN)} connections`,
        await poll(synced, (count) => count === OPEN, { limit: 15_000 }),
        OPEN,
      );
      await director.ip('address del 192.0.2.10/32 dev bridge', 'address del 10.0.0.1/24 dev eth1');
      await near.ip('address add 192.0.2.10/32 dev eth1', 'address add 10.0.0.1/24 dev eth0');
      for (const host of [client, one, two]) await host.ip('neighbour flush all');
      const after = await Promise.all(sockets.map((socket) => tcpAsk(socket, 8000)));
      lab.report.equal('after the addresses have moved, all go on at their servers', after, before);
    },
  },
];
