import { expect } from 'chai';
import fc from 'fast-check';
import { type DesiredService, type DesiredState, Ipvs, IpvsSync } from '@ipvs-ts/ipvs';
import { building, fewest, shapeOf, states } from '../unit/plan/states.js';
import { Namespace } from './namespace.js';

describe('plans on this kernel', () => {
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

  /** Sets up a state in the kernel, independently of the code under test. */
  function reset(state: DesiredState): void {
    sync.flush();
    expect(sync.batch(building(state)).every(({ ok }) => ok)).to.equal(true);
  }

  it('lead from any state to any other, interrupted or not, in the fewest requests', () => {
    fc.assert(
      fc.property(states, states, fc.nat(), (before, after, point) => {
        reset(after);
        const wanted = shapeOf(sync.table());
        reset(before);
        const least = fewest(shapeOf(sync.table()), wanted);
        const plan = sync.plan(after, { prune: 'all' });
        expect(plan.length).to.equal(least);
        sync.batch([...plan].slice(0, point % (least + 1)).map(({ call }) => call));
        plan.apply();
        expect(shapeOf(sync.table())).to.deep.equal(wanted);
        expect([...sync.plan(after, { prune: 'all' })].map(String)).to.deep.equal([]);
      }),
      { numRuns: 30 },
    );
  });

  it('lead there when two are applied at once', async () => {
    await using other = await Ipvs.open({ netns: netns.path });
    await fc.assert(
      fc.asyncProperty(states, states, async (before, after) => {
        reset(after);
        const wanted = shapeOf(sync.table());
        reset(before);
        const plans = await Promise.all([ipvs, other].map((each) => each.plan(after, { prune: 'all' })));
        await Promise.all(plans.map((plan) => plan.apply()));
        expect(shapeOf(sync.table())).to.deep.equal(wanted);
      }),
      { numRuns: 15 },
    );
  });

  it('set timeouts and sync daemons, which exclude destinations of another address family', async () => {
    netns.ip('addr', 'add', '10.9.0.1/24', 'dev', 'lo');
    const web = 'tcp:192.0.2.10:80';
    const plain = { [web]: { destinations: { '10.0.0.1:80': {} } } };
    const mixed: Record<string, DesiredService> = {
      [web]: { destinations: { '[2001:db8::1]:80': { forwarding: 'tunnel' } } },
    };
    const daemons = {
      master: { interface: 'lo', syncId: 1 },
      backup: { interface: 'lo', maxLength: 1000, group: '224.0.0.90', port: 9000, ttl: 3 },
    };
    const documents: DesiredState[] = [
      { services: plain, daemons, timeouts: { tcp: 800, tcpFin: 100, udp: 200 } },
      { services: mixed, daemons: {}, timeouts: { tcp: 900 } },
      { services: plain, daemons: { master: { interface: 'lo', syncId: 2 } } },
    ];
    for (const document of documents) {
      const plan = await ipvs.plan(document, { prune: 'all' });
      expect(plan.length).to.be.above(0);
      await plan.apply();
      expect([...(await ipvs.plan(document, { prune: 'all' }))].map(String)).to.deep.equal([]);
    }
    expect(await ipvs.timeouts()).to.deep.equal({ tcp: 900, tcpFin: 100, udp: 200 });
  });

  it('send what differs only, of a large table too', async () => {
    const services: Record<string, DesiredService> = {};
    for (let index = 0; index < 1000; index++) {
      const destinations = Object.fromEntries(
        [1, 2, 3, 4].map((host) => [`10.200.0.${host}:80`, { forwarding: 'masq', weight: 2 } as const]),
      );
      services[`tcp:10.1.${index >> 8}.${index & 255}:80`] = { scheduler: 'rr', destinations };
    }
    const first = await (await ipvs.plan({ services })).apply();
    expect(first.changes.length).to.equal(5000);
    for (let index = 0; index < 10; index++)
      await ipvs.updateDestination(`tcp:10.1.1.${index}:80`, '10.200.0.3:80', { weight: index + 3 });
    const plan = await ipvs.plan({ services }, { prune: 'all' });
    expect([...plan].map(({ kind }) => kind)).to.deep.equal(Array(10).fill('editDestination'));
    expect(await plan.apply()).to.include({ replans: 0 });
    expect((await ipvs.plan({ services }, { prune: 'all' })).length).to.equal(0);
  });
});
