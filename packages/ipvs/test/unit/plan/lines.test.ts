import { expect } from 'chai';
import fc from 'fast-check';
import { type DesiredService, type DesiredState, Ipvs, IpvsSync, type PlanOptions } from '@ipvs-ts/ipvs';
import { doubleTransport, doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { mutate, Random } from '../../fuzz/mutate.js';
import { AlteredKernel } from '../altered-kernel.js';
import { withoutWebAssembly } from '../without-web-assembly.js';
import { building, service } from './states.js';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Enough for lines to be compared. */
const NAMES = [
  ...numbers(20).map((each) => `tcp:198.51.100.${each}:80`),
  ...numbers(12).map((each) => `udp:198.51.100.${each}:53`),
  ...numbers(12).map((each) => `tcp:[2001:db8:1::${each}]:80`),
  ...numbers(8).map((each) => `fwmark:${each}`),
  ...numbers(8).map((each) => `fwmark6:${each}`),
];

type Services = Readonly<Record<string, DesiredService>>;

const wide: fc.Arbitrary<Services> = fc.record(
  Object.fromEntries(NAMES.map((name) => [name, service(name)])),
);

/** Other services of some of the names, some not to be touched, some without mention of destinations; others are left out. */
const edits = fc
  .record({ edited: fc.subarray(NAMES, { maxLength: 12 }), removed: fc.subarray(NAMES, { maxLength: 4 }) })
  .chain(({ edited, removed }) =>
    fc.record({
      edited: fc.record(
        Object.fromEntries(
          edited.map((name) => [
            name,
            fc.tuple(service(name), fc.constantFrom('whole', 'preserve', 'settings')),
          ]),
        ),
      ),
      removed: fc.constant(removed),
    }),
  );

type Edits = typeof edits extends fc.Arbitrary<infer T> ? T : never;

function edited(before: Services, { edited: changed, removed }: Edits): DesiredState {
  const others = Object.entries(changed).map(([name, [desired, how]]): [string, DesiredService] => {
    if (how === 'preserve') return [name, { ...desired, preserve: true }];
    const { destinations: _, ...settings } = desired;
    return [name, how === 'settings' ? settings : desired];
  });
  const services = { ...before, ...Object.fromEntries(others) };
  for (const name of removed) Reflect.deleteProperty(services, name);
  return { services };
}

function kernelWith(services: Services): IpvsKernel {
  const kernel = new IpvsKernel();
  const ipvs = IpvsSync.open({ transport: doubleTransportSync(kernel) });
  expect(ipvs.batch(building({ services })).every(({ ok }) => ok)).to.equal(true);
  return kernel;
}

/** The text of a plan, or its error. */
function said(plan: () => { toJSON(): unknown; readonly doubts: readonly string[] }): unknown {
  try {
    const made = plan();
    return [JSON.stringify(made), made.doubts];
  } catch (error) {
    // Sequence numbers get into messages whose bytes were moved.
    return (error as Error).message.replaceAll(/\d+ to \d+|as \d+/g, 'some');
  }
}

const plain = (count: number): Services =>
  Object.fromEntries(
    numbers(count).map((each) => [
      `tcp:198.51.100.${each}:80`,
      { scheduler: 'rr', destinations: { '10.0.0.1:80': { weight: 1 }, '10.0.0.2:80': { weight: 2 } } },
    ]),
  );

const asked = ({ requests }: IpvsKernel): string[] => requests.map(({ operation = '' }) => operation);

describe('plans of many services', () => {
  it('are the same as those that are made without lines', function () {
    this.timeout(120_000);
    const options: fc.Arbitrary<PlanOptions> = fc.record({
      prune: fc.constantFrom('all', 'destinations', 'none'),
      keepWeights: fc.constantFrom<boolean | readonly string[]>(false, true, NAMES.slice(0, 30)),
    });
    fc.assert(
      fc.property(wide, edits, options, (before, changes, how) => {
        const after = edited(before, changes);
        const ipvs = IpvsSync.open({ transport: doubleTransportSync(kernelWith(before)) });
        const expected = said(() => withoutWebAssembly(() => ipvs.plan(after, how)));
        expect(said(() => ipvs.plan(after, how))).to.deep.equal(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('are the same from the asynchronous client', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(wide, edits, async (before, changes) => {
        const after = edited(before, changes);
        const kernel = kernelWith(before);
        const sync = IpvsSync.open({ transport: doubleTransportSync(kernel) });
        await using ipvs = await Ipvs.open({ transport: doubleTransport(kernel) });
        const expected = said(() => withoutWebAssembly(() => sync.plan(after, { prune: 'all' })));
        const plan = await ipvs.plan(after, { prune: 'all' });
        expect(said(() => plan)).to.deep.equal(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('are the same whatever the answers about destinations', function () {
    this.timeout(120_000);
    const before = plain(60);
    const after = { services: { ...before, 'tcp:198.51.100.7:80': { scheduler: 'wrr', destinations: {} } } };
    const altered = new AlteredKernel(kernelWith(before));
    const ipvs = IpvsSync.open({ transport: altered });
    const seen = { plans: 0, errors: 0 };
    for (let seed = 0; seed < 160; seed++) {
      altered.alter = (datagrams, request) => {
        // The dump of the destinations of some services, always in the same way.
        const view = Buffer.from(request);
        const random = new Random(view.subarray(12).reduce((sum, byte) => Math.imul(sum, 31) + byte, seed));
        if (view[16] !== 8 || random.below(30) > 0) return datagrams;
        const [first = new Uint8Array(), ...rest] = datagrams;
        return [mutate(random, first), ...rest];
      };
      const expected = said(() => withoutWebAssembly(() => ipvs.plan(after)));
      expect(
        said(() => ipvs.plan(after)),
        `seed ${seed}`,
      ).to.deep.equal(expected);
      seen[typeof expected === 'string' ? 'errors' : 'plans'] += 1;
    }
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).to.be.greaterThan(10);
  });

  it('ask for the objects of what differs only', () => {
    const before = plain(60);
    const kernel = kernelWith(before);
    const ipvs = IpvsSync.open({ transport: doubleTransportSync(kernel) });
    kernel.requests.length = 0;
    const dumps = ['GET_SERVICE', ...numbers(60).map(() => 'GET_DEST')];
    expect(ipvs.plan({ services: before }).length).to.equal(0);
    expect(asked(kernel)).to.deep.equal(dumps);
    kernel.requests.length = 0;
    const other = { ...before, 'tcp:198.51.100.7:80': { scheduler: 'rr', destinations: {} } };
    expect(ipvs.plan({ services: other }).length).to.equal(2);
    expect(asked(kernel).sort()).to.deep.equal([...dumps, 'GET_SERVICE', 'GET_DEST'].sort());
  });

  it('read everything as objects where most of it differs', () => {
    const kernel = kernelWith(plain(60));
    const ipvs = IpvsSync.open({ transport: doubleTransportSync(kernel) });
    const services = Object.fromEntries(
      Object.entries(plain(60)).map(([name, each]) => [name, { ...each, scheduler: 'wrr' }]),
    );
    kernel.requests.length = 0;
    expect(ipvs.plan({ services }).length).to.equal(60);
    // Fifteen are asked for one by one.
    expect(asked(kernel).filter((each) => each === 'GET_SERVICE')).to.have.length(1 + 15 + 1);
  });

  it('report the same progress, pause, and end when they are aborted', async () => {
    const services = Object.fromEntries(
      numbers(2500).map((each) => [`fwmark:${each}`, { scheduler: 'rr', destinations: {} }]),
    );
    await using ipvs = await Ipvs.open({ transport: doubleTransport(kernelWith(services)) });
    const progress: unknown[] = [];
    const plan = await ipvs.plan({ services }, { onProgress: (each) => progress.push(each) });
    expect(plan.length).to.equal(0);
    expect(progress).to.deep.equal([1000, 2000].map((read) => ({ read, total: 2500 })));
    const controller = new AbortController();
    const planning = ipvs.plan(
      { services },
      { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) },
    );
    const error: unknown = await planning.then(
      () => expect.fail('it was not aborted'),
      (reason: unknown) => reason,
    );
    expect((error as Error).message).to.equal('enough');
  });
});
