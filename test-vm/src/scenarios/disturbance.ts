import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagnose } from '@ipvs-ts/director';
import { type DesiredService, Ipvs } from '@ipvs-ts/ipvs';
import { makeBench } from '../bench.js';
import type { Lab, Scenario } from '../lab.js';
import { poll } from '../poll.js';

/** Services in a file. */
const MANY = 4000;

const key = (index: number): string =>
  `tcp:10.${String(1 + (index >> 16))}.${String((index >> 8) & 255)}.${String(index & 255)}:80`;

async function temporary(lab: Lab): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'lab-'));
  lab.cleanup.add(`directory ${directory}`, () => rm(directory, { recursive: true }));
  return directory;
}

/** Other writers, and interrupted work. */
export const disturbanceScenarios: readonly Scenario[] = [
  {
    name: 'disturbance/two-writers',
    title: 'two writers and a reader on one service: no error, and the end is exact',
    quick: true,
    run: async (lab) => {
      const { director } = await lab.build({ hosts: { director: { interfaces: {} } }, networks: {} });
      const [left, right, reader] = await Promise.all(
        [0, 1, 2].map(() => Ipvs.open({ netns: director.path })),
      );
      if (left === undefined || right === undefined || reader === undefined) return;
      lab.cleanup.add('clients', async () => {
        await Promise.all([left, right, reader].map((each) => each.close()));
      });
      await left.addService('tcp:192.0.2.10:80', { scheduler: 'rr' });
      const write = async (ipvs: Ipvs, net: number): Promise<void> => {
        for (let last = 1; last <= 40; last++) {
          await ipvs.addDestination('tcp:192.0.2.10:80', `10.0.${String(net)}.${String(last)}:80`, {
            forwarding: 'masq',
          });
          if (last > 20)
            await ipvs.deleteDestination('tcp:192.0.2.10:80', `10.0.${String(net)}.${String(last - 20)}:80`);
        }
      };
      let readings = 0;
      const writing = { on: true };
      const reading = (async (): Promise<void> => {
        while (writing.on) {
          await reader.table();
          readings += 1;
        }
      })();
      await Promise.all([write(left, 1), write(right, 2)]);
      writing.on = false;
      await reading;
      const keys = (await reader.destinations('tcp:192.0.2.10:80', { consistency: 'verified' }))
        .map((each) => each.key)
        .sort();
      const wanted = [1, 2]
        .flatMap((net) =>
          Array.from({ length: 20 }, (_, index) => `10.0.${String(net)}.${String(index + 21)}:80`),
        )
        .sort();
      lab.report.equal('20 of each writer are there', keys, wanted);
      lab.report.check(`${String(readings)} readings meanwhile, none failed`, readings > 0, readings);
    },
  },
  {
    name: 'disturbance/killed',
    title:
      'kill -9 in the middle of a restore: what is there is the beginning of it, and a plan makes it whole',
    run: async (lab) => {
      const { director } = await lab.build({ hosts: { director: { interfaces: {} } }, networks: {} });
      const ipvs = await lab.ipvs(director);
      const services = Array.from({ length: MANY }, (_, index) => key(index));
      const lines = services.map((name) => `-A -t ${name.slice('tcp:'.length)} -s rr\n`);
      const child = director.feed('ipvs-ts', '-R');
      // It reads half of the file, processes it, and is killed while it waits for the rest.
      child.stdin?.write(lines.slice(0, MANY / 2).join(''));
      await poll(
        () => ipvs.services(),
        (found) => found.length === MANY / 2 || child.exitCode !== null,
        { limit: 60_000 },
      );
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      const made = (await ipvs.services({ consistency: 'verified' })).map((service) => service.key);
      lab.report.say(`${String(made.length)} of ${String(MANY)} services had been made`);
      lab.report.check('it was cut off in the middle', made.length > 0 && made.length < MANY, made.length);
      const prefix = new Set(services.slice(0, made.length));
      lab.report.check(
        'they are the first lines of the file',
        made.every((name) => prefix.has(name)),
        undefined,
      );
      const desired = Object.fromEntries(
        services.map((name): [string, DesiredService] => [name, { scheduler: 'rr' }]),
      );
      const plan = await ipvs.plan({ services: desired });
      lab.report.equal('the plan makes the rest, and no more', plan.length, MANY - made.length);
      await plan.apply();
      lab.report.equal('now all are there', (await ipvs.services({ consistency: 'verified' })).length, MANY);
      await ipvs.flush();
    },
  },
  {
    name: 'disturbance/keepalived',
    title: 'keepalived on the same director: neither disturbs the other',
    run: async (lab) => {
      const { client, director, ipvs, service, url } = await makeBench(lab, 'nat');
      const directory = await temporary(lab);
      await writeFile(join(directory, 'keepalived.conf'), keepalivedConfiguration);
      const files = ['-p', '-c', '-r'].flatMap((option, index) => [
        option,
        join(directory, `pid${String(index)}`),
      ]);
      const child = director.start(
        'keepalived',
        '-n',
        '-C',
        '-f',
        join(directory, 'keepalived.conf'),
        ...files,
      );
      const before = await ipvs.destinations(service);
      const theirs = (): Promise<number> =>
        ipvs.destinations('tcp:192.0.2.1:80').then(
          ({ length }) => length,
          () => 0,
        );
      lab.report.equal(
        'keepalived makes its service',
        await poll(theirs, (count) => count === 2, { limit: 20_000 }),
        2,
      );
      lab.report.equal('its service answers', (await lab.ask(client, 'http://192.0.2.1/', 2)).sort(), [
        'one',
        'two',
      ]);
      lab.report.equal('ours does too', (await lab.ask(client, url, 2)).sort(), ['one', 'two']);
      lab.report.equal('doctor finds nothing', (await diagnose(ipvs, { netns: director.path })).findings, []);
      child.kill('SIGTERM');
      await once(child, 'exit');
      lab.report.equal('when it ends, its service goes', await theirs(), 0);
      const after = await ipvs.destinations(service);
      lab.report.equal(
        'and ours stays',
        after.map((each) => each.key),
        before.map((each) => each.key),
      );
    },
  },
];

const keepalivedConfiguration = `
global_defs { router_id lab }
virtual_server 192.0.2.1 80 {
  delay_loop 2
  lb_algo rr
  lb_kind NAT
  protocol TCP
  real_server 10.0.0.11 80 { TCP_CHECK { connect_timeout 2 } }
  real_server 10.0.0.12 80 { TCP_CHECK { connect_timeout 2 } }
}
`;
