/** Dumps that repeat entries, as they do under change. */
import { expect } from 'chai';
import type { TransportSync } from '@ipvs-ts/netlink';
import { doubleTransportSync, NLM_F, NLMSG } from '@ipvs-ts/netlink/testing';
import { calls, IpvsSync } from '../../../dist/index.js';
import { IpvsKernel } from '../../../dist/testing.js';

/** Returns each part of a dump twice. */
function repeating(transport: TransportSync): { transport: TransportSync; sends: () => number } {
  let again: Uint8Array | undefined;
  let sends = 0;
  return {
    sends: () => sends,
    transport: {
      capacity: transport.capacity,
      send: (bytes) => {
        sends++;
        transport.send(bytes);
      },
      receive: () => {
        const repeated = again;
        again = undefined;
        if (repeated !== undefined) return repeated;
        const datagram = transport.receive();
        if (datagram === undefined) return undefined;
        const view = new DataView(datagram.buffer, datagram.byteOffset);
        const isPart = view.getUint16(4, true) > NLMSG.MIN_TYPE && view.getUint16(6, true) === NLM_F.MULTI;
        if (isPart) again = datagram.slice();
        return datagram;
      },
      close: () => {
        transport.close();
      },
    },
  };
}

describe('a dump that repeats entries', () => {
  for (const count of [3, 200]) {
    it(`gives each of ${count} once, after other tries`, () => {
      const kernel = new IpvsKernel({ module: 'loaded' });
      const { transport, sends } = repeating(doubleTransportSync(kernel));
      using ipvs = IpvsSync.open({ transport });
      ipvs.addService('tcp:192.0.2.1:80');
      const keys = Array.from({ length: count }, (_, index) => `10.0.${index >> 8}.${index & 255}:80`);
      ipvs.batch(keys.map((key) => calls.addDestination('tcp:192.0.2.1:80', key)));
      const before = sends();
      const found = ipvs.destinations('tcp:192.0.2.1:80').map(({ key }) => key);
      expect(found.sort()).to.deep.equal(keys.sort());
      expect(sends() - before).to.equal(4);
    });
  }
});
