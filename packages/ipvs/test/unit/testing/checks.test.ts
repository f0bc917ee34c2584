import { expect } from 'chai';
import { IpvsSync, isArgumentError } from '@ipvs-ts/ipvs';
import { doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';

const WEB = 'tcp:192.0.2.10:80';
const FIRST = '10.0.0.1:80';

/** The error of `work`, which must be one about an argument. */
function refused(work: () => unknown, what: string): Error & { path: string } {
  try {
    work();
  } catch (error) {
    expect(isArgumentError(error), `${what}: ${String(error)}`).to.equal(true);
    return error as Error & { path: string };
  }
  throw new Error(`${what}: nothing was thrown`);
}

describe('the options of an IpvsKernel', () => {
  describe('as traffic', () => {
    const kernel = new IpvsKernel();
    const ipvs = IpvsSync.open({ transport: doubleTransportSync(kernel) });
    ipvs.addService(WEB);
    ipvs.addDestination(WEB, FIRST);
    const before = JSON.stringify(ipvs.table(), (_, value: unknown) => String(value));

    const cases: [traffic: unknown, kind: 'TypeError' | 'RangeError', path: string, allowed: string][] = [
      ...['activeConnections', 'inactiveConnections', 'persistentConnections'].flatMap(
        (name): typeof cases => [
          ...[-2, -1, 0.5, 2 ** 31, NaN, Infinity].map((value): (typeof cases)[number] => [
            { [name]: value },
            'RangeError',
            `traffic.${name}`,
            'an integer from 0 to 2147483647',
          ]),
          ...['3', 3n, null, true, {}].map((value): (typeof cases)[number] => [
            { [name]: value },
            'TypeError',
            `traffic.${name}`,
            'an integer from 0',
          ]),
        ],
      ),
      ...['stats', 'rates'].flatMap((set): typeof cases => [
        ...['connections', 'inPackets', 'outPackets', 'inBytes', 'outBytes'].flatMap((name): typeof cases => [
          ...[-1, -1n, 1.5, 2 ** 53, 1n << 64n, NaN, -Infinity].map((value): (typeof cases)[number] => [
            { [set]: { [name]: value } },
            'RangeError',
            `traffic.${set}.${name}`,
            'an integer from 0 to 18446744073709551615',
          ]),
          ...['1', null, false, []].map((value): (typeof cases)[number] => [
            { [set]: { [name]: value } },
            'TypeError',
            `traffic.${set}.${name}`,
            'an integer from 0',
          ]),
        ]),
        [{ [set]: { packets: 1 } }, 'TypeError', `traffic.${set}.packets`, 'inPackets'],
        [{ [set]: 5 }, 'TypeError', `traffic.${set}`, 'an object'],
        [{ [set]: null }, 'TypeError', `traffic.${set}`, 'an object'],
      ]),
      [{ connections: 3 }, 'TypeError', 'traffic.connections', 'activeConnections'],
      [{ weight: 3 }, 'TypeError', 'traffic.weight', 'stats'],
      [5, 'TypeError', 'traffic', 'an object'],
      [null, 'TypeError', 'traffic', 'an object'],
      [undefined, 'TypeError', 'traffic', 'an object'],
    ];

    it('is refused by name and range if a kernel could not have counted it, and changes nothing', () => {
      for (const [traffic, kind, path, allowed] of cases) {
        const what = JSON.stringify(traffic, (_, value: unknown) =>
          typeof value === 'bigint' || typeof value === 'number' ? String(value) : value,
        );
        // Something valid beside it is not recorded either.
        const mixed =
          typeof traffic === 'object' && traffic !== null
            ? { stats: { connections: 1 }, ...traffic }
            : traffic;
        const error = refused(() => kernel.count(WEB, FIRST, mixed as never), what);
        expect(error.name, what).to.equal(kind);
        expect(error.path, what).to.equal(path);
        expect(error.message, what).to.contain(allowed);
      }
      expect(JSON.stringify(ipvs.table(), (_, value: unknown) => String(value))).to.equal(before);
    });

    it('is refused for a service if it is connections', () => {
      for (const name of ['activeConnections', 'inactiveConnections', 'persistentConnections']) {
        const error = refused(() => kernel.count(WEB, undefined, { [name]: 1 }), name);
        expect(error.message).to.contain(`traffic.${name}: only a destination has connections`);
      }
    });

    it('is refused for invalid keys', () => {
      for (const key of ['tcp:192.0.2.10', 'http:192.0.2.10:80', 5, null])
        refused(() => kernel.count(key as never, undefined, {}), String(key));
      for (const key of ['10.0.0.1:99999', '10.0.0.1', 5])
        refused(() => kernel.count(WEB, key as never, {}), String(key));
    });

    it('may be any count that a kernel can hold', () => {
      kernel.count(WEB, FIRST, {
        stats: {
          connections: Number.MAX_SAFE_INTEGER,
          inBytes: (1n << 64n) - 1n,
          outBytes: undefined as never,
        },
        rates: { inBytes: 0, outBytes: 1n },
        activeConnections: 2 ** 31 - 1,
        inactiveConnections: 0,
        persistentConnections: undefined,
      });
      kernel.count(WEB, FIRST, { stats: { inBytes: 2 } });
      const [destination] = ipvs.destinations(WEB);
      expect(destination).to.include({
        activeConnections: 2 ** 31 - 1,
        inactiveConnections: 0,
        persistentConnections: 0,
      });
      expect(destination?.stats).to.include({ connections: 2n ** 53n - 1n, inBytes: 1n });
    });
  });

  it('as options is refused by name and range', () => {
    const cases: [options: unknown, kind: 'TypeError' | 'RangeError', path: string][] = [
      [{ kernel: '6.2' }, 'RangeError', 'options.kernel'],
      [{ kernel: 6.1 }, 'TypeError', 'options.kernel'],
      [{ machine: 'arm64' }, 'RangeError', 'options.machine'],
      [{ module: 'missing' }, 'RangeError', 'options.module'],
      [{ module: true }, 'TypeError', 'options.module'],
      ...['permission', 'ipv6', 'addresses', 'limitsThresholds', 'loseDaemonAnswers'].map(
        (name): (typeof cases)[number] => [{ [name]: 1 }, 'TypeError', `options.${name}`],
      ),
      [{ schedulers: 'rr' }, 'TypeError', 'options.schedulers'],
      [{ schedulers: ['rr', 5] }, 'TypeError', 'options.schedulers[1]'],
      [{ schedulers: ['a name of sixteen'] }, 'RangeError', 'options.schedulers[0]'],
      [{ engines: ['x'.repeat(16)] }, 'RangeError', 'options.engines[0]'],
      [{ engines: {} }, 'TypeError', 'options.engines'],
      [{ hz: 0 }, 'RangeError', 'options.hz'],
      [{ hz: 250.5 }, 'RangeError', 'options.hz'],
      [{ hz: '250' }, 'TypeError', 'options.hz'],
      [{ interfaces: ['lo'] }, 'TypeError', 'options.interfaces'],
      [{ interfaces: { eth0: 67 } }, 'RangeError', 'options.interfaces.eth0'],
      [{ interfaces: { eth0: '1500' } }, 'TypeError', 'options.interfaces.eth0'],
      [{ interfaces: { 'eth 0': 1500 } }, 'RangeError', 'a name in options.interfaces'],
      [{ now: 5 }, 'TypeError', 'options.now'],
      [{ chunkBytes: 0 }, 'RangeError', 'options.chunkBytes'],
      [{ portId: 0 }, 'RangeError', 'options.portId'],
      [{ portId: 2 ** 32 }, 'RangeError', 'options.portId'],
      [{ kernal: '6.1' }, 'TypeError', 'options.kernal'],
      [null, 'TypeError', 'options'],
      ['6.1', 'TypeError', 'options'],
    ];
    for (const [options, kind, path] of cases) {
      const error = refused(() => new IpvsKernel(options as never), JSON.stringify(options));
      expect([error.name, error.path], JSON.stringify(options)).to.deep.equal([kind, path]);
    }
  });

  it('as options may be undefined', () => {
    const kernel = new IpvsKernel({
      kernel: undefined,
      hz: undefined,
      interfaces: undefined,
      now: undefined,
    });
    expect(kernel.familyId).to.equal(32);
  });

  it('as faults is refused', () => {
    const kernel = new IpvsKernel();
    for (const errno of [0, -12, 1.5, NaN, 4096])
      expect(refused(() => kernel.failNext('NEW_DEST', errno), String(errno)).message).to.contain(
        'errno must be an integer from 1 to 4095',
      );
    expect(refused(() => kernel.failNext('NEW_DEST', 'ENOMEM' as never), 'ENOMEM').name).to.equal(
      'TypeError',
    );
    for (const operation of ['NEW_SERVER', 'new_dest', '', 5, undefined])
      expect(() => kernel.failNext(operation as never, 12)).to.throw(TypeError, 'is none of NEW_SERVICE');
    for (const kept of [-1, 0.5, NaN]) refused(() => kernel.overrunNext(kept), String(kept));
    expect(refused(() => kernel.overrunNext('1' as never), '"1"').name).to.equal('TypeError');
    expect(refused(() => kernel.handle('x' as never), 'x').path).to.equal('request');
  });
});
