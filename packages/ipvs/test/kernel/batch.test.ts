import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { BatchError, type Call, calls, Ipvs, IpvsError, IpvsSync } from '@ipvs-ts/ipvs';
import { Namespace } from './namespace.js';

/** Calls that add `count` services with two destinations each. */
function filling(count: number): Call<void>[] {
  return Array.from({ length: count }, (_, index) => {
    const key = `tcp:10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:80`;
    return [
      calls.addService(key, { scheduler: 'rr' }),
      calls.addDestination(key, '10.200.0.1:80', { forwarding: 'masq' }),
      calls.addDestination(key, '10.200.0.2:80', { forwarding: 'masq' }),
    ];
  }).flat();
}

describe('batches on this kernel', () => {
  let netns: Namespace;
  let ipvs: Ipvs;
  let sync: IpvsSync;

  beforeEach(async () => {
    netns = new Namespace();
    ipvs = await Ipvs.open({ netns: netns.path });
    sync = IpvsSync.open({ netns: netns.path });
  });
  afterEach(async () => {
    await ipvs.close();
    sync.close();
    netns.delete();
  });

  it('make all calls, on both clients', async () => {
    const results = await ipvs.batch(filling(700));
    expect(results.length).to.equal(2100);
    expect(results.filter(({ ok }) => !ok)).to.deep.equal([]);
    const table = sync.table({ consistency: 'verified' });
    expect(table.length).to.equal(700);
    expect(table.every(({ destinations }) => destinations.length === 2)).to.equal(true);
    sync.flush();
    expect(sync.batch(filling(700)).every(({ ok }) => ok)).to.equal(true);
    expect((await ipvs.services({ consistency: 'verified' })).length).to.equal(700);
  });

  it('map each failure to its call, thousands of them too, and lose none', () => {
    sync.batch(filling(700));
    const again = sync.batch([...filling(700), calls.addService('fwmark:1')]);
    expect(again.length).to.equal(2101);
    again.forEach((result, index) => {
      const wanted =
        index === 2100
          ? undefined
          : index % 3 === 0
            ? 'ERR_IPVS_SERVICE_EXISTS'
            : 'ERR_IPVS_DESTINATION_EXISTS';
      expect(result.ok ? undefined : result.error.code, String(index)).to.equal(wanted);
    });
    const failed = again[3];
    expect(failed?.ok === false && failed.error.service).to.equal('tcp:10.0.0.1:80');
    expect(sync.services({ consistency: 'verified' }).length).to.equal(701);
  });

  it('return typed values in the order of the calls', async () => {
    const [added, read, info, missing, timeouts] = await ipvs.batch([
      calls.addService('fwmark:5', { scheduler: 'rr' }),
      calls.service('fwmark:5'),
      calls.info(),
      calls.service('fwmark:6'),
      calls.timeouts(),
    ]);
    expect(added).to.deep.equal({ ok: true, value: undefined });
    expect(read.ok && read.value.scheduler).to.equal('rr');
    expect(info.ok && info.value.version).to.equal('1.2.1');
    expect(!missing.ok && missing.error.code).to.equal('ERR_IPVS_SERVICE_NOT_FOUND');
    expect(timeouts.ok && timeouts.value.tcp).to.equal(900);
    expect(await ipvs.batch([])).to.deep.equal([]);
  });

  it('confirm that a daemon was stopped if the kernel does not answer', async () => {
    netns.ip('addr', 'add', '10.9.0.1/24', 'dev', 'lo');
    for (let round = 0; round < 10; round++) {
      const start = calls.startDaemon({ state: 'master', interface: 'lo' });
      const results = await ipvs.batch([start, calls.stopDaemon('master')]);
      expect(results.map(({ ok }) => ok)).to.deep.equal([true, true]);
      expect(await ipvs.daemons()).to.deep.equal([]);
    }
    const results = sync.batch([calls.stopDaemon('master'), calls.stopDaemon('backup')]);
    expect(results.map((result) => !result.ok && result.error.code)).to.deep.equal([
      'ERR_IPVS_DAEMON_NOT_FOUND',
      'ERR_IPVS_DAEMON_NOT_FOUND',
    ]);
  });

  it('stop between two sends when aborted, and report exactly what ran', async () => {
    const batch = filling(3000);
    const controller = new AbortController();
    const reason = new Error('enough');
    let sends = 0;
    const onSend = (): void => {
      if (++sends === 2) controller.abort(reason);
    };
    subscribe('ipvs-ts:netlink:request', onSend);
    const error = await ipvs
      .batch(batch, { signal: controller.signal })
      .catch((each: unknown) => each as IpvsError);
    unsubscribe('ipvs-ts:netlink:request', onSend);
    if (!IpvsError.is(error, 'ERR_IPVS_ABORTED')) return expect.fail('it was not aborted');
    expect(error.cause).to.equal(reason);
    const ran = BatchError.is(error) ? error.results : [];
    expect(ran.length).to.be.within(2, batch.length - 1);
    expect(ran.every(({ ok }) => ok)).to.equal(true);
    const table = sync.table({ consistency: 'verified' });
    expect(table.length + table.reduce((sum, { destinations }) => sum + destinations.length, 0)).to.equal(
      ran.length,
    );
    return undefined;
  });

  it('are refused before anything is sent if they hold calls that no batch can make', async () => {
    const bad = async (batch: unknown, path: string): Promise<void> => {
      const error = await ipvs
        .batch(batch as Call[])
        .catch((each: unknown) => each as Error & { path?: string });
      expect((error as { path?: string }).path).to.equal(path);
    };
    await bad([calls.addService('fwmark:1'), calls.services()], 'calls[1]');
    await bad([calls.addService('fwmark:1'), undefined], 'calls[1]');
    await bad([{ verb: 'flush' }], 'calls[0]');
    await bad('flush', 'calls');
    expect(await ipvs.services()).to.deep.equal([]);
  });
});
