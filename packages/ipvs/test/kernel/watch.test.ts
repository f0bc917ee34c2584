import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { Ipvs, type WatchSample } from '@ipvs-ts/ipvs';
import { Namespace } from './namespace.js';
import { SERVER, Traffic, VIRTUAL } from './traffic.js';

describe('watch on this kernel', () => {
  let netns: Namespace;
  let ipvs: Ipvs;
  let traffic: Traffic;

  before(async () => {
    netns = new Namespace();
    traffic = await Traffic.start(netns);
    ipvs = await Ipvs.open({ netns: netns.path });
  });
  after(async () => {
    await ipvs.close();
    await traffic.stop();
    netns.delete();
  });

  it('measures traffic, sees changes, and counters that go backwards', async () => {
    await ipvs.addService(VIRTUAL.tcp, { scheduler: 'rr' });
    await ipvs.addDestination(VIRTUAL.tcp, SERVER.tcp, { forwarding: 'masq' });
    const samples: WatchSample[] = [];
    for await (const sample of ipvs.watch({ interval: 2500, signal: AbortSignal.timeout(50_000) })) {
      samples.push(sample);
      if (samples.length === 1) {
        for (let count = 0; count < 10; count++) await traffic.tell('open');
        // The kernel brings its counters up to date every two seconds, and a sample that is overdue is taken at once.
        await pause(2500);
      }
      if (samples.length === 2) {
        await ipvs.updateDestination(VIRTUAL.tcp, SERVER.tcp, { weight: 5 });
        await ipvs.zero();
      }
      if (samples.length === 3) break;
    }
    const [first, second, third] = samples;
    expect(first?.rates).to.equal(undefined);
    const rates = second?.services[0]?.rates;
    const total = ((rates?.connections ?? 0) * (second?.elapsed ?? 0)) / 1000;
    expect(total).to.be.within(8, 12);
    expect(rates?.inBytes).to.be.above(0);
    expect(second?.services[0]?.destinations[0]?.rates?.connections).to.be.above(0);
    expect(second?.changes).to.deep.equal([]);
    expect(third?.services[0]).to.include({ rates: undefined, reset: true });
    expect(third?.changes.map(({ kind, destination }) => [kind, destination])).to.deep.equal([
      ['edited', SERVER.tcp],
    ]);
    await traffic.tell('close');
  });
});
