import { expect } from 'chai';
import fc from 'fast-check';
import { type Call, IpvsSync } from '@ipvs-ts/ipvs';
import { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { IpvsVerbsSync, makeCalls } from '@ipvs-ts/ipvs/verbs-sync';
import { doubleTransportSync } from '@ipvs-ts/netlink/testing';
import { main } from '../../../../dist/ipvsadm/main.js';
import { trial, withoutWebAssembly } from '../../fake-ipvs.js';

const calls = makeCalls('kernel');

/** What `-ln` prints, and the operations that it asks for. */
function listed(kernel: IpvsKernel, plain: boolean): { status: number; out: string; asked: string[] } {
  kernel.requests.length = 0;
  const io = trial(
    {},
    {
      open: () => {
        const ipvs = IpvsVerbsSync.open({ transport: doubleTransportSync(kernel), checks: 'kernel' });
        if (!plain) ipvs.bulkListing = () => undefined;
        return ipvs;
      },
    },
  );
  const status = main(['-ln'], io);
  expect(io.err).to.equal('');
  return { status, out: io.out, asked: kernel.requests.map(({ operation }) => operation ?? '') };
}

/** A kernel after those calls that it takes. */
function kernelOf(...batch: Call[]): IpvsKernel {
  const kernel = new IpvsKernel({ module: 'loaded' });
  IpvsSync.open({ transport: doubleTransportSync(kernel), checks: 'kernel' }).batch(batch);
  return kernel;
}

const octets = fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 0, max: 255 })));
// Near each other, mostly: listings have another order where addresses lie far apart.
const address = fc.oneof(
  { weight: 4, arbitrary: octets.map(([, , c, d]) => `10.1.${c}.${d}`) },
  { weight: 1, arbitrary: octets.map((all) => all.join('.')) },
);
const port = fc.integer({ min: 1, max: 65_535 });
const service = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom('tcp', 'udp', 'sctp'), address, port).map((all) => all.join(':')),
  },
  { weight: 1, arbitrary: fc.constantFrom('fwmark:7', 'fwmark6:8', 'tcp:[fd00::1]:80') },
);
const options = fc.oneof(
  { weight: 4, arbitrary: fc.record({ scheduler: fc.constantFrom('rr', 'wlc', 'sh', 'lblcr') }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { scheduler: 'sh', flags: ['sh-port'] as const },
      { scheduler: 'rr', persistence: { timeout: 60 } },
      { scheduler: 'mh', onePacket: true },
    ),
  },
);
const destination = fc.record({
  address: fc.oneof({ weight: 9, arbitrary: address }, { weight: 1, arbitrary: fc.constant('fd00::9') }),
  port,
  forwarding: fc.constantFrom('masq', 'local', 'tunnel', 'route', 'bypass'),
  weight: fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constantFrom(999_999, 1_000_000, 2_147_483_647)),
});
const table = fc.array(fc.tuple(service, options, fc.array(destination, { maxLength: 6 })), { maxLength: 8 });

describe('the plain table', () => {
  it('is the same text as by the ordinary way', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(table, (entries) => {
        const kernel = kernelOf(
          ...entries.flatMap(([name, settings, servers]) => [
            calls.addService(name, settings),
            ...servers.map(({ address: real, port: realPort, forwarding, weight }) => {
              const call = calls.addDestination(
                name,
                { address: real, port: realPort },
                { forwarding: 'tunnel' },
              );
              const values = call.values.destination;
              const number = ['masq', 'local', 'tunnel', 'route', 'bypass'].indexOf(forwarding);
              return {
                ...call,
                values: { ...call.values, destination: { ...values, forwarding: number, weight } },
              };
            }),
          ]),
        );
        const [own, ordinary] = [listed(kernel, true), listed(kernel, false)];
        expect(own.out).to.equal(ordinary.out);
        expect(own.status).to.equal(0);
      }),
      { numRuns: 300 },
    );
  });

  it('takes one request a service, one more for those without destinations', () => {
    const kernel = kernelOf(
      calls.addService('tcp:10.0.0.1:80'),
      calls.addDestination('tcp:10.0.0.1:80', '10.0.1.1:80', { weight: 1_000 }),
      calls.addService('tcp:10.0.0.2:80', { persistence: { timeout: 300 } }),
      calls.addDestination('tcp:10.0.0.2:80', '10.0.1.1:80'),
      calls.addService('udp:10.0.0.1:80'),
    );
    const { out, asked } = listed(kernel, true);
    expect(asked.slice(2)).to.deep.equal([
      'GET_SERVICE',
      'GET_INFO',
      'GET_DEST',
      'GET_DEST',
      'GET_DEST',
      'GET_SERVICE',
    ]);
    expect(out.split('\n').slice(3)).to.deep.equal([
      'TCP  10.0.0.1:80 wlc',
      '  -> 10.0.1.1:80                  Route   1000   0          0         ',
      'TCP  10.0.0.2:80 wlc persistent 300',
      '  -> 10.0.1.1:80                  Route   1      0          0         ',
      'UDP  10.0.0.1:80 wlc',
      '',
    ]);
  });

  it('is the same text where there is no WebAssembly', () => {
    const kernel = kernelOf(
      calls.addService('tcp:10.0.0.1:80'),
      calls.addDestination('tcp:10.0.0.1:80', '10.0.1.1:80', { weight: 1_000 }),
    );
    const { out, asked } = listed(kernel, true);
    const without = withoutWebAssembly(() => listed(kernel, true));
    expect(without.out).to.equal(out);
    expect(without.asked).to.have.members(asked);
  });

  it('leaves out a service that goes while it is read', () => {
    const kernel = kernelOf(calls.addService('tcp:10.0.0.1:80'), calls.addService('tcp:10.0.0.2:80'));
    const inner = doubleTransportSync(kernel);
    let sends = 0;
    const io = trial(
      {},
      {
        open: () =>
          IpvsVerbsSync.open({
            checks: 'kernel',
            transport: {
              capacity: inner.capacity,
              // Family, two times information and the services have been read.
              send: (bytes) => {
                if (++sends === 5)
                  IpvsSync.open({ transport: doubleTransportSync(kernel) }).deleteService('tcp:10.0.0.1:80');
                inner.send(bytes);
              },
              receive: () => inner.receive(),
              close: () => undefined,
            },
          }),
      },
    );
    expect(main(['-ln'], io)).to.equal(0);
    expect(io.out.split('\n').slice(3)).to.deep.equal(['TCP  10.0.0.2:80 wlc', '']);
  });

  it('leaves it to the ordinary reading where addresses have no order', () => {
    const asked = (...batch: Call[]): string[] => listed(kernelOf(...batch), true).asked.slice(2);
    const near = [calls.addService('tcp:10.0.0.1:80'), calls.addService('tcp:138.0.0.0:80')];
    const far = [calls.addService('tcp:10.0.0.1:80'), calls.addService('udp:138.0.0.1:80')];
    const plain = ['GET_SERVICE', 'GET_INFO', 'GET_DEST', 'GET_SERVICE', 'GET_DEST', 'GET_SERVICE'];
    expect(asked(...near)).to.deep.equal(plain);
    expect(asked(...far).slice(0, 2)).to.deep.equal(['GET_SERVICE', 'GET_SERVICE']);
    const servers = (...addresses: string[]): Call[] => [
      calls.addService('tcp:10.0.0.1:80'),
      ...addresses.map((each) => calls.addDestination('tcp:10.0.0.1:80', `${each}:80`)),
    ];
    expect(asked(...servers('10.0.0.1', '138.0.0.0'))).to.deep.equal(['GET_SERVICE', 'GET_INFO', 'GET_DEST']);
    expect(asked(...servers('10.0.0.1', '138.0.0.1'))).to.deep.equal([
      ...['GET_SERVICE', 'GET_INFO', 'GET_DEST', 'GET_DEST'],
    ]);
  });
});
