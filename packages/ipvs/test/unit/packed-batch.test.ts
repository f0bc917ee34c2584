import { expect } from 'chai';
import { calls } from '@ipvs-ts/ipvs';
import { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { IpvsVerbsSync, type PackedBatch, type PlainService } from '@ipvs-ts/ipvs/verbs-sync';
import { doubleTransportSync } from '@ipvs-ts/netlink/testing';

const WEB: PlainService = { protocol: 6, address: 0xc000_020a, port: 80 };
const DNS: PlainService = { protocol: 17, address: 0xc000_020a, port: 53 };
const REAL = 0x0a00_0001;

function opened(capacity?: number): { kernel: IpvsKernel; ipvs: IpvsVerbsSync; batch: PackedBatch } {
  const kernel = new IpvsKernel({ module: 'loaded' });
  const ipvs = IpvsVerbsSync.open({ transport: doubleTransportSync(kernel, capacity) });
  return { kernel, ipvs, batch: ipvs.packedBatch() };
}

function refused(batch: PackedBatch): [index: number, verb: string, code: string][] {
  return batch.settle().map(({ index, call, error }) => [index, call.verb, error.code]);
}

describe('packed batches', () => {
  it('do what calls of the same values do', () => {
    const { ipvs, batch } = opened();
    batch.addService(WEB, 'wrr');
    batch.addService(DNS, 'rr');
    batch.addDestination(WEB, REAL, 8080, 'masq', 3);
    batch.addDestination(WEB, REAL + 1, 80, 'route', 0);
    batch.addDestination(DNS, REAL, 53, 'masq', 65_535);
    batch.add(calls.addService('fwmark6:7', { scheduler: 'sh', persistence: { timeout: 60 } }));
    batch.add(calls.setDestination('udp:192.0.2.10:53', '10.0.0.1:53', { forwarding: 'masq', weight: 9 }));
    expect(batch.size).to.equal(7);
    expect(refused(batch)).to.deep.equal([]);
    expect(batch.size).to.equal(0);

    const other = opened().ipvs;
    other.addService('tcp:192.0.2.10:80', { scheduler: 'wrr' });
    other.addService('udp:192.0.2.10:53', { scheduler: 'rr' });
    other.addDestination('tcp:192.0.2.10:80', '10.0.0.1:8080', { forwarding: 'masq', weight: 3 });
    other.addDestination('tcp:192.0.2.10:80', '10.0.0.2:80', { forwarding: 'route', weight: 0 });
    other.addDestination('udp:192.0.2.10:53', '10.0.0.1:53', { forwarding: 'masq', weight: 9 });
    other.addService('fwmark6:7', { scheduler: 'sh', persistence: { timeout: 60 } });
    expect(ipvs.table()).to.deep.equal(other.table());
  });

  it('are sent in parts, refusals told by their place in all of them', () => {
    for (const capacity of [1, 3, 8192]) {
      const { kernel, ipvs, batch } = opened(capacity);
      for (let index = 0; index < 600; index++) {
        if (index % 100 === 0) batch.addService({ ...WEB, port: 1 + index / 100 }, 'rr');
        // Every seventh of them is there already.
        const real = index % 7 === 6 ? index - 1 : index;
        batch.addDestination({ ...WEB, port: 1 + Math.floor(index / 100) }, REAL + real, 80, 'masq', 1);
      }
      expect(batch.size).to.equal(606);
      const found = refused(batch);
      const expected = Array.from({ length: 600 }, (_, index) => index)
        .filter((index) => index % 7 === 6 && index % 100 !== 0)
        .map((index) => [
          index + 1 + Math.floor(index / 100),
          'addDestination',
          'ERR_IPVS_DESTINATION_EXISTS',
        ]);
      expect(found).to.deep.equal(expected);
      expect(ipvs.table().reduce((sum, { destinations }) => sum + destinations.length, 0)).to.equal(
        600 - expected.length,
      );
      expect(kernel.requests.filter(({ operation }) => operation === 'NEW_DEST')).to.have.length(600);
      expect(refused(batch)).to.deep.equal([]);
    }
  });

  it('find the family again when its module is loaded anew, and run each call once', () => {
    const { kernel, ipvs, batch } = opened();
    batch.addService(WEB, 'rr');
    kernel.reload();
    batch.addDestination(WEB, REAL, 80, 'masq', 5);
    batch.addDestination(DNS, REAL, 80, 'masq', 5);
    batch.add(calls.addService('fwmark:1'));
    expect(refused(batch)).to.deep.equal([[2, 'addDestination', 'ERR_IPVS_SERVICE_NOT_FOUND']]);
    batch.addService(DNS, 'rr');
    batch.addDestination(DNS, REAL, 53, 'masq', 5);
    expect(refused(batch)).to.deep.equal([]);
    expect(
      ipvs.table().map(({ service, destinations }) => [service.key, destinations.length]),
    ).to.have.deep.members([
      ['tcp:192.0.2.10:80', 1],
      ['udp:192.0.2.10:53', 1],
      ['fwmark:1', 0],
    ]);
  });

  it('tell a scheduler that is not known from a family that has moved', () => {
    const { ipvs, batch } = opened();
    batch.addService(WEB, 'nosuch');
    batch.addService(DNS, 'rr');
    expect(refused(batch)).to.deep.equal([[0, 'addService', 'ERR_IPVS_SCHEDULER_NOT_FOUND']]);
    expect(ipvs.services().map(({ key }) => key)).to.deep.equal(['udp:192.0.2.10:53']);
  });

  it('report no success that is not known', () => {
    const { kernel, batch } = opened();
    batch.addService(WEB, 'rr');
    batch.addService(WEB, 'rr');
    kernel.overrunNext();
    expect(refused(batch).map(([index, , code]) => [index, code])).to.deep.equal([
      [0, 'ERR_IPVS_NETLINK'],
      [1, 'ERR_IPVS_NETLINK'],
    ]);
  });
});
