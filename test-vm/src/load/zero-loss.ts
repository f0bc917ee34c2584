// Does a drain lose no request? HTTP through a director while servers come and go: with care, and without, so that it
// is seen that this test can tell.
import { setTimeout as delay } from 'node:timers/promises';
import { runScenario, type Stage } from '../scenario.js';
import type { TopologyPlan } from '../topology.js';
import type { Namespace } from '../namespace.js';
import { Load } from './load.js';
import { startLongPages } from './long-pages.js';
import { count, type Tally } from './tally.js';

const VIP = '192.0.2.1';
const SERVICE = `tcp:${VIP}:80`;
const servers = { one: '10.7.0.11', two: '10.7.0.12', three: '10.7.0.13' } as const;
type Server = keyof typeof servers;

const gateways = ['10.7.0.1'];
const plan: TopologyPlan<'client' | 'director' | Server> = {
  hosts: {
    client: { interfaces: { eth0: ['192.0.2.100/24'] } },
    director: { interfaces: { outer: [`${VIP}/24`], inner: ['10.7.0.1/24'] } },
    one: { interfaces: { eth0: [`${servers.one}/24`] }, gateways },
    two: { interfaces: { eth0: [`${servers.two}/24`] }, gateways },
    three: { interfaces: { eth0: [`${servers.three}/24`] }, gateways },
  },
  networks: {
    outside: ['client/eth0', 'director/outer'],
    inside: ['director/inner', 'one/eth0', 'two/eth0', 'three/eth0'],
  },
};

await runScenario(async (stage) => {
  const { report } = stage;
  const { client, director, ...hosts } = await stage.build(plan);
  await director.exec('sysctl', '-qw', 'net.ipv4.ip_forward=1');
  for (const host of [hosts.one, hosts.two, hosts.three]) await startLongPages(host, stage.cleanup);
  await build(director, 'one', 'two');

  report.step('Servers are drained and replaced under load, with ipvs-ts drain');
  const careful = await underLoad(stage, client, async () => {
    for (const [comes, goes] of [
      ['three', 'one'],
      ['one', 'two'],
    ] as const) {
      await add(director, comes);
      const said = await director.exec(
        ...['ipvs-ts', 'drain', SERVICE, `${servers[goes]}:80`, '--timeout', '30s', '--poll', '250ms'],
      );
      report.say(said.trim());
      await delay(500);
    }
  });
  report.equal('no request is lost', careful.lost, {});
  for (const [name] of Object.entries(servers)) {
    for (const path of ['/short', '/long', '/upload'])
      report.check(
        `${name} answered ${path}`,
        (careful.answered[`${path} of ${name}`] ?? 0) > 0,
        careful.answered,
      );
  }

  report.step('The same load, and a server is deleted under long requests');
  const deleted = await underLoad(stage, client, async () => {
    await delay(1500);
    await director.exec('ipvs-ts', '-d', '-t', `${VIP}:80`, '-r', `${servers.three}:80`);
    await delay(500);
  });
  // Answers still find their way: what is lost are packets from clients.
  report.check('some uploads are lost', lost(deleted, '/upload') > 0, deleted);

  report.step('The same load, and the table is cleared and built anew');
  const rebuilt = await underLoad(stage, client, async () => {
    await delay(500);
    await director.exec('ipvs-ts', '-C');
    await build(director, 'one', 'three');
    await delay(500);
  });
  report.check('many requests are lost', count(rebuilt.lost) > 10, rebuilt);
});

async function build(director: Namespace, ...names: readonly Server[]): Promise<void> {
  await director.exec('ipvs-ts', '-A', '-t', `${VIP}:80`, '-s', 'rr');
  for (const name of names) await add(director, name);
}

async function add(director: Namespace, name: Server): Promise<void> {
  await director.exec('ipvs-ts', '-a', '-t', `${VIP}:80`, '-r', `${servers[name]}:80`, '-m');
}

/** Runs `work` under a load that has begun to flow, and tells what became of the requests. */
async function underLoad(stage: Stage, client: Namespace, work: () => Promise<void>): Promise<Tally> {
  const load = await Load.start(client, VIP, { '/short': 4, '/long': 3, '/upload': 12 });
  try {
    await delay(1000);
    await work();
    const tally = await load.stop();
    const { answered } = tally;
    stage.report.say(`${String(count(answered))} answered, ${String(count(tally.lost))} lost`);
    return tally;
  } finally {
    load.kill();
  }
}

function lost(tally: Tally, path: string): number {
  return count(
    Object.fromEntries(Object.entries(tally.lost).filter(([reason]) => reason.startsWith(`${path}:`))),
  );
}
