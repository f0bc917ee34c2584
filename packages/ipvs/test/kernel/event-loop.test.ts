import { availableParallelism } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect } from 'chai';
import { calls, Ipvs } from '@ipvs-ts/ipvs';
import { Namespace } from './namespace.js';

const COUNT = 10_000;
const key = (index: number): string => `tcp:10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:80`;

/** Longest that the event loop may be held, in milliseconds, at the 99th percentile. */
const LIMIT = 5;

/** How long the event loop was held while `work` ran: 99th percentile and maximum in milliseconds. */
async function held(work: () => Promise<unknown>): Promise<{ p99: number; max: number }> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await work();
  histogram.disable();
  // The histogram holds the time between two ticks of a timer of one millisecond.
  return { p99: histogram.percentile(99) / 1e6 - 1, max: histogram.max / 1e6 - 1 };
}

describe('the event loop on this kernel', function () {
  this.timeout(240_000);
  let netns: Namespace;
  let ipvs: Ipvs;

  before(async function () {
    // With one CPU the kernel's work takes the loop's time whatever thread it runs on.
    if (availableParallelism() < 2) this.skip();
    netns = new Namespace();
    ipvs = await Ipvs.open({ netns: netns.path });
  });
  after(async () => {
    await ipvs?.close();
    netns?.delete();
  });

  const measure = (what: string, work: () => Promise<unknown>): void => {
    it(`is held for no more than ${LIMIT} ms at the 99th percentile while ${what}`, async () => {
      const { p99, max } = await held(work);
      process.stdout.write(`      ${what}: p99 ${p99.toFixed(1)} ms, at most ${max.toFixed(1)} ms\n`);
      expect(p99).to.be.at.most(LIMIT);
    });
  };

  const batch = Array.from({ length: COUNT }, (_, index) =>
    calls.addService(key(index), { scheduler: 'rr' }),
  );
  measure(`a batch of ${COUNT} runs`, async () => ipvs.batch(batch));
  measure(`a batch of ${COUNT} fails`, async () => ipvs.batch(batch));
  measure(`${COUNT} services are listed`, async () => ipvs.services());
  measure('200 schedulers are changed, one after another', async () => {
    for (let index = 0; index < 200; index++)
      await ipvs.setService(key(index), { scheduler: index % 2 === 0 ? 'wrr' : 'wlc' });
  });
  measure('200 schedulers are changed in a batch', async () =>
    ipvs.batch(Array.from({ length: 200 }, (_, index) => calls.setService(key(index), { scheduler: 'rr' }))),
  );
});
