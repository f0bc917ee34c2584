import { availableParallelism } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { calls, Ipvs } from '@ipvs-ts/ipvs';
import { Namespace } from './namespace.js';

const COUNT = 10_000;
const CHANGES = 200;
/**
 * Longest that the event loop may be held, in milliseconds, at the 99th percentile. The aim is 5 ms; the rest is
 * allowed for emulated CPUs that share theirs with other work. What would hold it for the kernel's sake takes 20 ms a
 * change of scheduler, and seconds a batch.
 */
const LIMIT = 15;
/** The best of so many rounds counts: the first ones compile, and this machine may have other work. */
const ROUNDS = 4;

const key = (index: number): string => `tcp:10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:80`;

/** How long the event loop was held while `work` ran: 99th percentile in milliseconds. */
async function held(work: () => Promise<unknown>): Promise<number> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await work();
  histogram.disable();
  // The histogram holds the time between two ticks of a timer of one millisecond.
  return histogram.percentile(99) / 1e6 - 1;
}

describe('the event loop on this kernel', function () {
  this.timeout(240_000);
  let netns: Namespace;
  let ipvs: Ipvs;

  before(async function () {
    // With one CPU the kernel's work takes the loop's time whatever thread it runs on.
    if (availableParallelism() < 2) {
      process.stdout.write(
        '      this machine has one CPU; the stock kernel in QEMU has two, and is measured\n',
      );
      this.skip();
    }
    netns = new Namespace();
    ipvs = await Ipvs.open({ netns: netns.path });
    process.stdout.write(`      nothing runs: p99 ${(await held(() => pause(2000))).toFixed(1)} ms\n`);
  });
  after(async function () {
    if (availableParallelism() < 2) return;
    await ipvs.close();
    netns.delete();
  });

  const measure = (what: string, work: (round: number) => Promise<unknown>): void => {
    it(`is held for ${LIMIT} ms at most, at the 99th percentile, while ${what}`, async () => {
      const rounds: number[] = [];
      for (let round = 0; round < ROUNDS; round++) rounds.push(await held(() => work(round)));
      process.stdout.write(`      ${what}: p99 ${rounds.map((ms) => ms.toFixed(1)).join(', ')} ms\n`);
      expect(Math.min(...rounds)).to.be.at.most(LIMIT);
    });
  };

  const filling = Array.from({ length: COUNT }, (_, index) =>
    calls.addService(key(index), { scheduler: 'rr' }),
  );
  const scheduler = (round: number): string => (round % 2 === 0 ? 'wrr' : 'rr');

  measure(`${COUNT} calls run in a batch`, async (round) => {
    if (round > 0) await ipvs.flush();
    await ipvs.batch(filling);
  });
  measure(`${COUNT} calls fail in a batch`, async () => ipvs.batch(filling));
  measure(`${COUNT} services are listed`, async () => ipvs.services());
  measure(`${CHANGES} schedulers are changed, one after another`, async (round) => {
    for (let index = 0; index < CHANGES; index++)
      await ipvs.setService(key(index), { scheduler: scheduler(round) });
  });
  measure(`${CHANGES} schedulers are changed in a batch`, async (round) =>
    ipvs.batch(
      Array.from({ length: CHANGES }, (_, index) =>
        calls.setService(key(index), { scheduler: scheduler(round) }),
      ),
    ),
  );
});
