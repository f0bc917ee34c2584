import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type DrainOptions, type DrainProgress, Ipvs, IpvsError } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel, type Traffic } from '@ipvs-ts/ipvs/testing';

const WEB = 'tcp:192.0.2.10:80';
const DNS = 'udp:192.0.2.10:53';
const ONE = '10.0.0.1:80';
const TWO = '10.0.0.2:80';

describe('drain', () => {
  let kernel: IpvsKernel;
  let ipvs: Ipvs;

  beforeEach(async () => {
    kernel = new IpvsKernel();
    ipvs = await Ipvs.open({ transport: doubleTransport(kernel), proc: '/nonexistent' });
    for (const service of [WEB, DNS]) {
      await ipvs.addService(service, { scheduler: 'rr' });
      for (const each of [ONE, TWO])
        await ipvs.addDestination(service, each, { forwarding: 'masq', weight: 3 });
    }
  });
  afterEach(() => ipvs.close());

  /** What `work` rejects with. */
  async function failure(work: Promise<unknown>): Promise<unknown> {
    return work.then(
      () => 'it did not reject',
      (error: unknown) => error,
    );
  }

  /** Drains, with one step of `traffic` at each reading. Returns what the drain waited for. */
  async function drained(
    service: string,
    traffic: readonly Traffic[],
    options: DrainOptions = {},
  ): Promise<string[]> {
    const waits: string[] = [];
    const [first = {}, ...later] = traffic;
    kernel.count(service, ONE, first);
    const onProgress = ({ waitingFor }: DrainProgress): void => {
      waits.push(waitingFor);
      const next = later.shift();
      if (next !== undefined) kernel.count(service, ONE, next);
    };
    await ipvs.drain(service, ONE, { poll: 1, timeout: 5000, settle: 0, onProgress, ...options });
    return waits;
  }

  async function keys(service: string): Promise<string[]> {
    return (await ipvs.destinations(service)).map(({ key }) => key);
  }

  it('deletes at once what has no connections', async () => {
    const result = await ipvs.drain(WEB, ONE);
    expect(result).to.include({ service: WEB, destination: ONE, outcome: 'deleted', weight: 3 });
    expect(await keys(WEB)).to.deep.equal([TWO]);
  });

  it('waits until no connection is open, and once more for those that are being opened', async () => {
    const traffic = [
      { activeConnections: 2, inactiveConnections: 1 },
      { activeConnections: 0 },
      { activeConnections: 1 },
      { activeConnections: 0, inactiveConnections: 3 },
    ];
    expect(await drained(WEB, traffic)).to.deep.equal(['active', 'settling', 'active', 'settling']);
    expect(await keys(WEB)).to.deep.equal([TWO]);
  });

  it('waits for connections that one side has closed while the other sends', async () => {
    const packet = { stats: { inPackets: 1 } };
    const traffic = [
      { activeConnections: 1 },
      { activeConnections: 1 },
      { activeConnections: 0, inactiveConnections: 1, ...packet },
      packet,
      packet,
    ];
    const started = performance.now();
    const waits = await drained(WEB, traffic, { settle: 60, poll: 20 });
    // Two readings while it is open, three that find packets, then sixty milliseconds that find none; timers may be some
    // milliseconds early.
    expect(performance.now() - started).to.be.within(140, 3000);
    expect(waits.slice(0, 5)).to.deep.equal(['active', 'active', 'settling', 'settling', 'settling']);
    expect(new Set(waits.slice(2))).to.deep.equal(new Set(['settling']));
    kernel.count(WEB, TWO, { activeConnections: 0, inactiveConnections: 3 });
    const timeout = await failure(ipvs.drain(WEB, TWO, { evenLast: true, poll: 10, timeout: 50 }));
    expect(IpvsError.is(timeout, 'ERR_IPVS_DRAIN_TIMEOUT')).to.equal(true);
  });

  it('takes the weight away first, keeps the other settings, and takes it away again', async () => {
    kernel.count(WEB, ONE, { activeConnections: 1 });
    const seen: boolean[] = [];
    const onProgress = ({ weightTaken }: DrainProgress): void => {
      seen.push(weightTaken);
      if (seen.length === 1) {
        void ipvs.updateDestination(WEB, ONE, { weight: 8 });
      } else kernel.count(WEB, ONE, { activeConnections: 0 });
    };
    const result = await ipvs.drain(WEB, ONE, { poll: 50, then: 'keep', onProgress });
    expect(result).to.include({ outcome: 'kept', weight: 3 });
    expect(seen).to.deep.equal([false, true]);
    const one = (await ipvs.destinations(WEB)).find(({ key }) => key === ONE);
    expect(one).to.include({ weight: 0, forwarding: 'masq' });
  });

  it('waits for the templates of persistent services', async () => {
    await ipvs.updateService(WEB, { persistence: { timeout: 60 } });
    const traffic = [{ persistentConnections: 1 }, { persistentConnections: 0 }];
    expect(await drained(WEB, traffic)).to.deep.equal(['persistent']);
    expect(await drained(DNS, [{ persistentConnections: 1 }])).to.deep.equal([]);
  });

  it('does not wait for them if the kernel stops honouring them', async () => {
    const proc = mkdtempSync(join(tmpdir(), 'ipvs-'));
    try {
      const folder = join(proc, 'sys/net/ipv4/vs');
      mkdirSync(folder, { recursive: true });
      await ipvs.updateService(WEB, { persistence: { timeout: 60 } });
      kernel.count(WEB, ONE, { activeConnections: 0, persistentConnections: 4 });
      await using other = await Ipvs.open({ transport: doubleTransport(kernel), proc });
      writeFileSync(join(folder, 'expire_quiescent_template'), '0\n');
      const error = await failure(other.drain(WEB, ONE, { timeout: 5, poll: 1 }));
      expect(IpvsError.is(error, 'ERR_IPVS_DRAIN_TIMEOUT') && error.message).to.include(
        'expire_quiescent_template=1',
      );
      // Changed while a drain waits: it goes on without them.
      const seen: unknown[] = [];
      const onProgress = ({ expireQuiescentTemplate, waitingFor }: DrainProgress): void => {
        seen.push([expireQuiescentTemplate, waitingFor]);
        writeFileSync(join(folder, 'expire_quiescent_template'), '1\n');
      };
      expect(await other.drain(WEB, ONE, { poll: 1, onProgress })).to.include({
        outcome: 'deleted',
        weight: 0,
      });
      expect(seen).to.deep.equal([[false, 'persistent']]);
    } finally {
      rmSync(proc, { recursive: true });
    }
  });

  it('waits for silence where connections have no end', async () => {
    const packet = { stats: { inPackets: 1 } };
    const traffic = [{ inactiveConnections: 5, ...packet }, packet, packet];
    const started = performance.now();
    const waits = await drained(DNS, traffic, { graceUdp: 60, poll: 5 });
    expect(performance.now() - started).to.be.within(60, 3000);
    expect(waits.length).to.be.above(3);
    expect(new Set(waits)).to.deep.equal(new Set(['silence']));
  });

  it('does not wait for silence where no connection is left', async () => {
    expect(await drained(DNS, [{ inactiveConnections: 2 }, { inactiveConnections: 0 }])).to.deep.equal([
      'silence',
    ]);
  });

  it('continues where it was interrupted', async () => {
    kernel.count(WEB, ONE, { activeConnections: 1 });
    const controller = new AbortController();
    const reason = new Error('enough');
    const onProgress = (): void => controller.abort(reason);
    const options = { signal: controller.signal, onProgress, poll: 60_000 };
    expect(await failure(ipvs.drain(WEB, ONE, options))).to.equal(reason);
    expect(await failure(ipvs.drain(WEB, ONE, options))).to.equal(reason);
    const error = await failure(ipvs.drain(WEB, ONE, { timeout: 20, poll: 5 }));
    if (!IpvsError.is(error, 'ERR_IPVS_DRAIN_TIMEOUT')) return expect.fail(String(error));
    expect(error.message).to.include('1 active').and.not.to.include('persistence');
    expect(error).to.include({ service: WEB, destination: ONE });
    kernel.count(WEB, ONE, { activeConnections: 0 });
    expect(await ipvs.drain(WEB, ONE)).to.include({ outcome: 'deleted', weight: 0 });
    return undefined;
  });

  it('refuses the last destination with weight unless evenLast is set', async () => {
    await ipvs.updateDestination(WEB, TWO, { weight: 0 });
    const error = await failure(ipvs.drain(WEB, ONE));
    expect(IpvsError.is(error, 'ERR_IPVS_LAST_DESTINATION')).to.equal(true);
    expect((await ipvs.destinations(WEB)).find(({ key }) => key === ONE)?.weight).to.equal(3);
    // One without weight may go: nothing changes for clients.
    expect((await ipvs.drain(WEB, TWO)).outcome).to.equal('deleted');
    expect((await ipvs.drain(WEB, ONE, { evenLast: true })).outcome).to.equal('deleted');
  });

  it('reports missing entries, and accepts entries that are deleted meanwhile', async () => {
    const code = async (work: Promise<unknown>): Promise<unknown> => {
      const error = await failure(work);
      return IpvsError.is(error) ? error.code : error;
    };
    expect(await code(ipvs.drain(WEB, '10.0.0.9:80'))).to.equal('ERR_IPVS_DESTINATION_NOT_FOUND');
    expect(await code(ipvs.drain('fwmark:1', ONE))).to.equal('ERR_IPVS_SERVICE_NOT_FOUND');
    kernel.count(WEB, ONE, { activeConnections: 1 });
    const gone = await ipvs.drain(WEB, ONE, {
      poll: 20,
      onProgress: () => void ipvs.deleteDestination(WEB, ONE),
    });
    expect(gone.outcome).to.equal('gone');
    kernel.count(DNS, ONE, { inactiveConnections: 1 });
    const alone = await ipvs.drain(DNS, ONE, { poll: 20, onProgress: () => void ipvs.deleteService(DNS) });
    expect(alone.outcome).to.equal('gone');
  });

  it('refuses invalid options', async () => {
    const error = async (options: unknown): Promise<string> =>
      String(await failure(ipvs.drain(WEB, ONE, options as DrainOptions)));
    expect(await error({ poll: -1 })).to.include('options.poll');
    expect(await error({ timeout: '1s' })).to.include('options.timeout');
    expect(await error({ settle: -1 })).to.include('options.settle');
    expect(await error({ graceUdp: 0.5 })).to.include('options.graceUdp');
    expect(await error({ then: 'stay' })).to.include('options.then');
    expect(await error({ even: true })).to.include('options.even');
    expect(await keys(WEB)).to.deep.equal([TWO, ONE]);
  });
});
