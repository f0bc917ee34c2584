import { expect } from 'chai';
import { LITTLE_ENDIAN } from '@ipvs-ts/netlink';
import { IpvsSync } from '@ipvs-ts/ipvs';
import { doubleTransportSync, IpvsKernel, type IpvsKernelOptions } from '@ipvs-ts/ipvs/testing';
import { bytesOf, extras, hexOf, MACHINES } from '../vectors/recordings.js';

const WEB = 'tcp:192.0.2.10:80';
const FIRST = '10.0.0.1:80';
const NOTHING = { connections: 0n, inPackets: 0n, outPackets: 0n, inBytes: 0n, outBytes: 0n };

function withDestination(options: IpvsKernelOptions = {}): { kernel: IpvsKernel; ipvs: IpvsSync } {
  const kernel = new IpvsKernel(options);
  const ipvs = IpvsSync.open({ transport: doubleTransportSync(kernel) });
  ipvs.addService(WEB);
  ipvs.addDestination(WEB, FIRST);
  return { kernel, ipvs };
}

/** The destination that the recordings of real traffic show. */
function replayTraffic(kernel: IpvsKernel, inBytes: number, outBytes: number): Uint8Array {
  const ipvs = IpvsSync.open({ transport: doubleTransportSync(kernel) });
  ipvs.addService('tcp:10.99.0.2:8001');
  ipvs.addDestination('tcp:10.99.0.2:8001', '10.98.0.1:8001', { forwarding: 'masq' });
  kernel.count('tcp:10.99.0.2:8001', '10.98.0.1:8001', {
    stats: { connections: 1, inPackets: 3, outPackets: 2, inBytes: 164, outBytes: 124 },
    rates: { inBytes, outBytes },
    activeConnections: 1,
    persistentConnections: 1,
  });
  ipvs.destinations('tcp:10.99.0.2:8001');
  return kernel.handle(kernel.requests.at(-1)?.bytes ?? new Uint8Array())[0] as Uint8Array;
}

describe('counters of an IpvsKernel', () => {
  it('count for a destination and its service', () => {
    const { kernel, ipvs } = withDestination();
    kernel.count(WEB, FIRST, { stats: { connections: 2, inBytes: 1n << 40n }, rates: { inPackets: 5 } });
    kernel.count(WEB, FIRST, { stats: { connections: 1 }, activeConnections: 3 });
    kernel.count(WEB, undefined, { stats: { connections: 10 } });
    const [destination] = ipvs.destinations(WEB);
    expect(destination).to.include({ activeConnections: 3, inactiveConnections: 0 });
    expect(destination?.stats).to.deep.equal({ ...NOTHING, connections: 3n, inBytes: 1n << 40n });
    expect(destination?.rates.inPackets).to.equal(5);
    expect(ipvs.service(WEB).stats).to.deep.equal({ ...NOTHING, connections: 13n, inBytes: 1n << 40n });
  });

  it('are refused for what is not there', () => {
    const { kernel } = withDestination();
    expect(() => kernel.count('tcp:192.0.2.10:81', undefined, {})).to.throw(RangeError, 'no service');
    expect(() => kernel.count(WEB, '10.0.0.2:80', {})).to.throw(RangeError, 'no destination');
    expect(() => kernel.count('fwmark:1', undefined, {})).to.throw(RangeError, 'no service');
  });

  it('are zeroed, and connections stay', () => {
    const { kernel, ipvs } = withDestination();
    ipvs.addService('udp:192.0.2.10:53');
    const traffic = { stats: { connections: 1 }, rates: { connections: 1 }, inactiveConnections: 4 };
    for (const zero of [() => ipvs.zero(WEB), () => ipvs.zero()]) {
      kernel.count(WEB, FIRST, traffic);
      kernel.count('udp:192.0.2.10:53', undefined, { stats: { connections: 1 } });
      zero();
      const [destination] = ipvs.destinations(WEB);
      expect(destination?.stats).to.deep.equal(NOTHING);
      expect(destination?.rates.connections).to.equal(0);
      expect(destination?.inactiveConnections).to.equal(4);
      expect(ipvs.service(WEB).stats).to.deep.equal(NOTHING);
    }
    expect(ipvs.service('udp:192.0.2.10:53').stats).to.deep.equal(NOTHING);
  });

  for (const machine of MACHINES) {
    it(`are written as a real kernel wrote them after traffic, on ${machine}`, () => {
      const recording = extras('6.1', machine).find(({ name }) => name?.startsWith('dest-with-counters'));
      const due = bytesOf(recording?.replies[0]?.hex ?? '');
      const view = new DataView(due.buffer);
      // The rates, the sequence number and the port id are as they happened to be.
      const kernel = new IpvsKernel({ machine, portId: view.getUint32(12, LITTLE_ENDIAN) });
      const got = machine === 'uml' ? replayTraffic(kernel, 15, 12) : replayTraffic(kernel, 20, 15);
      new DataView(got.buffer, got.byteOffset).setUint32(8, view.getUint32(8, LITTLE_ENDIAN), LITTLE_ENDIAN);
      expect(hexOf(got)).to.equal(hexOf(due));
    });
  }
});

describe('the trash of an IpvsKernel', () => {
  /** Deletes the destination and adds it again after `wait` milliseconds; the connections that it then has counted. */
  function readded(
    wait: number,
    between: (ipvs: IpvsSync) => void = () => undefined,
    active = 0,
  ): bigint | undefined {
    let now = 0;
    const { kernel, ipvs } = withDestination({ now: () => now });
    kernel.count(WEB, FIRST, { stats: { connections: 5 }, activeConnections: active });
    ipvs.deleteDestination(WEB, FIRST);
    between(ipvs);
    now += wait;
    ipvs.addDestination(WEB, FIRST, { weight: 9 });
    const [destination] = ipvs.destinations(WEB);
    expect(destination).to.include({
      weight: 9,
      activeConnections: wait < 120_000 ? active : destination?.activeConnections,
    });
    return destination?.stats.connections;
  }

  it('keeps a deleted destination for two minutes', () => {
    expect(readded(0)).to.equal(5n);
    expect(readded(119_999)).to.equal(5n);
    expect(readded(120_000)).to.equal(0n);
  });

  it('keeps one with connections for longer', () => {
    expect(readded(500_000, () => undefined, 2)).to.equal(5n);
  });

  it('forgets the counters when the service was added again', () => {
    const anew = (ipvs: IpvsSync): void => {
      ipvs.deleteService(WEB);
      ipvs.addService(WEB);
    };
    expect(readded(0, anew, 2)).to.equal(0n);
  });

  it('removes the destinations of a deleted service', () => {
    const { kernel, ipvs } = withDestination();
    kernel.count(WEB, FIRST, { activeConnections: 2 });
    ipvs.flush();
    ipvs.addService(WEB);
    ipvs.addDestination(WEB, FIRST);
    expect(ipvs.destinations(WEB)[0]?.activeConnections).to.equal(2);
  });
});

describe('the connection table of an IpvsKernel', () => {
  it('has one size up to 7.0', () => {
    expect(withDestination().ipvs.info().connectionTableSize).to.equal(4096);
  });

  it('grows with connections on 7.2, up to a limit', () => {
    const kernel = new IpvsKernel({ kernel: '7.2' });
    const ipvs = IpvsSync.open({ transport: doubleTransportSync(kernel) });
    const size = (): number => ipvs.info().connectionTableSize;
    expect(size()).to.equal(0);
    ipvs.addService(WEB);
    ipvs.addDestination(WEB, FIRST);
    expect(size()).to.equal(256);
    for (const [activeConnections, due] of [
      [50, 1024],
      [250, 4096],
      [5000, 4096],
      [0, 4096],
    ] as const) {
      kernel.count(WEB, FIRST, { activeConnections });
      expect(size()).to.equal(due);
    }
    ipvs.flush();
    expect(size()).to.equal(4096);
  });
});
