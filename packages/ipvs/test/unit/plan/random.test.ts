import { expect } from 'chai';
import fc from 'fast-check';
import { ApplyError, type DesiredState, Ipvs, IpvsSync } from '@ipvs-ts/ipvs';
import { doubleTransport, doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { building, fewest, type Shape, shapeOf, states } from './states.js';

/** A kernel in a state, and a client of it. */
function kernelIn(state: DesiredState): { kernel: IpvsKernel; ipvs: IpvsSync } {
  const kernel = new IpvsKernel();
  const ipvs = IpvsSync.open({ transport: doubleTransportSync(kernel) });
  expect(ipvs.batch(building(state)).every(({ ok }) => ok)).to.equal(true);
  return { kernel, ipvs };
}

function shapeIn(state: DesiredState): Shape {
  return shapeOf(kernelIn(state).ipvs.table());
}

function changing({ requests }: IpvsKernel): number {
  return requests.filter(({ operation }) => /^(NEW|SET|DEL)_/.test(operation ?? '')).length;
}

describe('plans between random states', () => {
  it('lead exactly there, in the fewest requests, and leave nothing to do', () => {
    fc.assert(
      fc.property(states, states, (before, after) => {
        const { kernel, ipvs } = kernelIn(before);
        const wanted = shapeIn(after);
        const least = fewest(shapeOf(ipvs.table()), wanted);
        const plan = ipvs.plan(after, { prune: 'all' });
        expect(plan.length).to.equal(least);
        kernel.requests.length = 0;
        const report = plan.apply();
        expect(changing(kernel)).to.equal(least);
        expect(report.replans).to.equal(0);
        expect(report.changes.every(({ outcome }) => outcome === 'done')).to.equal(true);
        expect(shapeOf(ipvs.table())).to.deep.equal(wanted);
        expect([...ipvs.plan(after, { prune: 'all' })].map(String)).to.deep.equal([]);
      }),
      { numRuns: 150 },
    );
  });

  it('add before they remove', () => {
    fc.assert(
      fc.property(states, states, (before, after) => {
        const kinds = [...kernelIn(before).ipvs.plan(after, { prune: 'all' })].map(({ kind }) => kind);
        const lastAdd = Math.max(kinds.lastIndexOf('addDestination'), kinds.lastIndexOf('addService'));
        const removes = kinds.map((kind, index) => (kind.startsWith('delete') ? index : Infinity));
        expect(Math.min(...removes)).to.be.above(lastAdd);
      }),
    );
  });

  it('lead there after an interruption at any point', () => {
    fc.assert(
      fc.property(states, states, fc.boolean(), (before, after, old) => {
        const wanted = shapeIn(after);
        const total = kernelIn(before).ipvs.plan(after, { prune: 'all' }).length;
        for (let ran = 0; ran <= total; ran++) {
          const { ipvs } = kernelIn(before);
          const plan = ipvs.plan(after, { prune: 'all' });
          ipvs.batch([...plan].slice(0, ran).map(({ call }) => call));
          // The same plan once more, or one that is made anew.
          (old ? plan : ipvs.plan(after, { prune: 'all' })).apply();
          expect(shapeOf(ipvs.table())).to.deep.equal(wanted);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('reach the state after any request failed, and report which', () => {
    const operations = ['NEW_SERVICE', 'SET_SERVICE', 'DEL_SERVICE', 'NEW_DEST', 'SET_DEST', 'DEL_DEST'];
    fc.assert(
      fc.property(states, states, fc.constantFrom(...operations), (before, after, operation) => {
        const { kernel, ipvs } = kernelIn(before);
        const plan = ipvs.plan(after, { prune: 'all' });
        kernel.failNext(operation, 12);
        try {
          plan.apply();
        } catch (error) {
          if (!ApplyError.is(error, 'ERR_IPVS_APPLY_FAILED')) throw error;
          const failed = error.changes.filter(({ outcome }) => outcome === 'failed');
          expect(failed.length).to.be.above(0);
          expect(error.changes.length).to.be.within(plan.length, plan.length + failed.length);
        }
        ipvs.plan(after, { prune: 'all' }).apply();
        expect(shapeOf(ipvs.table())).to.deep.equal(shapeIn(after));
      }),
      { numRuns: 100 },
    );
  });

  it('lead there when two are applied at once', async () => {
    await fc.assert(
      fc.asyncProperty(states, states, async (before, after) => {
        const { kernel, ipvs } = kernelIn(before);
        const both = await Promise.all([1, 2].map(() => Ipvs.open({ transport: doubleTransport(kernel) })));
        const plans = await Promise.all(both.map((each) => each.plan(after, { prune: 'all' })));
        await Promise.all(plans.map((plan) => plan.apply()));
        expect(shapeOf(ipvs.table())).to.deep.equal(shapeIn(after));
      }),
      { numRuns: 60 },
    );
  });
});
