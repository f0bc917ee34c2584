import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type Ipvs, IpvsError } from '@ipvs-ts/ipvs';
import { ServiceManager } from '@ipvs-ts/agent';
import { DatagramReceiver } from '../../../../netlink/dist-test/unit/io/datagram-receiver.js';
import { ONE, TestAgent, WEB } from '../test-agent.js';

describe('the service manager', function () {
  this.timeout(60_000);
  let test: TestAgent;
  let socket: string;
  let receiver: DatagramReceiver;

  beforeEach(() => {
    test = new TestAgent();
    socket = join(test.folder, 'notify');
    receiver = new DatagramReceiver(socket);
    test.end(() => receiver.close());
    test.write({ services: { [WEB]: { destinations: { [ONE]: {} } } } });
  });

  afterEach(() => test.remove());

  /** What was received until `wanted` was; the limit is on silence. */
  async function until(wanted: RegExp): Promise<string[]> {
    const seen: string[] = [];
    for (let tries = 0; tries < 3000; tries++) {
      seen.push(...receiver.read());
      if (seen.some((each) => wanted.test(each))) return seen;
      await sleep(10);
    }
    throw new Error(`${wanted} did not come; there were ${JSON.stringify(seen)}`);
  }

  it('is ready once the table is true, reloads with the time, and stops', async () => {
    const agent = await test.start();
    const manager = new ServiceManager(agent, { socket });
    const ready = await until(/READY=1/);
    expect(ready[0]).to.match(
      /^READY=1\nSTATUS=fit; 1 of 1 destination of 1 service in service; document [0-9a-f]{12}$/,
    );
    await manager.reloading(agent.reload());
    const reloaded = await until(/READY=1/);
    const [, time] = /^RELOADING=1\nMONOTONIC_USEC=(\d+)$/.exec(reloaded[0] ?? '') ?? [];
    expect(Math.abs(Number(time) - Number(process.hrtime.bigint() / 1000n))).to.be.below(60_000_000);
    manager.stopping();
    expect((await until(/STOPPING/)).at(-1)).to.match(/^STOPPING=1\nSTATUS=/);
    await sleep(1200);
    expect(receiver.read()).to.deep.equal([]);
  });

  it('feeds the watchdog for as long as the kernel answers, with errors too', async () => {
    const refused = async (): Promise<Ipvs> => {
      throw new IpvsError('ERR_IPVS_UNAVAILABLE', 'the kernel has no IPVS', { operation: 'open' });
    };
    const agent = await test.start({ open: refused });
    const manager = new ServiceManager(agent, { socket, watchdog: 200_000 });
    test.end(() => manager.stopping());
    const seen = await until(/READY=1/);
    expect(seen.find((each) => each.includes('READY'))).to.contain('not fit: the table cannot be read');
    for (let times = 0; times < 3; times++) await until(/^WATCHDOG=1$/);
  });

  it('lets the watchdog expire if the kernel does not answer', async () => {
    let answers = true;
    const open = async (): Promise<Ipvs> => {
      const ipvs = await test.open();
      const table = ipvs.table.bind(ipvs);
      ipvs.table = (async (options: object) =>
        answers ? table(options) : new Promise(() => undefined)) as unknown as typeof ipvs.table;
      return ipvs;
    };
    const agent = await test.start({ open });
    const manager = new ServiceManager(agent, { socket, watchdog: 200_000 });
    test.end(() => manager.stopping());
    await until(/^WATCHDOG=1$/);
    answers = false;
    await sleep(500);
    receiver.read();
    await sleep(1000);
    expect(receiver.read().filter((each) => each.includes('WATCHDOG'))).to.deep.equal([]);
  });

  it('reports once that nobody receives, and continues', async () => {
    const problems: string[] = [];
    const agent = await test.start();
    const manager = new ServiceManager(agent, {
      socket: join(test.folder, 'nobody'),
      watchdog: 40_000,
      onProblem: (reason) => problems.push(reason),
    });
    for (let tries = 0; tries < 3000 && problems.length === 0; tries++) await sleep(10);
    await sleep(100);
    manager.stopping();
    expect(problems).to.have.length(1);
    expect(problems[0]).to.contain('ENOENT');
  });
});
