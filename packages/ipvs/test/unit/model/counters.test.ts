/** Readings with and without counters: the same but for them. */
import { expect } from 'chai';
import { IpvsSync, calls } from '../../../dist/index.js';
import { IpvsKernel } from '../../../dist/testing.js';
import { doubleTransportSync } from '@ipvs-ts/netlink/testing';

const UNCOUNTED = { counters: false } as const;

describe('readings without counters', () => {
  const ipvs = IpvsSync.open({ transport: doubleTransportSync(new IpvsKernel({ module: 'loaded' })) });
  before(() => {
    const results = ipvs.batch([
      calls.addService('tcp:192.0.2.1:443', {
        scheduler: 'mh',
        flags: ['mh-port'],
        persistence: { timeout: 60, netmask: '255.255.255.0' },
      }),
      calls.addService('udp:[2001:db8::1]:53', { onePacket: true }),
      calls.addService('fwmark6:9', { scheduler: 'rr' }),
      calls.addDestination('tcp:192.0.2.1:443', '10.0.0.1:443', {
        forwarding: 'tunnel',
        tunnel: { type: 'gue', port: 6080, checksum: 'csum' },
        weight: 2_147_483_647,
        upperThreshold: 9,
        lowerThreshold: 8,
      }),
      calls.addDestination('tcp:192.0.2.1:443', '[2001:db8::2]:443', { forwarding: 'tunnel' }),
      calls.addDestination('udp:[2001:db8::1]:53', '[2001:db8::3]:65535', { forwarding: 'masq', weight: 0 }),
    ]);
    expect(results.map(({ ok }) => ok)).to.deep.equal(Array.from(results, () => true));
  });
  after(() => {
    ipvs.close();
  });

  it('return everything else', () => {
    const whole = ipvs.table();
    expect(whole).to.have.length(3);
    const bare = (item: object): object => ({ ...item, stats: undefined, rates: undefined });
    expect(ipvs.table(UNCOUNTED)).to.deep.equal(
      whole.map(({ service, destinations }) => ({
        service: bare(service),
        destinations: destinations.map(bare),
      })),
    );
    expect(ipvs.services({ ...UNCOUNTED, consistency: 'verified' })).to.deep.equal(
      whole.map(({ service }) => bare(service)),
    );
    expect(ipvs.destinations('tcp:192.0.2.1:443', UNCOUNTED)).to.deep.equal(
      ipvs.destinations('tcp:192.0.2.1:443').map(bare),
    );
  });

  it('have counters by default', () => {
    expect(ipvs.services().every(({ stats, rates }) => stats.inBytes === 0n && rates.inBytes === 0)).to.equal(
      true,
    );
  });
});
