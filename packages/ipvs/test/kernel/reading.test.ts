import { NetlinkSocket, socketTransport, type Transport } from '@ipvs-ts/netlink';
import { expect } from 'chai';
import { calls, Ipvs, IpvsError, IpvsSync } from '@ipvs-ts/ipvs';
import { Namespace } from './namespace.js';

const key = (index: number): string => `tcp:10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:80`;

describe('reading the table of this kernel', () => {
  let netns: Namespace;
  let ipvs: Ipvs;
  let other: IpvsSync;

  beforeEach(async () => {
    netns = new Namespace();
    ipvs = await Ipvs.open({ netns: netns.path });
    other = IpvsSync.open({ netns: netns.path });
  });
  afterEach(async () => {
    await ipvs.close();
    other.close();
    netns.delete();
  });

  it('returns [] for an empty list, and an error for an unknown service', async () => {
    for (const consistency of ['single', 'verified'] as const) {
      expect(await ipvs.services({ consistency })).to.deep.equal([]);
      expect(await ipvs.table({ consistency })).to.deep.equal([]);
      const error = await ipvs.destinations(key(1), { consistency }).catch((each: unknown) => each);
      expect(IpvsError.is(error, 'ERR_IPVS_SERVICE_NOT_FOUND')).to.equal(true);
    }
    await ipvs.addService(key(1));
    expect(await ipvs.destinations(key(1), { consistency: 'verified' })).to.deep.equal([]);
  });

  it('returns every entry once, whatever the size', async () => {
    for (const size of [1, 101, 1000]) {
      await ipvs.flush();
      await ipvs.batch(Array.from({ length: size }, (_, index) => calls.addService(key(index))));
      const found = await ipvs.services({ consistency: 'verified' });
      expect(new Set(found.map((service) => service.key)).size).to.equal(size);
      expect(found.length).to.equal(size);
    }
    await ipvs.batch(
      Array.from({ length: 1000 }, (_, index) =>
        calls.addDestination(key(5), `10.200.${index >> 8}.${index & 255}:80`),
      ),
    );
    expect(new Set((await ipvs.destinations(key(5))).map((each) => each.key)).size).to.equal(1000);
  });

  it('never returns an entry twice while others write', async () => {
    other.batch(Array.from({ length: 400 }, (_, index) => calls.addService(key(index))));
    const stop = new AbortController();
    const writer = (async () => {
      const writerClient = await Ipvs.open({ netns: netns.path });
      for (let round = 0; !stop.signal.aborted; round++) {
        const change = round % 2 === 0 ? calls.addService : calls.deleteService;
        await writerClient.batch(Array.from({ length: 60 }, (_, index) => change(`udp:10.9.${index}.1:53`)));
      }
      await writerClient.close();
    })();
    for (let round = 0; round < 20; round++) {
      const keys = (await ipvs.services()).map((service) => service.key);
      expect(new Set(keys).size).to.equal(keys.length);
    }
    stop.abort();
    await writer;
    expect(
      (await ipvs.services({ consistency: 'verified' })).filter(({ protocol }) => protocol === 'tcp').length,
    ).to.equal(400);
  });

  it('rejects for a table that never stops changing', async () => {
    other.batch(Array.from({ length: 300 }, (_, index) => calls.addService(key(index))));
    // Another writer comes first whenever the table is about to be read.
    const socket = socketTransport(new NetlinkSocket({ netns: netns.path }));
    let changes = 0;
    const restless: Transport = {
      ...socket,
      send: async (bytes) => {
        other.setService(key(7), { persistence: { timeout: ++changes } });
        return socket.send(bytes);
      },
    };
    await using disturbed = await Ipvs.open({ transport: restless });
    const error = await disturbed.services({ consistency: 'verified' }).catch((each: unknown) => each);
    expect(IpvsError.is(error, 'ERR_IPVS_UNSTABLE'), String(error)).to.equal(true);
    expect((error as IpvsError).message).to.match(/changed each of 10 times/);
    expect((await ipvs.services({ consistency: 'verified' })).length).to.equal(300);
  });

  it('reads connections, totals, settings and features of the namespace it was opened in', async () => {
    netns.ip('addr', 'add', '10.9.0.1/32', 'dev', 'lo');
    const web = 'tcp:10.9.0.1:8080';
    await ipvs.addService(web, { scheduler: 'rr', persistence: { timeout: 30 } });
    await ipvs.addDestination(web, '10.9.0.1:8080', { forwarding: 'masq' });
    netns.run(
      'node',
      '-e',
      `
      const { createServer, connect } = require('net');
      createServer((socket) => socket.end('hello')).listen(8080, '10.9.0.1', () =>
        connect(8080, '10.9.0.1').on('close', () => process.exit()).resume());`,
    );
    const found = [];
    for await (const connection of ipvs.connections({ service: web })) found.push(connection);
    expect(found.map(({ template }) => template).sort()).to.deep.equal([false, true]);
    expect(found.find(({ template }) => !template)).to.deep.include({
      protocol: 'tcp',
      destination: { address: '10.9.0.1', port: 8080 },
    });
    expect([...other.connections({ state: 'NO_SUCH_STATE' })]).to.deep.equal([]);
    expect([...other.connections({ origins: true })].every(({ origin }) => origin === 'local')).to.equal(
      true,
    );

    const { cpus } = await ipvs.totals();
    expect(cpus.reduce((sum, { stats }) => sum + stats.connections, 0n)).to.equal(1n);

    await using outside = await Ipvs.open();
    expect((await outside.sysctls()).conntrack).to.equal(0);
    await ipvs.setSysctls({ conntrack: 1, expire_nodest_conn: 1, sync_threshold: [4, 60] });
    expect(other.sysctls()).to.deep.include({
      conntrack: 1,
      expire_nodest_conn: 1,
      sync_threshold: [4, 60],
    });
    expect((await outside.sysctls()).conntrack, 'of the other namespace').to.equal(0);
    other.setSysctls({ conntrack: 0 });

    expect((await ipvs.features()).stats64).to.equal(true);
    const features = other.features({ probe: true });
    expect(features).to.deep.include({
      stats64: true,
      mixedFamilies: true,
      tunnelTypes: true,
      tunnelChecksums: true,
      ipv6: true,
    });
    expect(features.schedulers).to.deep.include({ rr: true, wrr: true, mh: true });
    expect((await ipvs.services()).length, 'the probe leaves nothing').to.equal(1);
  });
});
