import { expect } from 'chai';
import { type DrainProgress, Ipvs, IpvsError } from '@ipvs-ts/ipvs';
import { Namespace } from './namespace.js';
import { SERVER, Traffic, VIRTUAL } from './traffic.js';

describe('drain on this kernel', () => {
  let netns: Namespace;
  let ipvs: Ipvs;
  let traffic: Traffic;

  before(async () => {
    netns = new Namespace();
    traffic = await Traffic.start(netns);
    ipvs = await Ipvs.open({ netns: netns.path });
  });
  after(async () => {
    await ipvs.close();
    await traffic.stop();
    netns.delete();
  });
  beforeEach(() => ipvs.flush());

  it('waits until the last connection is closed', async () => {
    await ipvs.addService(VIRTUAL.tcp, { scheduler: 'rr' });
    await ipvs.addDestination(VIRTUAL.tcp, SERVER.tcp, { forwarding: 'masq' });
    await traffic.tell('open');
    const last = await ipvs.drain(VIRTUAL.tcp, SERVER.tcp).catch((error: unknown) => error);
    expect(IpvsError.is(last, 'ERR_IPVS_LAST_DESTINATION')).to.equal(true);
    const seen: DrainProgress[] = [];
    const onProgress = (progress: DrainProgress): void => {
      seen.push(progress);
      if (seen.length === 3) void traffic.tell('close');
    };
    const options = { poll: 100, timeout: 30_000, evenLast: true, onProgress };
    const result = await ipvs.drain(VIRTUAL.tcp, SERVER.tcp, options);
    expect(result).to.include({ outcome: 'deleted', weight: 1 });
    expect(seen.slice(0, 3).map(({ waitingFor }) => waitingFor)).to.deep.equal([
      'active',
      'active',
      'active',
    ]);
    expect(seen[0]).to.include({ activeConnections: 1, expireQuiescentTemplate: false });
    expect(seen.at(-1)?.waitingFor).to.equal('settling');
    expect(await ipvs.destinations(VIRTUAL.tcp)).to.deep.equal([]);
  });

  it('does not drop a connection whose client has closed its direction and still reads', async () => {
    await ipvs.addService(VIRTUAL.tcp, { scheduler: 'rr' });
    await ipvs.addDestination(VIRTUAL.tcp, SERVER.slow, { forwarding: 'masq' });
    await traffic.tell('listen');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const [found] = await ipvs.destinations(VIRTUAL.tcp);
    expect(found).to.include({ activeConnections: 0, inactiveConnections: 1 });
    await ipvs.drain(VIRTUAL.tcp, SERVER.slow, { poll: 250, evenLast: true });
    expect(await traffic.tell('heard')).to.equal(String(50 * 20_000));
  });

  it('waits for templates unless the kernel stops honouring them', async () => {
    await ipvs.addService(VIRTUAL.tcp, { scheduler: 'rr', persistence: { timeout: 600 } });
    await ipvs.addDestination(VIRTUAL.tcp, SERVER.tcp, { forwarding: 'masq' });
    await traffic.tell('open');
    await traffic.tell('close');
    const options = { poll: 50, evenLast: true };
    const error = await ipvs
      .drain(VIRTUAL.tcp, SERVER.tcp, { ...options, timeout: 2000 })
      .catch((each: unknown) => each);
    if (!IpvsError.is(error, 'ERR_IPVS_DRAIN_TIMEOUT')) return expect.fail(String(error));
    expect(error.message).to.include('expire_quiescent_template');
    await ipvs.setSysctls({ expire_quiescent_template: 1 });
    const result = await ipvs.drain(VIRTUAL.tcp, SERVER.tcp, { ...options, timeout: 10_000 });
    expect(result.outcome).to.equal('deleted');
    await ipvs.setSysctls({ expire_quiescent_template: 0 });
    return undefined;
  });

  it('waits for silence of UDP', async () => {
    await ipvs.addService(VIRTUAL.udp, { scheduler: 'rr' });
    await ipvs.addDestination(VIRTUAL.udp, SERVER.udp, { forwarding: 'masq' });
    await traffic.tell('talk');
    await new Promise((resolve) => setTimeout(resolve, 500));
    const waits: string[] = [];
    let hushed = 0;
    const onProgress = ({ waitingFor, elapsed, inactiveConnections }: DrainProgress): void => {
      waits.push(waitingFor);
      expect(inactiveConnections).to.equal(1);
      if (hushed === 0 && elapsed > 6000) {
        hushed = elapsed;
        void traffic.tell('hush');
      }
    };
    const options = { poll: 250, graceUdp: 5000, evenLast: true, onProgress };
    const { elapsed, outcome } = await ipvs.drain(VIRTUAL.udp, SERVER.udp, options);
    expect(outcome).to.equal('deleted');
    expect(hushed).to.be.above(0);
    expect(elapsed - hushed).to.be.within(4500, 15_000);
    expect(new Set(waits)).to.deep.equal(new Set(['silence']));
  });
});
