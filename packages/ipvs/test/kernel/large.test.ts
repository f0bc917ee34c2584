import { expect } from 'chai';
import { type Call, calls, Ipvs } from '@ipvs-ts/ipvs';
import { Namespace } from './namespace.js';

describe('large tables on this kernel', function () {
  this.timeout(240_000);
  let netns: Namespace;
  let ipvs: Ipvs;

  beforeEach(async () => {
    netns = new Namespace();
    ipvs = await Ipvs.open({ netns: netns.path });
  });
  afterEach(async () => {
    await ipvs.flush();
    await ipvs.close();
    netns.delete();
  });

  it('50 000 services are written and read whole', async () => {
    const batch: Call<void>[] = Array.from({ length: 50_000 }, (_, index) =>
      calls.addService({ fwmark: index + 1, family: index % 2 === 0 ? 'ipv4' : 'ipv6' }, { scheduler: 'rr' }),
    );
    expect((await ipvs.batch(batch)).every(({ ok }) => ok)).to.equal(true);
    const found = await ipvs.services();
    expect(found.length).to.equal(50_000);
    expect(new Set(found.map((service) => service.fwmark)).size).to.equal(50_000);
  });

  it('5 000 destinations of one service are written and read whole', async () => {
    await ipvs.addService('fwmark:1', { scheduler: 'rr' });
    const address = (index: number): string => `10.1.${index >> 8}.${index & 255}:80`;
    const batch = Array.from({ length: 5000 }, (_, index) =>
      calls.addDestination('fwmark:1', address(index), { weight: index }),
    );
    expect((await ipvs.batch(batch)).every(({ ok }) => ok)).to.equal(true);
    const found = await ipvs.destinations('fwmark:1', { consistency: 'verified' });
    expect(found.map(({ key, weight }) => [key, weight])).to.deep.equal(
      Array.from({ length: 5000 }, (_, index) => [address(4999 - index), 4999 - index]),
    );
  });
});
