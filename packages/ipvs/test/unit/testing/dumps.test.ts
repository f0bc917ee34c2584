import { expect } from 'chai';
import { IpvsSync } from '@ipvs-ts/ipvs';
import { doubleTransportSync, IpvsKernel, OVERRUN } from '@ipvs-ts/ipvs/testing';

function open(kernel: IpvsKernel): IpvsSync {
  return IpvsSync.open({ transport: doubleTransportSync(kernel) });
}

describe('dumps of an IpvsKernel', () => {
  it('come in datagrams of a size that is asked for', () => {
    const kernel = new IpvsKernel({ chunkBytes: 1000 });
    const ipvs = open(kernel);
    for (let port = 1; port <= 10; port++) ipvs.addService(`tcp:192.0.2.10:${port}`);
    expect(ipvs.services().length).to.equal(10);
    const dump = kernel.requests.at(-1)?.bytes ?? new Uint8Array();
    const sizes = kernel.handle(dump).map((answer) => (answer === OVERRUN ? 0 : answer.length));
    expect(sizes).to.deep.equal([960, 960, 960, 320, 20]);
  });

  it('list services in an arbitrary order, which stays the same until something changes', () => {
    const ipvs = open(new IpvsKernel());
    const names = Array.from({ length: 20 }, (_, index) => `tcp:192.0.2.10:${index + 1}`);
    for (const name of names) ipvs.addService(name);
    ipvs.addService('fwmark:1');
    const keys = ipvs.services().map(({ key }) => key);
    expect(keys).not.to.deep.equal([...names, 'fwmark:1']);
    expect(keys.at(-1)).to.equal('fwmark:1');
    expect(ipvs.services().map(({ key }) => key)).to.deep.equal(keys);
    ipvs.flush();
    for (const name of names) ipvs.addService(name);
    expect(ipvs.services().map(({ key }) => key)).to.deep.equal(keys.slice(0, -1));
  });

  it('have another order on 7.2 whenever the table was empty', () => {
    const ipvs = open(new IpvsKernel({ kernel: '7.2' }));
    const fill = (): string[] => {
      for (let port = 1; port <= 20; port++) ipvs.addService(`tcp:192.0.2.10:${port}`);
      return ipvs.services().map(({ key }) => key);
    };
    const before = fill();
    ipvs.flush();
    const after = fill();
    expect(after).not.to.deep.equal(before);
    expect(after.sort()).to.deep.equal(before.sort());
  });
});
