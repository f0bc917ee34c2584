import { setTimeout as delay } from 'node:timers/promises';
import type { Ipvs } from '@ipvs-ts/ipvs';
import type { Lab, Scenario } from '../lab.js';
import { Load } from '../load/load.js';
import { startLongPages } from '../load/long-pages.js';
import { count, type Tally } from '../load/tally.js';
import type { Namespace } from '../namespace.js';
import type { TopologyPlan } from '../topology.js';

const VIP = '192.0.2.1';
const SERVICE = `tcp:${VIP}:80`;
const NAMES = ['one', 'two', 'three'] as const;
const KEYS = { one: '10.7.0.11:80', two: '10.7.0.12:80', three: '10.7.0.13:80' } as const;
/** The requests: pages that are sent at once, pages that take seconds, and bodies that are sent for seconds. */
const WORKERS = { '/short': 4, '/long': 3, '/upload': 12 };
const MASQ = { forwarding: 'masq' } as const;

const server = (key: string): TopologyPlan<string>['hosts'][string] => ({
  interfaces: { eth0: [`${key.replace(':80', '')}/24`] },
  gateways: ['10.7.0.1'],
});
const plan: TopologyPlan<'client' | 'director' | (typeof NAMES)[number]> = {
  hosts: {
    client: { interfaces: { eth0: ['192.0.2.100/24'] } },
    director: { interfaces: { outer: [`${VIP}/24`], inner: ['10.7.0.1/24'] } },
    one: server(KEYS.one),
    two: server(KEYS.two),
    three: server(KEYS.three),
  },
  networks: {
    outside: ['client/eth0', 'director/outer'],
    inside: ['director/inner', 'one/eth0', 'two/eth0', 'three/eth0'],
  },
};

/** A director with the destinations `one` and `two`, and what is done to it during the requests. */
interface Stage {
  readonly lab: Lab;
  readonly ipvs: Ipvs;
  readonly director: Namespace;
}

async function underLoad(lab: Lab, work: (stage: Stage) => Promise<unknown>): Promise<Tally> {
  const { client, director, ...servers } = await lab.build(plan);
  director.sysctl('net.ipv4.ip_forward=1');
  for (const name of NAMES) await startLongPages(servers[name], name, lab.cleanup);
  const ipvs = await lab.ipvs(director);
  await ipvs.addService(SERVICE, { scheduler: 'wrr' });
  for (const name of ['one', 'two'] as const) await ipvs.addDestination(SERVICE, KEYS[name], MASQ);
  const load = await Load.start(client, VIP, WORKERS);
  try {
    await delay(1000);
    await work({ lab, ipvs, director });
    const tally = await load.stop();
    const { answered, lost, slow } = tally;
    lab.report.say(
      `${String(count(answered))} answered, ${String(count(lost))} lost ${JSON.stringify(lost)}, ${String(slow)} short ones slower than 0.9 s`,
    );
    return tally;
  } finally {
    load.kill();
  }
}

/** Checks that nothing was lost, and that each of these servers answered every kind of request. */
function unharmed(lab: Lab, { answered, lost }: Tally, names: readonly string[]): void {
  lab.report.equal('no request is lost', lost, {});
  const missing = names
    .flatMap((name) => Object.keys(WORKERS).map((path) => `${path} of ${name}`))
    .filter((each) => (answered[each] ?? 0) === 0);
  lab.report.check('each server answered pages short and long, and uploads', missing.length === 0, answered);
}

/** Requests continue while the table is changed. Nothing else runs, so that only the changes can lose requests. */
export const loadScenarios: readonly Scenario[] = [
  {
    name: 'load/reweight',
    title: 'weights change ten times a second under load: no request is lost',
    quick: true,
    alone: true,
    run: async (lab) => {
      const tally = await underLoad(lab, async ({ ipvs }) => {
        for (let time = 0; time < 40; time++) {
          const name = time % 2 === 0 ? 'one' : 'two';
          await ipvs.updateDestination(SERVICE, KEYS[name], { weight: 1 + ((time * 7) % 10) });
          await delay(100);
        }
      });
      unharmed(lab, tally, ['one', 'two']);
    },
  },
  {
    name: 'load/drain-and-replace',
    title: 'each server is replaced under load, by ipvs-ts drain and by the library: no request is lost',
    quick: true,
    alone: true,
    run: async (lab) => {
      const tally = await underLoad(lab, async ({ ipvs, director }) => {
        for (const [comes, goes, by] of [
          ['three', 'one', 'ipvs-ts'],
          ['one', 'two', 'ipvs-ts'],
          ['two', 'three', 'library'],
          ['three', 'two', 'library'],
        ] as const) {
          await ipvs.addDestination(SERVICE, KEYS[comes], MASQ);
          if (by === 'library') await ipvs.drain(SERVICE, KEYS[goes]);
          else lab.report.say(await drain(director, KEYS[goes]));
          await delay(500);
        }
      });
      unharmed(lab, tally, NAMES);
    },
  },
  {
    name: 'load/deleted',
    title: 'a server is deleted under uploads: some are lost, and this test can tell',
    alone: true,
    run: async (lab) => {
      const tally = await underLoad(lab, async ({ director }) => {
        await delay(1500);
        await director.exec('ipvs-ts', '-d', '-t', `${VIP}:80`, '-r', KEYS.two);
        await delay(500);
      });
      // Answers still arrive: packets from clients are lost.
      const uploads = Object.keys(tally.lost).filter((reason) => reason.startsWith('/upload:'));
      lab.report.check('some uploads are lost', uploads.length > 0, tally);
    },
  },
  {
    name: 'load/careless',
    title: 'the table is cleared and made anew under load: requests are lost, and this test can tell',
    alone: true,
    run: async (lab) => {
      const { lost } = await underLoad(lab, async ({ ipvs }) => {
        for (let time = 0; time < 5; time++) {
          await ipvs.flush();
          await delay(50);
          await ipvs.addService(SERVICE, { scheduler: 'wrr' });
          for (const name of ['one', 'two'] as const) await ipvs.addDestination(SERVICE, KEYS[name], MASQ);
          await delay(500);
        }
      });
      lab.report.check('many requests are lost', count(lost) > 10, lost);
    },
  },
  {
    name: 'load/plan',
    title: 'declared states are applied under load: no request is lost',
    alone: true,
    run: async (lab) => {
      const tally = await underLoad(lab, async ({ ipvs }) => {
        for (const favourite of ['one', 'two', 'one', 'two']) {
          const destinations = Object.fromEntries(
            (['one', 'two'] as const).map((name) => [
              KEYS[name],
              { ...MASQ, weight: name === favourite ? 5 : 1 },
            ]),
          );
          await (await ipvs.plan({ services: { [SERVICE]: { scheduler: 'wrr', destinations } } })).apply();
          await delay(500);
        }
      });
      unharmed(lab, tally, ['one', 'two']);
    },
  },
];

/** Runs `ipvs-ts drain`, and returns its output. */
async function drain(director: Namespace, key: string): Promise<string> {
  const words = ['ipvs-ts', 'drain', SERVICE, key, '--timeout', '30s', '--poll', '250ms'];
  return (await director.exec(...words)).trim();
}
