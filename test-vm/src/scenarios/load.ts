import { setTimeout as delay } from 'node:timers/promises';
import { type Bench, makeBench } from '../bench.js';
import type { Lab, Scenario } from '../lab.js';
import { type LoadResult, underLoad } from '../load.js';

const BOTH = ['10.0.0.11:80', '10.0.0.12:80'] as const;

function tell(lab: Lab, { answered, failed, slow }: LoadResult): number {
  const lost = Object.values(failed).reduce((sum, count) => sum + count, 0);
  lab.report.say(
    `${String(answered)} answered, ${String(lost)} failed ${JSON.stringify(failed)}, ${String(slow)} slower than 0.9 s`,
  );
  return lost;
}

async function loaded(
  lab: Lab,
  work: (bench: Bench) => Promise<unknown>,
): Promise<{ lost: number; answered: number }> {
  const bench = await makeBench(lab, 'nat');
  await bench.ipvs.updateService(bench.service, { scheduler: 'wrr' });
  const result = await underLoad(bench.client, bench.url, () => work(bench));
  return { lost: tell(lab, result), answered: result.answered };
}

/** Requests go on while the table is changed. Nothing runs beside them: then what is lost is the table's doing. */
export const loadScenarios: readonly Scenario[] = [
  {
    name: 'load/reweight',
    title: 'weights change ten times a second under load: no request is lost',
    quick: true,
    alone: true,
    run: async (lab) => {
      const { lost, answered } = await loaded(lab, async ({ ipvs, service }) => {
        for (let time = 0; time < 40; time++) {
          await ipvs.updateDestination(service, BOTH[time % 2] ?? BOTH[0], { weight: 1 + ((time * 7) % 10) });
          await delay(100);
        }
      });
      lab.report.check('requests were answered', answered > 100, answered);
      lab.report.equal('none was lost', lost, 0);
    },
  },
  {
    name: 'load/drain-and-replace',
    title: 'each server is drained, deleted and added again under load: no request is lost',
    quick: true,
    alone: true,
    run: async (lab) => {
      const { lost, answered } = await loaded(lab, async ({ ipvs, service }) => {
        for (const key of [...BOTH, ...BOTH]) {
          await ipvs.drain(service, key);
          await ipvs.addDestination(service, key, { forwarding: 'masq' });
          await delay(300);
        }
      });
      lab.report.check('requests were answered', answered > 100, answered);
      lab.report.equal('none was lost', lost, 0);
    },
  },
  {
    name: 'load/careless',
    title: 'the table is cleared and made anew under load: requests are lost, and this test can tell',
    alone: true,
    run: async (lab) => {
      const { lost } = await loaded(lab, async ({ ipvs, service }) => {
        for (let time = 0; time < 5; time++) {
          await ipvs.flush();
          await delay(50);
          await ipvs.addService(service, { scheduler: 'wrr' });
          for (const key of BOTH) await ipvs.addDestination(service, key, { forwarding: 'masq' });
          await delay(500);
        }
      });
      lab.report.check('requests were lost', lost > 0, lost);
    },
  },
  {
    name: 'load/plan',
    title: 'a declared state is applied under load: no request is lost',
    alone: true,
    run: async (lab) => {
      const { lost, answered } = await loaded(lab, async ({ ipvs, service }) => {
        for (const keep of [0, 1, 0, 1]) {
          const masq = (weight: number): { forwarding: 'masq'; weight: number } => ({
            forwarding: 'masq',
            weight,
          });
          const destinations = { [BOTH[keep] ?? BOTH[0]]: masq(5), [BOTH[1 - keep] ?? BOTH[1]]: masq(1) };
          await (await ipvs.plan({ services: { [service]: { scheduler: 'wrr', destinations } } })).apply();
          await delay(500);
        }
      });
      lab.report.check('requests were answered', answered > 50, answered);
      lab.report.equal('none was lost', lost, 0);
    },
  },
];
