import { expect } from 'chai';
import { calls } from '@ipvs-ts/ipvs';
import { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { type CallPattern, IpvsVerbsSync, type BulkBatch } from '@ipvs-ts/ipvs/verbs-sync';
import { doubleTransportSync } from '@ipvs-ts/netlink/testing';

const ANY = [0, 0xffff_ffff] as const;
const PORT = [1, 65_535] as const;

/** `PROTOCOL SCHEDULER ADDRESS:PORT` adds a service, `PROTOCOL ADDRESS:PORT WAY ADDRESS:PORT WEIGHT` a destination. */
const PATTERNS = (['tcp', 'udp'] as const).flatMap((protocol): CallPattern[] => [
  ...['rr', 'wrr', 'nosuch'].map((scheduler): CallPattern => ({
    text: `${protocol} ${scheduler} @:#\n`,
    limits: [ANY, PORT],
    call: calls.addService(`${protocol}:192.0.2.1:1`, { scheduler }),
    values: [['address'], ['port']],
  })),
  ...(['masq', 'route'] as const).map((forwarding): CallPattern => ({
    text: `${protocol} @:# ${forwarding} @:# #\n`,
    limits: [ANY, PORT, ANY, PORT, ANY],
    call: calls.addDestination(`${protocol}:192.0.2.1:1`, '192.0.2.1:1', { forwarding }),
    values: [['address'], ['port'], ['real'], ['realPort'], ['weight']],
  })),
]);

const WEB = '192.0.2.10:80';
const DNS = '192.0.2.10:53';

function opened(capacity?: number): {
  kernel: IpvsKernel;
  ipvs: IpvsVerbsSync;
  batch: BulkBatch;
  add: (...lines: string[]) => void;
} {
  const kernel = new IpvsKernel({ module: 'loaded' });
  const ipvs = IpvsVerbsSync.open({ transport: doubleTransportSync(kernel, capacity) });
  const batch = ipvs.bulkBatch();
  expect(batch.setPatterns(PATTERNS)).to.equal(true);
  const add = (...lines: string[]): void => {
    const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    expect(batch.addTexts(text, 0)).to.equal(text.length);
  };
  return { kernel, ipvs, batch, add };
}

function refused(batch: BulkBatch): [index: number, verb: string, code: string][] {
  return batch.settle().map(({ index, call, error }) => [index, call.verb, error.code]);
}

describe('packed batches', () => {
  it('do what calls of the same values do', () => {
    const { ipvs, batch, add } = opened();
    add(`tcp wrr ${WEB}`, `udp rr ${DNS}`);
    add(`tcp ${WEB} masq 10.0.0.1:8080 3`, `tcp ${WEB} route 10.0.0.2:80 0`);
    add(`udp ${DNS} masq 10.0.0.1:53 65535`);
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

  it('are sent in parts, refusals reported by their index in the whole', () => {
    for (const capacity of [1, 3, 8192]) {
      const { kernel, ipvs, batch, add } = opened(capacity);
      const lines = Array.from({ length: 600 }, (_, index) => {
        const service = `192.0.2.10:${1 + Math.floor(index / 100)}`;
        // Every seventh of them is there already.
        const real = index % 7 === 6 ? index - 1 : index;
        const line = `tcp ${service} masq 10.0.${real >> 8}.${real & 255}:80 1`;
        return index % 100 === 0 ? [`tcp rr ${service}`, line] : [line];
      });
      add(...lines.flat());
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

  it('find the family again when its module is reloaded, and run each call once', () => {
    const { kernel, ipvs, batch, add } = opened();
    add(`tcp rr ${WEB}`);
    kernel.reload();
    add(`tcp ${WEB} masq 10.0.0.1:80 5`, `udp ${DNS} masq 10.0.0.1:80 5`);
    batch.add(calls.addService('fwmark:1'));
    expect(refused(batch)).to.deep.equal([[2, 'addDestination', 'ERR_IPVS_SERVICE_NOT_FOUND']]);
    add(`udp rr ${DNS}`, `udp ${DNS} masq 10.0.0.1:53 5`);
    expect(refused(batch)).to.deep.equal([]);
    expect(
      ipvs.table().map(({ service, destinations }) => [service.key, destinations.length]),
    ).to.have.deep.members([
      ['tcp:192.0.2.10:80', 1],
      ['udp:192.0.2.10:53', 1],
      ['fwmark:1', 0],
    ]);
  });

  it('distinguish an unknown scheduler from a changed family number', () => {
    const { ipvs, batch, add } = opened();
    add(`tcp nosuch ${WEB}`, `udp rr ${DNS}`);
    expect(refused(batch)).to.deep.equal([[0, 'addService', 'ERR_IPVS_SCHEDULER_NOT_FOUND']]);
    expect(ipvs.services().map(({ key }) => key)).to.deep.equal(['udp:192.0.2.10:53']);
  });

  it('report no success that is not certain', () => {
    const { kernel, batch, add } = opened();
    add(`tcp rr ${WEB}`, `tcp rr ${WEB}`);
    kernel.overrunNext();
    expect(refused(batch).map(([index, , code]) => [index, code])).to.deep.equal([
      [0, 'ERR_IPVS_NETLINK'],
      [1, 'ERR_IPVS_NETLINK'],
    ]);
  });

  it('refuse patterns with values that calls lack', () => {
    const { batch } = opened();
    const service = PATTERNS[0] as CallPattern;
    expect(() => batch.setPatterns([{ ...service, values: [['real'], []] }])).to.throw(
      TypeError,
      'the request has no real',
    );
  });
});
