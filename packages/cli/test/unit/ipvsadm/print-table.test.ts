import { expect } from 'chai';
import fc from 'fast-check';
import { type Call, IpvsSync } from '@ipvs-ts/ipvs';
import type { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { IpvsVerbsSync, makeCalls } from '@ipvs-ts/ipvs/verbs-sync';
import type { TransportSync } from '@ipvs-ts/netlink';
import { doubleTransportSync } from '@ipvs-ts/netlink/testing';
import { main } from '../../../dist/ipvsadm/main.js';
import { trial, withoutWebAssembly } from '../fake-ipvs.js';
import { editing, edits, kernelOf, kernels } from './random-kernel.js';

const calls = makeCalls('kernel');

const LAYOUTS = ['', '--stats', '--rate', '--thresholds', '--persistent-conn', '--tun-info'];
const VIEWS = [
  ...LAYOUTS.flatMap((layout) => [`-ln ${layout}`, `-ln ${layout} --exact`]),
  ...['-S -n', '-ln --nosort', '-ln --stats --nosort'],
];

interface Listing {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** The operations that were asked for. */
  readonly asked: readonly string[];
}

/** What a command line prints, by two makers of lines or one of them. */
function listed(
  kernel: IpvsKernel,
  words: string,
  { fast = true, ordinary = true, wrap = (inner: TransportSync) => inner } = {},
): Listing {
  kernel.requests.length = 0;
  const io = trial(
    {},
    {
      open: () => {
        const ipvs = IpvsVerbsSync.open({ transport: wrap(doubleTransportSync(kernel)), checks: 'kernel' });
        if (!fast) ipvs.bulkListing = () => undefined;
        if (!ordinary)
          ipvs.services = ipvs.destinations = () => {
            throw new Error('the ordinary reading');
          };
        return ipvs;
      },
    },
  );
  const status = main(words.trim().split(/ +/), io);
  return {
    status,
    out: io.out,
    err: io.err,
    asked: kernel.requests.map(({ operation }) => operation ?? ''),
  };
}

/** A table with everything that is usual. */
function usual(): IpvsKernel {
  const kernel = kernelOf([
    calls.addService('tcp:10.0.0.2:80', { scheduler: 'wlc' }),
    calls.addDestination('tcp:10.0.0.2:80', '10.0.1.1:80', { weight: 1_000_000, upperThreshold: 7 }),
    calls.addDestination('tcp:10.0.0.2:80', '200.0.1.1:80', { forwarding: 'masq' }),
    calls.addService('udp:10.0.0.1:80', {
      persistence: { timeout: 300, netmask: 24, engine: 'sip' },
      onePacket: true,
    }),
    calls.addDestination('udp:10.0.0.1:80', '10.0.1.1:80', { forwarding: 'tunnel' }),
    calls.addService('tcp:[2001:db8::1]:443', { scheduler: 'mh', flags: ['mh-port', 'mh-fallback'] }),
    calls.addDestination('tcp:[2001:db8::1]:443', '[2001:db8:0:1::ffff]:443', {
      forwarding: 'tunnel',
      tunnel: { type: 'gue', port: 6080, checksum: 'remcsum' },
    }),
    calls.addService('fwmark:4294967295'),
    calls.addDestination('fwmark:4294967295', '10.0.1.1:0'),
    calls.addService('fwmark6:7', { persistence: { timeout: 60, netmask: 64 } }),
    calls.addDestination('fwmark6:7', '[2001:db8::9]:0'),
  ]);
  kernel.count('tcp:10.0.0.2:80', '10.0.1.1:80', {
    stats: { connections: 12, inBytes: 10n ** 16n, outBytes: 2n ** 64n - 1n },
    rates: { connections: 123_456_789, inBytes: 2 ** 40 },
    activeConnections: 3,
  });
  return kernel;
}

describe('the table', () => {
  for (const words of VIEWS) {
    it(`is the same text by both makers: ${words}`, function () {
      this.timeout(60_000);
      fc.assert(
        fc.property(kernels, (make) => {
          const kernel = make();
          const [own, ordinary] = [listed(kernel, words), listed(kernel, words, { fast: false })];
          expect(own.out).to.equal(ordinary.out);
          expect(own.status).to.equal(0);
          expect(own.err).to.equal('');
        }),
        { numRuns: 60 },
      );
    });
  }

  it('is the same text by both makers where answers are unusual', function () {
    this.timeout(120_000);
    fc.assert(
      fc.property(
        kernels,
        fc.constantFrom(...VIEWS),
        edits,
        fc.integer({ min: 1, max: 3 }),
        (make, words, edit, every) => {
          const kernel = make();
          const wrap = (inner: TransportSync): TransportSync => editing(inner, edit, every);
          const own = listed(kernel, words, { wrap });
          const ordinary = listed(kernel, words, { wrap, fast: false });
          // Where only some messages are edited, which these are depends on what was read before.
          if (every > 1 && own.asked.length !== ordinary.asked.length) return;
          const { asked: _, ...expected } = ordinary;
          expect(own).to.deep.include(expected);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is printed by the fast maker if it is a usual one', () => {
    for (const words of VIEWS) {
      const { out, asked } = listed(usual(), words);
      expect(out).to.equal(listed(usual(), words, { fast: false }).out);
      // The ordinary reading asks for as much: whether it was used shows when it fails.
      expect(listed(usual(), words, { ordinary: false }).out).to.equal(out);
      expect(asked.filter((each) => each === 'GET_DEST')).to.have.length(5);
      expect(asked.filter((each) => each === 'GET_SERVICE')).to.have.length(1);
    }
  });

  it('takes one request a service, one more for those without destinations', () => {
    const kernel = kernelOf([
      calls.addService('tcp:10.0.0.1:80'),
      calls.addDestination('tcp:10.0.0.1:80', '10.0.1.1:80', { weight: 1_000 }),
      calls.addService('tcp:10.0.0.2:80', { persistence: { timeout: 300 } }),
      calls.addDestination('tcp:10.0.0.2:80', '10.0.1.1:80'),
      calls.addService('udp:10.0.0.1:80'),
    ]);
    const { out, asked } = listed(kernel, '-ln');
    const operations = ['GET_SERVICE', 'GET_INFO', 'GET_DEST', 'GET_DEST', 'GET_DEST', 'GET_SERVICE'];
    expect(asked.slice(2)).to.deep.equal(operations);
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
    for (const words of VIEWS) {
      const { out, asked } = listed(usual(), words);
      const without = withoutWebAssembly(() => listed(usual(), words));
      expect(without.out).to.equal(out);
      expect(without.asked).to.have.members(asked);
    }
  });

  it('is complete if it exceeds the memory of the fast maker', function () {
    this.timeout(60_000);
    const batch: Call[] = [calls.addService('tcp:[2001:db8::1]:80'), calls.addService('tcp:10.0.0.1:80')];
    for (let index = 0; index < 1_200; index++) {
      batch.push(calls.addDestination('tcp:[2001:db8::1]:80', `[2001:db8::${index.toString(16)}:1]:8080`));
      if (index % 4 === 0)
        batch.push(
          calls.addDestination('tcp:10.0.0.1:80', `${index % 250}.2.${index >> 8}.${index & 255}:80`),
        );
    }
    for (let index = 0; index < 600; index++)
      batch.push(
        calls.addService(`udp:10.3.${index >> 8}.${(index * 7) & 255}:53`),
        calls.addDestination(`udp:10.3.${index >> 8}.${(index * 7) & 255}:53`, '10.4.0.1:53', {
          forwarding: 'masq',
        }),
      );
    const kernel = kernelOf(batch);
    for (const words of ['-ln', '-S -n', '-ln --stats'])
      expect(listed(kernel, words).out === listed(kernel, words, { fast: false }).out, words).to.equal(true);
  });

  it('omits a service that is deleted while it is read', () => {
    const kernel = kernelOf([calls.addService('tcp:10.0.0.1:80'), calls.addService('tcp:10.0.0.2:80')]);
    let sends = 0;
    const wrap = (inner: TransportSync): TransportSync => ({
      capacity: inner.capacity,
      // Family, two times information and the services have been read.
      send: (bytes) => {
        if (++sends === 5)
          IpvsSync.open({ transport: doubleTransportSync(kernel) }).deleteService('tcp:10.0.0.1:80');
        inner.send(bytes);
      },
      receive: () => inner.receive(),
      close: () => undefined,
    });
    const { status, out } = listed(kernel, '-ln', { wrap });
    expect(status).to.equal(0);
    expect(out.split('\n').slice(3)).to.deep.equal(['TCP  10.0.0.2:80 wlc', '']);
  });
});
