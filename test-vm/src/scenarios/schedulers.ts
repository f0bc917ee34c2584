import type { ServiceOptions } from '@ipvs-ts/ipvs';
import { type Bench, makeBench } from '../bench.js';
import { describeAnswer, fetchPage } from '../http-client.js';
import type { Scenario } from '../lab.js';

/** Client addresses for the schedulers that use them. */
const SOURCES = Array.from({ length: 40 }, (_, index) => `192.0.2.${String(100 + index)}`);

/** How many answers each server gave. */
function counts(answers: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const answer of answers) found[answer] = (found[answer] ?? 0) + 1;
  return found;
}

async function weights({ ipvs, service }: Bench, one: number, two: number): Promise<void> {
  await ipvs.updateDestination(service, '10.0.0.11:80', { weight: one });
  await ipvs.updateDestination(service, '10.0.0.12:80', { weight: two });
}

/** Each source's answers. */
async function bySource({ client, url }: Bench): Promise<string[]> {
  return Promise.all(SOURCES.map(async (source) => describeAnswer(await fetchPage(client, url, { source }))));
}

/** Schedulers whose choice is exact. */
export const schedulerScenarios: readonly Scenario[] = [
  {
    name: 'schedulers/exact',
    title: 'rr and wrr share requests out exactly; sh and mh keep each client at its server',
    quick: true,
    run: async (lab) => {
      const bench = await makeBench(lab, 'nat');
      const { client, ipvs, service, url } = bench;
      const use = (options: ServiceOptions): Promise<void> => ipvs.setService(service, options);
      lab.report.equal('rr, 20 requests: 10 each', counts(await lab.ask(client, url, 20)), {
        one: 10,
        two: 10,
      });
      await use({ scheduler: 'wrr' });
      for (const [one, two] of [
        [1, 3],
        [5, 1],
      ] as const) {
        await weights(bench, one, two);
        const times = (one + two) * 5;
        lab.report.equal(
          `wrr ${String(one)}:${String(two)}, ${String(times)} requests in turn`,
          counts(await lab.ask(client, url, times)),
          { one: one * 5, two: two * 5 },
        );
      }
      await client.ip(...SOURCES.map((source) => `address add ${source}/32 dev eth0`));
      await weights(bench, 1, 1);
      for (const scheduler of ['sh', 'mh'] as const) {
        await use({ scheduler });
        const first = await bySource(bench);
        lab.report.check(
          `${scheduler}: ${String(SOURCES.length)} clients use both servers`,
          new Set(first).size === 2,
          counts(first),
        );
        lab.report.equal(`${scheduler}: each comes to its server again`, await bySource(bench), first);
        await weights(bench, 1, 0);
        const without = await bySource(bench);
        const moved = first.filter((answer, index) => answer === 'one' && without[index] !== 'one').length;
        lab.report.equal(`${scheduler}: two at weight 0: clients of one stay there`, moved, 0);
        const refused = without.filter((answer) => answer === '(no page: refused)').length;
        lab.report.equal(
          `${scheduler}: and those of two are refused`,
          refused,
          first.filter((answer) => answer === 'two').length,
        );
        await use({ scheduler, flags: [`${scheduler}-fallback`] });
        lab.report.equal(
          `${scheduler} with ${scheduler}-fallback: nobody is refused`,
          counts(await bySource(bench)),
          { one: SOURCES.length },
        );
        await weights(bench, 1, 1);
      }
    },
  },
  {
    name: 'schedulers/limits',
    title: 'weight 0, thresholds, and a sorry server',
    quick: true,
    run: async (lab) => {
      const bench = await makeBench(lab, 'nat');
      const { client, ipvs, near, service, url } = bench;
      await weights(bench, 0, 1);
      lab.report.equal('weight 0 takes no new connections', counts(await lab.ask(client, url, 6)), {
        two: 6,
      });
      await weights(bench, 1, 1);
      await ipvs.updateDestination(service, '10.0.0.12:80', { upperThreshold: 3 });
      const limited = counts(await lab.ask(client, url, 10));
      lab.report.check(
        'an upper threshold sends the rest to the other',
        (limited['one'] ?? 0) >= 7 && (limited['two'] ?? 0) <= 3 && Object.keys(limited).length <= 2,
        limited,
      );
      await lab.serve(near, 'sorry');
      await ipvs.addDestination(service, '10.0.0.50:80', { forwarding: 'masq', weight: 0 });
      lab.report.check(
        'a sorry server of weight 0 is not asked',
        !(await lab.ask(client, url, 4)).includes('sorry'),
        undefined,
      );
      await weights(bench, 0, 0);
      await ipvs.updateDestination(service, '10.0.0.50:80', { weight: 1 });
      lab.report.equal('when no server is left, it answers', await lab.ask(client, url, 3), [
        'sorry',
        'sorry',
        'sorry',
      ]);
      await ipvs.updateDestination(service, '10.0.0.50:80', { weight: 0 });
      lab.report.equal('all at weight 0: refused', await lab.ask(client, url, 1), ['(no page: refused)']);
    },
  },
];
