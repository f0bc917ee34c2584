import { expect } from 'chai';
import fc from 'fast-check';
import { exportState, Ipvs, IpvsSync, readDocument, writeDocument } from '@ipvs-ts/ipvs';
import { building, states } from '../unit/plan/states.js';
import { Namespace } from './namespace.js';

const FORMAT = fc.constantFrom('json' as const, 'yaml' as const);

describe('exports on this kernel', () => {
  let namespaces: Namespace[];

  before(() => {
    namespaces = [new Namespace(), new Namespace()];
    for (const each of namespaces) each.ip('addr', 'add', '10.9.0.1/24', 'dev', 'lo');
  });
  after(() => {
    for (const each of namespaces) each.delete();
  });

  it('have the same text after being applied to an empty kernel', async () => {
    const [one, other] = namespaces.map(({ path }) => path);
    await using from = await Ipvs.open({ netns: one as string });
    await using to = await Ipvs.open({ netns: other as string });
    using sync = IpvsSync.open({ netns: one as string });
    await fc.assert(
      fc.asyncProperty(states, FORMAT, async (state, format) => {
        sync.flush();
        expect(sync.batch(building(state)).every(({ ok }) => ok)).to.equal(true);
        const text = writeDocument(await exportState(from), format);
        await to.flush();
        await (await to.plan(await readDocument(text))).apply();
        expect(writeDocument(await exportState(to), format)).to.equal(text);
      }),
      { numRuns: 25 },
    );
  });

  it('hold timeouts, persistence engines and sync daemons', async () => {
    const [one, other] = namespaces.map(({ path }) => path);
    await using from = await Ipvs.open({ netns: one as string });
    await using to = await Ipvs.open({ netns: other as string });
    await from.flush();
    await from.addService('udp:192.0.2.1:5060', { persistence: { timeout: 60, netmask: 24, engine: 'sip' } });
    await from.setTimeouts({ tcp: 801, tcpFin: 101, udp: 201 });
    await from.startDaemon({ state: 'master', interface: 'lo', syncId: 7 });
    await from.startDaemon({
      state: 'backup',
      interface: 'lo',
      maxLength: 1200,
      group: '224.0.0.90',
      port: 9000,
      ttl: 3,
    });
    const text = writeDocument(await exportState(from));
    expect(text).to.include('engine: sip').and.to.include('tcpFin: 101').and.to.include('group: 224.0.0.90');
    await (await to.plan(await readDocument(text), { prune: 'all' })).apply();
    expect(writeDocument(await exportState(to))).to.equal(text);
    for (const ipvs of [from, to]) {
      await ipvs.stopDaemon('master');
      await ipvs.stopDaemon('backup');
    }
  });
});
