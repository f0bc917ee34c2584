import { setTimeout as delay } from 'node:timers/promises';
import { Sampler, SERVICE } from '../table-keepers.js';
import { Clock } from '../clock.js';
import { FleetDirector, FleetStore } from '../fleet-parts.js';
import type { Lab, Scenario } from '../lab.js';
import { Load } from '../load/load.js';
import { startLongPages } from '../load/long-pages.js';
import { count } from '../load/tally.js';
import type { Namespace } from '../namespace.js';
import type { Outcome } from '../run-program.js';
import type { TopologyPlan } from '../topology.js';

const [ONE, TWO, THREE] = ['10.7.0.11:80', '10.7.0.12:80', '10.7.0.13:80'] as const;
const WORKERS = { '/short': 4, '/long': 3, '/upload': 4 };

/**
 * Workers that do not depend on nginx's wall clock: it paces `/long` by it, and sends nothing for days when the clock
 * is set back. The client paces uploads.
 */
const STEADY_WORKERS = { '/short': 4, '/upload': 7 };

const server = (last: string): TopologyPlan<string>['hosts'][string] => ({
  interfaces: { eth0: [`10.7.0.${last}/24`] },
  gateways: ['10.7.0.1'],
});
const plan: TopologyPlan<'client' | 'active' | 'standby' | 'store' | 'one' | 'two' | 'three'> = {
  hosts: {
    client: { interfaces: { eth0: ['192.0.2.100/24'] } },
    active: { interfaces: { outer: ['192.0.2.1/24'], inner: ['10.7.0.1/24'] } },
    standby: { interfaces: { inner: ['10.7.0.2/24'] } },
    store: { interfaces: { eth0: ['10.7.0.50/24'] } },
    one: server('11'),
    two: server('12'),
    three: server('13'),
  },
  networks: {
    outside: ['client/eth0', 'active/outer'],
    inside: [
      ...(['active/inner', 'standby/inner', 'store/eth0'] as const),
      ...(['one/eth0', 'two/eth0', 'three/eth0'] as const),
    ],
  },
};

/** A document with these weights. */
function document(weights: Readonly<Record<string, number>>): object {
  const check = { tcp: {}, interval: '1s', failingInterval: '500ms', timeout: '2s', fall: 2, rise: 1 };
  const destinations = Object.fromEntries(
    Object.entries(weights).map(([name, weight]) => [name, { forwarding: 'masq', weight }]),
  );
  return { services: { [SERVICE]: { scheduler: 'wrr', check, destinations } } };
}

/** Requests go through the active director while `work` is done; none may be lost, and these servers must answer. */
async function underLoad(
  lab: Lab,
  client: Namespace,
  what: string,
  names: readonly string[],
  work: () => Promise<unknown>,
  workers: Readonly<Record<string, number>> = WORKERS,
): Promise<void> {
  const load = await Load.start(client, '192.0.2.1', workers);
  try {
    await work();
    await delay(1000);
    const { answered, lost } = await load.stop();
    lab.report.equal(`${what}: no request of ${String(count(answered) + count(lost))} is lost`, lost, {});
    const silent = names.filter((name) => (answered[`/short of ${name}`] ?? 0) === 0);
    lab.report.equal(`${what}: every server answers`, silent, []);
  } finally {
    load.kill();
  }
}

/** Three servers, three nodes of a store and two directors. */
interface Stage {
  readonly client: Namespace;
  readonly store: FleetStore;
  readonly active: FleetDirector;
  readonly standby: FleetDirector;
  readonly killTwo: () => Promise<void>;
  /** Waits until both directors have these weights, and reports whether they have. */
  readonly both: (what: string, weights: Readonly<Record<string, number>>) => Promise<void>;
}

async function build(lab: Lab): Promise<Stage> {
  const { report } = lab;
  const hosts = await lab.build(plan);
  hosts.active.sysctl('net.ipv4.ip_forward=1');
  await startLongPages(hosts.one, 'one', lab.cleanup);
  const { kill: killTwo } = await startLongPages(hosts.two, 'two', lab.cleanup);
  await startLongPages(hosts.three, 'three', lab.cleanup);
  const store = await FleetStore.start(lab, hosts.store, '10.7.0.50');
  const active = await FleetDirector.start(lab, hosts.active, 'active', store);
  const standby = await FleetDirector.start(lab, hosts.standby, 'standby', store);
  return {
    ...{ client: hosts.client, store, active, standby, killTwo },
    both: async (what, weights) => {
      report.equal(`${what}: the active director`, await active.weights(weights), weights);
      report.equal(`${what}: the standby`, await standby.weights(weights), weights);
    },
  };
}

/** Puts a document as soon as the nodes have elected a leader. */
async function putWhenReady(
  director: FleetDirector,
  put: object,
  ...options: readonly string[]
): Promise<Outcome> {
  let outcome = await director.put(put, ...options);
  for (let time = 0; time < 50 && outcome.status !== 0; time++) {
    await delay(500);
    outcome = await director.put(put, ...options);
  }
  return outcome;
}

/** Directors that follow a store, with requests through one of them. */
export const fleetScenarios: readonly Scenario[] = [
  {
    name: 'fleet/store',
    title: 'nodes of the store die and return under load: documents reach directors, and no request is lost',
    alone: true,
    run: async (lab) => {
      const { report } = lab;
      const { client, store, active, standby, killTwo, both } = await build(lab);

      const first = { [ONE]: 10, [TWO]: 10 };
      const put = await putWhenReady(active, document(first));
      report.equal('the first document is put', put.status, 0);
      await both('the first document', first);

      await underLoad(lab, client, 'a node is killed', ['one', 'two', 'three'], async () => {
        await delay(1000);
        await store.kill(1);
        const wider = { [ONE]: 10, [TWO]: 10, [THREE]: 20 };
        const { status, stderr } = await standby.put(document(wider));
        report.equal(`a document is put with two nodes of three ${stderr.trim()}`, status, 0);
        await both('two nodes of three', wider);
      });

      await underLoad(lab, client, 'the majority is killed', ['one', 'two', 'three'], async () => {
        await store.kill(2);
        const { status, stderr } = await active.put(document({ [ONE]: 1, [TWO]: 1, [THREE]: 1 }));
        report.equal('a put without a majority fails', status, 1);
        report.check('and says what happened', stderr.trim() !== '', stderr);
        const sampler = new Sampler(active.ipvs);
        await active.crash();
        await delay(500);
        active.run();
        await delay(4000);
        report.equal(
          'kill -9 and a start without the store: nothing changes',
          (await sampler.end()).length,
          1,
        );
      });

      await killTwo();
      await both('a server dies without the store', { [ONE]: 10, [TWO]: 0, [THREE]: 20 });
      const without = await active.ask('status', '--json');
      report.check('the status has the age of the document', /"store":\s*\{/.test(without.stdout), without);
      await underLoad(lab, client, 'without the store and the server', ['one', 'three'], async () =>
        delay(2000),
      );

      await underLoad(lab, client, 'the store returns', ['one', 'three'], async () => {
        store.run(1, 2);
        const last = { [ONE]: 5, [THREE]: 5 };
        const outcome = await putWhenReady(active, document(last), '--allow-removals');
        report.equal(`a document is put ${outcome.stderr.trim()}`, outcome.status, 0);
        await both('the store is back', last);
      });
    },
  },
  {
    name: 'fleet/clock',
    title: 'the clock jumps by days, both ways: documents reach directors, and no request is lost',
    alone: true,
    run: async (lab) => {
      const { report } = lab;
      const { client, active, standby, both } = await build(lab);
      const clock = new Clock(lab.cleanup);
      const first = { [ONE]: 10, [TWO]: 10, [THREE]: 10 };
      report.equal('the first document is put', (await putWhenReady(active, document(first))).status, 0);
      await both('the first document', first);
      const { status } = await active.ask('maintenance', 'start', SERVICE, THREE, '--for', '30m');
      report.equal('a server is in maintenance for half an hour', status, 0);
      await both('everywhere', { ...first, [THREE]: 0 });

      let weight = 20;
      for (const jump of ['+2 days', '-5 days', '+40 minutes']) {
        const work = async (): Promise<void> => {
          const sampler = new Sampler(standby.ipvs);
          await delay(1000);
          await clock.jump(jump);
          await delay(5000);
          await standby.crash();
          standby.run();
          await delay(5000);
          report.equal(`${jump}: nothing changes, also over a crash`, (await sampler.end()).length, 1);
          const next = { [ONE]: weight, [TWO]: 10, [THREE]: 10 };
          const put = await putWhenReady(active, document(next));
          report.equal(`${jump}: a document is put ${put.stderr.trim()}`, put.status, 0);
          await both(`${jump}: a document`, { ...next, [THREE]: 0 });
          weight++;
        };
        await underLoad(lab, client, jump, ['one', 'two'], work, STEADY_WORKERS);
      }

      const { status: ended } = await standby.ask('maintenance', 'end', SERVICE, THREE);
      report.equal('the maintenance ends by command', ended, 0);
      await both('after the maintenance', { [ONE]: weight - 1, [TWO]: 10, [THREE]: 10 });
      for (const director of [active, standby]) {
        const { stdout } = await director.ask('status', '--json');
        report.check('the store is not silent', !/"silent":\s*true/.test(stdout), stdout);
      }
    },
  },
];
