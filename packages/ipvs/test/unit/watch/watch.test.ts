import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { Ipvs, IpvsError, type WatchOptions, type WatchSample } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';

const WEB = 'tcp:192.0.2.10:80';
const DNS = 'udp:192.0.2.10:53';
const ONE = '10.0.0.1:80';

describe('watch', () => {
  let kernel: IpvsKernel;
  let ipvs: Ipvs;

  beforeEach(async () => {
    kernel = new IpvsKernel();
    ipvs = await Ipvs.open({ transport: doubleTransport(kernel) });
    await ipvs.addService(WEB, { scheduler: 'rr' });
    await ipvs.addDestination(WEB, ONE, { forwarding: 'masq', weight: 3 });
  });
  afterEach(() => ipvs.close());

  async function sampleOf(watch: AsyncIterator<WatchSample, undefined>): Promise<WatchSample> {
    const { value } = await watch.next();
    return value ?? expect.fail('the watch has ended');
  }

  function changesOf({ changes }: WatchSample): string[] {
    return changes.map(({ kind, service, destination, differences }) =>
      [
        kind,
        destination ?? service,
        ...differences.map(({ field, from, to }) => `${field} ${String(from)} ${String(to)}`),
      ].join(' '),
    );
  }

  it('returns the table, and from the second sample on the changes', async () => {
    const watch = ipvs.watch({ interval: 0 });
    const first = await sampleOf(watch);
    expect(first.changes).to.deep.equal([]);
    expect(first).to.include({ elapsed: undefined, rates: undefined });
    expect(first.services[0]?.service.key).to.equal(WEB);
    expect(first.services[0]?.destinations[0]?.destination.key).to.equal(ONE);
    expect(changesOf(await sampleOf(watch))).to.deep.equal([]);
    await ipvs.updateService(WEB, { scheduler: 'wlc' });
    await ipvs.updateDestination(WEB, ONE, { weight: 0 });
    await ipvs.addDestination(WEB, '10.0.0.2:80');
    expect(changesOf(await sampleOf(watch))).to.deep.equal([
      `edited ${WEB} scheduler rr wlc`,
      'added 10.0.0.2:80',
      `edited ${ONE} weight 3 0`,
    ]);
    await ipvs.deleteDestination(WEB, ONE);
    await ipvs.addService(DNS);
    expect(changesOf(await sampleOf(watch)).sort()).to.deep.equal([`added ${DNS}`, `removed ${ONE}`]);
    await ipvs.flush();
    expect(changesOf(await sampleOf(watch)).sort()).to.deep.equal(
      ['removed 10.0.0.2:80', `removed ${WEB}`, `removed ${DNS}`].sort(),
    );
    await watch.return();
  });

  it('computes rates from totals over the elapsed time', async () => {
    const watch = ipvs.watch({ interval: 200 });
    await sampleOf(watch);
    const big = 2n ** 60n;
    kernel.count(WEB, ONE, { stats: { connections: 10, inBytes: big } });
    const { services, rates, elapsed = 0 } = await sampleOf(watch);
    // `elapsed` is between the ends of two readings; a service was read at some moment before the end.
    expect(elapsed).to.be.above(0);
    const [service] = services;
    const wanted = 10_000 / elapsed;
    expect(service?.rates?.connections).to.be.within(wanted / 5, wanted * 5);
    expect(service?.destinations[0]?.rates?.connections).to.be.within(wanted / 5, wanted * 5);
    expect(service?.rates?.inBytes).to.be.within((Number(big) * wanted) / 50, (Number(big) * wanted) / 2);
    expect(rates?.connections).to.equal(service?.rates?.connections);
    expect((await sampleOf(watch)).rates?.connections).to.equal(0);
  });

  it('says so where counters go backwards', async () => {
    kernel.count(WEB, ONE, { stats: { inPackets: 10 } });
    const watch = ipvs.watch({ interval: 2 });
    const measured = async (): Promise<unknown[]> => {
      const { rates, services } = await sampleOf(watch);
      const destination = services[0]?.destinations[0];
      return [
        rates?.inPackets,
        services[0]?.rates,
        services[0]?.reset,
        destination?.rates,
        destination?.reset,
      ];
    };
    expect(await measured()).to.deep.equal([undefined, undefined, false, undefined, false]);
    await ipvs.zero();
    expect(await measured()).to.deep.equal([0, undefined, true, undefined, true]);
    const [, rates, reset] = await measured();
    expect([typeof rates, reset]).to.deep.equal(['object', false]);
  });

  it('reads when it is asked, not before its time, and one reading after the other', async () => {
    const watch = ipvs.watch({ interval: 400 });
    kernel.requests.length = 0;
    const started = performance.now();
    const samples = await Promise.all([sampleOf(watch), sampleOf(watch), sampleOf(watch)]);
    expect(performance.now() - started).to.be.at.least(790);
    expect(samples.map(({ elapsed }) => elapsed === undefined)).to.deep.equal([true, false, false]);
    const asked = kernel.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(kernel.requests.length).to.equal(asked);
    expect((await sampleOf(watch)).elapsed).to.be.above(590);
  });

  it('watches the named services, whether they exist or not', async () => {
    const watch = ipvs.watch({ interval: 0, services: [DNS, 'tcp:192.0.2.10:80'] });
    expect((await sampleOf(watch)).services.length).to.equal(1);
    await ipvs.addService(DNS);
    await ipvs.addService('fwmark:1');
    const sample = await sampleOf(watch);
    expect(sample.services.map(({ service }) => service.key)).to.deep.equal([DNS, WEB]);
    expect(changesOf(sample)).to.deep.equal([`added ${DNS}`]);
  });

  it('ends at once when the loop is left or return is called', async () => {
    let samples = 0;
    for await (const _ of ipvs.watch({ interval: 0 })) if (++samples === 3) break;
    expect(samples).to.equal(3);
    const watch = ipvs.watch({ interval: 60_000 });
    await watch.next();
    const waiting = [watch.next(), watch.next()];
    expect(await watch.return()).to.deep.equal({ done: true, value: undefined });
    expect(await Promise.all(waiting)).to.deep.equal(Array(2).fill({ done: true, value: undefined }));
    expect(await watch.next()).to.deep.equal({ done: true, value: undefined });
    {
      await using disposed = ipvs.watch({ interval: 60_000 });
      await disposed.next();
    }
  });

  it('ends at once when it is aborted, and leaves nothing behind', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const watch = ipvs.watch({ interval: 60_000, signal });
    await watch.next();
    expect(getEventListeners(signal, 'abort').length).to.equal(0);
    const waiting = watch.next().catch((error: unknown) => error);
    await new Promise((resolve) => setImmediate(resolve));
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await waiting).to.equal(reason);
    expect(getEventListeners(signal, 'abort').length).to.equal(0);
    expect(await watch.next()).to.deep.equal({ done: true, value: undefined });
    const late = ipvs.watch({ signal });
    expect(await late.next().catch((error: unknown) => error)).to.equal(reason);
  });

  it('keeps no more after a thousand samples than after one', async () => {
    const controller = new AbortController();
    const watch = ipvs.watch({ interval: 0, signal: controller.signal });
    for (let count = 0; count < 1000; count++) await watch.next();
    expect(getEventListeners(controller.signal, 'abort').length).to.equal(0);
  });

  it('ends with the error of a reading', async () => {
    const watch = ipvs.watch({ interval: 0 });
    await watch.next();
    kernel.failNext('GET_SERVICE', 12);
    const error = await watch.next().catch((each: unknown) => each);
    expect(IpvsError.is(error, 'ERR_IPVS_KERNEL')).to.equal(true);
    expect((await watch.next()).done).to.equal(true);
  });

  it('refuses invalid options', () => {
    const bad = (options: unknown): void => void ipvs.watch(options as WatchOptions);
    expect(() => bad({ interval: -1 })).to.throw(RangeError, 'options.interval');
    expect(() => bad({ services: ['web'] })).to.throw(RangeError, 'options.services[0]');
    expect(() => bad({ services: 'tcp:192.0.2.10:80' })).to.throw(TypeError, 'options.services');
    expect(() => bad({ consistency: 'always' })).to.throw(RangeError, 'options.consistency');
    expect(() => bad({ every: 1 })).to.throw(TypeError, 'options.every');
  });
});
