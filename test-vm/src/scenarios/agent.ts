import { setTimeout as delay } from 'node:timers/promises';
import {
  agentOf,
  keepalived,
  type Keeper,
  type Sample,
  Sampler,
  SERVICE,
  timeIn,
  weightsOf,
} from '../table-keepers.js';
import type { Lab, Scenario } from '../lab.js';
import { poll } from '../poll.js';

const [ONE, TWO, DEAD, FOREIGN] = ['10.0.0.11:80', '10.0.0.12:80', '10.0.0.13:80', '10.0.0.99:80'] as const;

const KEEPALIVED = `
global_defs { router_id lab }
virtual_server 192.0.2.1 80 {
  delay_loop 2
  lb_algo wlc
  lb_kind NAT
  protocol TCP
  real_server 10.0.0.11 80 { weight 100 TCP_CHECK { connect_timeout 1 retry 1 delay_before_retry 1 } }
  real_server 10.0.0.12 80 { weight 100 TCP_CHECK { connect_timeout 1 retry 1 delay_before_retry 1 } }
  real_server 10.0.0.13 80 { weight 100 TCP_CHECK { connect_timeout 1 retry 1 delay_before_retry 1 } }
}
`
  .replaceAll(/\{ (.*) \{ (.*) \} \}$/gm, '{\n $1 {\n $2\n }\n }')
  .replaceAll('weight 100 ', 'weight 100\n ')
  .replaceAll('connect_timeout 1 retry 1 delay', 'connect_timeout 1\n retry 1\n delay');

const DOCUMENT = {
  services: {
    [SERVICE]: {
      scheduler: 'wlc',
      check: { tcp: {}, interval: '2s', failingInterval: '1s', timeout: '1s', fall: 2, rise: 1 },
      destinations: Object.fromEntries(
        [ONE, TWO, DEAD].map((name) => [name, { forwarding: 'masq', weight: 100 }]),
      ),
    },
  },
};

/** The two programs, each on a director of its own; two of the three servers work. */
async function build(lab: Lab): Promise<{ theirs: Keeper; ours: Awaited<ReturnType<typeof agentOf>> }> {
  const server = (last: string) => ({ interfaces: { eth0: [`10.0.0.${last}/24`] } });
  const director = (last: string) => ({ interfaces: { eth0: [`10.0.0.${last}/24`] } });
  const hosts = await lab.build({
    hosts: { one: server('11'), two: server('12'), dead: server('13'), kd: director('1'), us: director('2') },
    networks: { servers: ['one/eth0', 'two/eth0', 'dead/eth0', 'kd/eth0', 'us/eth0'] },
  });
  await lab.serve(hosts.one, 'one');
  await lab.serve(hosts.two, 'two');
  return {
    theirs: await keepalived(lab, hosts.kd, KEEPALIVED),
    ours: await agentOf(lab, hosts.us, DOCUMENT),
  };
}

/** What both tables did while something was done to both. */
interface Watched {
  readonly theirs: readonly Sample[];
  readonly ours: readonly Sample[];
  readonly end: number;
}

async function watched(theirs: Keeper, ours: Keeper, work: () => Promise<unknown>): Promise<Watched> {
  const samplers = [new Sampler(theirs.ipvs), new Sampler(ours.ipvs)] as const;
  await work();
  const end = samplers[0].now;
  return { theirs: await samplers[0].end(), ours: await samplers[1].end(), end };
}

const inService = (weights: Readonly<Record<string, number>> | undefined): string =>
  Object.entries(weights ?? {})
    .filter(([, weight]) => weight > 0)
    .map(([name]) => name)
    .join(' ');

/** Waits until a program has both good servers in, and the dead one out. */
async function settled(keeper: Keeper): Promise<void> {
  await poll(
    () => weightsOf(keeper.ipvs),
    (weights) => inService(weights) === `${ONE} ${TWO}`,
    { limit: 300_000 },
  );
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

const changesText = ({ length }: readonly Sample[]): string =>
  length <= 1 ? 'no change' : `${String(length - 1)} changes`;

/** Keepers of a table, side by side. */
export const agentScenarios: readonly Scenario[] = [
  {
    name: 'agent/keepalived',
    title: 'six things that happen to a director, with keepalived and with the agent, watched at 10 ms',
    run: async (lab) => {
      const { report } = lab;
      const { theirs, ours } = await build(lab);
      const rows: string[] = [];
      const row = (what: string, keepalivedDid: string, oursDid: string): void => {
        rows.push(`| ${what} | ${keepalivedDid} | ${oursDid} |`);
      };
      const both = (work: (keeper: Keeper) => Promise<unknown>) => async (): Promise<void> => {
        await Promise.all([work(theirs), work(ours)]);
      };

      const started = await watched(theirs, ours, async () => {
        await both((keeper) => keeper.start())();
        await both(settled)();
        await delay(2000);
      });
      report.equal('start: the dead server never has weight', timeIn(started.ours, DEAD, started.end), 0);
      report.equal('start: the good ones do', inService(started.ours.at(-1)?.weights), `${ONE} ${TWO}`);
      row(
        'start, one of three servers dead',
        `the dead one in for ${seconds(timeIn(started.theirs, DEAD, started.end))}`,
        'never in',
      );

      const crashed = await watched(theirs, ours, async () => {
        await both((keeper) => keeper.crash())();
        await delay(1000);
        await both((keeper) => keeper.start())();
        await delay(8000);
      });
      report.equal('kill -9 and a start: nothing changes', changesText(crashed.ours), 'no change');
      row(
        '`kill -9`, start again 1 s later',
        `the dead one back in for ${seconds(timeIn(crashed.theirs, DEAD, crashed.end))}`,
        changesText(crashed.ours),
      );
      await both(settled)();

      const reloaded = await watched(theirs, ours, async () => {
        await both((keeper) => keeper.reload())();
        await delay(4000);
      });
      report.equal('reload: nothing changes', changesText(reloaded.ours), 'no change');
      row('reload, same file', changesText(reloaded.theirs), changesText(reloaded.ours));

      let outcome: Awaited<ReturnType<Keeper['breakFile']>>;
      const broken = await watched(theirs, ours, async () => {
        [, outcome] = await Promise.all([theirs.breakFile(), ours.breakFile()]);
        await delay(4000);
      });
      const status = await ours.ask('status');
      report.equal('a broken document: nothing changes', changesText(broken.ours), 'no change');
      report.equal('agent reload fails', outcome?.status, 1);
      report.check('status shows the mistake', status.stdout.includes('changes nothing'), status.stdout);
      row(
        'reload, broken service appended',
        `${changesText(broken.theirs)}; only its log reports it`,
        `${changesText(broken.ours)}; \`agent reload\` fails, \`status\` shows the mistake`,
      );
      await both((keeper) => keeper.repairFile())();
      await both(settled)();

      const edited = await watched(theirs, ours, async () => {
        await both(async ({ host }) => {
          await host.exec('ipvsadm', '-e', '-t', '192.0.2.1:80', '-r', ONE, '-m', '-w', '0');
          await host.exec('ipvsadm', '-a', '-t', '192.0.2.1:80', '-r', FOREIGN, '-m', '-w', '0');
        })();
        await delay(8000);
      });
      const events = (await ours.ask('events')).stdout;
      const explained = await ours.ask('explain', SERVICE, ONE);
      report.equal('weight 0 by hand stays', edited.ours.at(-1)?.weights?.[ONE], 0);
      report.check('and is called manual', explained.stdout.includes('manual'), explained.stdout);
      report.equal('the foreign destination stays', edited.ours.at(-1)?.weights?.[FOREIGN], 0);
      report.check('and is reported', events.includes(FOREIGN), events);
      row(
        'operator sets weight 0, adds a foreign destination',
        edited.theirs.at(-1)?.weights?.[ONE] === 0 && FOREIGN in (edited.theirs.at(-1)?.weights ?? {})
          ? 'neither was noticed'
          : 'it changed one back',
        'the 0 is respected (state `manual`), the foreign one reported',
      );
      await both(async ({ host }) => {
        await host.exec('ipvsadm', '-e', '-t', '192.0.2.1:80', '-r', ONE, '-m', '-w', '100');
        await host.exec('ipvsadm', '-d', '-t', '192.0.2.1:80', '-r', FOREIGN);
      })();
      await both(settled)();
      await delay(6000);

      const deleted = await watched(theirs, ours, async () => {
        await both(async ({ host }) => host.exec('ipvsadm', '-D', '-t', '192.0.2.1:80'))();
        await delay(10_000);
      });
      const gone = deleted.ours.find(({ weights }) => weights === undefined);
      const back = deleted.ours.find(
        ({ at, weights }) => at > (gone?.at ?? Infinity) && inService(weights) === `${ONE} ${TWO}`,
      );
      report.check('a deleted service is restored', back !== undefined, deleted.ours);
      report.equal('and the dead server gets no weight', timeIn(deleted.ours, DEAD, deleted.end), 0);
      row(
        'operator deletes the service',
        deleted.theirs.at(-1)?.weights === undefined ? 'not noticed: it stayed gone' : 'restored',
        `restored after ${seconds((back?.at ?? NaN) - (gone?.at ?? NaN))}`,
      );
      report.say(['| what was done | keepalived | the agent |', '| --- | --- | --- |', ...rows].join('\n'));
    },
  },
  {
    name: 'agent/program',
    title: 'the agent as a program: one for a namespace, signals, a stale socket, the table stays',
    run: async (lab) => {
      const { report } = lab;
      const { ours } = await build(lab);
      await ours.start();
      await settled(ours);
      report.equal('status says that it is fit', (await ours.ask('status')).status, 0);
      const json = JSON.parse((await ours.ask('status', '--json')).stdout) as { version?: number };
      report.equal('as JSON too', json.version, 1);
      const second = await ours.host.try([
        'ipvs-ts',
        'agent',
        '-f',
        '/dev/null',
        '--runtime-dir',
        '/tmp/second',
      ]);
      report.equal('a second agent refuses to start', second.status, 1);
      report.check('and says why', second.stderr.includes('another agent'), second.stderr);
      const observed = await ours.host.try([
        'ipvs-ts',
        'explain',
        SERVICE,
        DEAD,
        '--socket',
        '/tmp/second/agent.sock',
      ]);
      report.equal('where no agent answers, explain cannot tell', observed.status, 1);
      report.equal(
        'explain exits with 2 for what is out',
        (await ours.ask('explain', SERVICE, DEAD)).status,
        2,
      );
      const samples = await watched(ours, ours, async () => {
        await ours.crash();
        report.equal('status shows the table when it has died', (await ours.ask('status')).status, 1);
        await ours.start();
        await poll(
          () => ours.ask('status'),
          ({ status }) => status === 0,
          { limit: 300_000 },
        );
      });
      report.equal(
        'it starts over the stale socket, and changes nothing',
        changesText(samples.ours),
        'no change',
      );
      await ours.ask('maintenance', 'start', SERVICE, ONE, '--why', 'disk');
      report.equal('maintenance: weight 0', (await weightsOf(ours.ipvs))?.[ONE], 0);
      await ours.ask('maintenance', 'end', SERVICE, ONE);
      const weights = await poll(
        () => weightsOf(ours.ipvs),
        (seen) => seen?.[ONE] === 100,
        { limit: 300_000 },
      );
      report.equal('its end brings it back', weights?.[ONE], 100);
    },
  },
];
