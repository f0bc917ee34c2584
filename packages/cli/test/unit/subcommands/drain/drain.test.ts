import { expect } from 'chai';
import type { Ipvs } from '@ipvs-ts/ipvs';
import { Stage } from '../stage.js';

const WEB = 'tcp:192.0.2.10:80';
const ONE = '10.0.0.1:80';
const TWO = '10.0.0.2:80';

describe('drain', () => {
  let stage: Stage;
  let ipvs: Ipvs;

  beforeEach(async () => {
    stage = new Stage();
    ipvs = await stage.open();
    await ipvs.addService(WEB, { scheduler: 'rr' });
    for (const each of [ONE, TWO]) await ipvs.addDestination(WEB, each, { forwarding: 'masq', weight: 3 });
  });
  afterEach(() => ipvs.close());

  const keys = async (): Promise<string[]> => (await ipvs.destinations(WEB)).map(({ key }) => key);
  const weight = async (name: string): Promise<number | undefined> =>
    (await ipvs.destinations(WEB)).find(({ key }) => key === name)?.weight;

  it('drains, deletes and says so', async () => {
    const { status, stdout, stderr } = await stage.run('drain', WEB, ONE);
    expect([status, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.match(
      /^10\.0\.0\.1:80 of tcp:192\.0\.2\.10:80: drained and deleted \(it had weight 3\), after 0(\.\d)? s\n$/,
    );
    expect(await keys()).to.deep.equal([TWO]);
  });

  it('keeps the destination on request', async () => {
    const { status, stdout } = await stage.run('drain', WEB, ONE, '--keep');
    expect(status).to.equal(0);
    expect(stdout).to.include('drained; it stays, with weight 0 (it had 3)');
    expect(await weight(ONE)).to.equal(0);
  });

  it('writes progress to a pipe as lines, and to a terminal on one line', async () => {
    for (const terminal of [false, true]) {
      stage.terminal = terminal;
      stage.env = { TERM: 'xterm' };
      stage.kernel.count(WEB, terminal ? TWO : ONE, { activeConnections: 2, inactiveConnections: 1 });
      const run = stage.run('drain', WEB, terminal ? TWO : ONE, '--even-last', '--poll', '20ms');
      const waiting = 'waiting for open connections: 2 active, 1 inactive';
      await stage.until(() => stage.stderr.includes(waiting));
      await new Promise((resolve) => setTimeout(resolve, 100));
      stage.kernel.count(WEB, terminal ? TWO : ONE, { activeConnections: 0, inactiveConnections: 0 });
      const { status, stderr } = await run;
      expect(status).to.equal(0);
      if (terminal) {
        expect(stderr).to.match(
          /^(\r\u001b\[K0(\.\d)? s: waiting for open connections: [^\r\n]*)+\r\u001b\[K$/,
        );
        for (const line of stderr.split('\r\u001b[K')) expect(line.length).to.be.below(60);
      } else
        expect(stderr).to.match(
          /^0(\.\d)? s: waiting for open connections: 2 active, 1 inactive, 0 persistent\n$/,
        );
    }
  });

  it('overwrites nothing on a terminal without that ability', async () => {
    stage.terminal = true;
    stage.env = { TERM: 'dumb' };
    stage.kernel.count(WEB, ONE, { activeConnections: 2 });
    const { status, stderr } = await stage.run('drain', WEB, ONE, '--timeout', '50ms', '--poll', '10ms');
    expect(status).to.equal(1);
    expect(stderr).not.to.match(/[\r\u001b]/);
  });

  it('stops after --timeout, reports what is left, and continues when run again', async () => {
    stage.kernel.count(WEB, ONE, { activeConnections: 7 });
    const { status, stdout, stderr } = await stage.run(
      'drain',
      WEB,
      ONE,
      '--timeout',
      '30ms',
      '--poll',
      '10ms',
    );
    expect([status, stdout]).to.deep.equal([1, '']);
    expect(stderr).to.match(
      /ipvs-ts drain: cannot drain destination 10\.0\.0\.1:80 .*7 active.*keeps weight 0.*again continues/,
    );
    expect(await weight(ONE)).to.equal(0);
    stage.kernel.count(WEB, ONE, { activeConnections: 0 });
    expect((await stage.run('drain', WEB, ONE)).status).to.equal(0);
  });

  it('says what an interruption leaves, and that it can continue', async () => {
    stage.kernel.count(WEB, ONE, { activeConnections: 1 });
    const run = stage.run('drain', WEB, ONE, '--poll', '1h');
    await stage.until(() => stage.stderr.includes('waiting'));
    stage.stop.abort(new Error('ended by SIGINT'));
    const { status, stderr } = await run;
    expect(status).to.equal(130);
    expect(stderr).to.include(
      'interrupted; 10.0.0.1:80 keeps weight 0, and running this again continues; giving it weight again (it had 3)',
    );
    expect(await weight(ONE)).to.equal(0);
  });

  it('refuses the last destination with weight, unless --even-last is set', async () => {
    await ipvs.updateDestination(WEB, TWO, { weight: 0 });
    const { status, stderr } = await stage.run('drain', WEB, ONE);
    expect(status).to.equal(1);
    expect(stderr)
      .to.include('no other destination of the service has weight')
      .and.include('use --even-last');
    expect(await weight(ONE)).to.equal(3);
    expect((await stage.run('drain', WEB, ONE, '--even-last')).status).to.equal(0);
  });

  it('says what expire_quiescent_template does, once, for persistent services only', async () => {
    stage.kernel.count(WEB, ONE, { activeConnections: 1 });
    const plain = await stage.run('drain', WEB, ONE, '--timeout', '30ms', '--poll', '5ms');
    expect(plain.stderr).not.to.include('expire_quiescent_template');
    await ipvs.updateService(WEB, { persistence: { timeout: 60 } });
    stage.kernel.count(WEB, ONE, { activeConnections: 0, persistentConnections: 4 });
    const { stderr } = await stage.run('drain', WEB, ONE, '--timeout', '30ms', '--poll', '5ms');
    expect(stderr.split('“sysctl -w net.ipv4.vs.expire_quiescent_template=1”').length).to.equal(2);
    expect(stderr).to.include('waiting for persistence templates: 0 active, 0 inactive, 4 persistent');
  });

  it('remembers the former weight when an interrupted drain continues', async () => {
    const notes = new Map<string, string>();
    stage.notes = {
      read: (name: string) => notes.get(name),
      write: (name: string, text: string) => void notes.set(name, text),
      remove: (name: string) => void notes.delete(name),
    };
    await ipvs.updateDestination(WEB, ONE, { weight: 7 });
    stage.kernel.count(WEB, ONE, { activeConnections: 1 });
    const first = await stage.run('drain', WEB, ONE, '--timeout', '30ms', '--poll', '5ms');
    expect(first.status).to.equal(1);
    stage.kernel.count(WEB, ONE, { activeConnections: 0 });
    const second = await stage.run('drain', WEB, ONE);
    expect(second.stdout).to.include('drained and deleted (it had weight 7)');
    expect(notes.size).to.equal(0);
  });

  it("answers ipvsadm's option letters with the names of its own options", async () => {
    for (const [args, example] of [
      [['-t', '192.0.2.10:80', '-r', '10.0.0.1:80'], `${WEB} 10.0.0.1:80`],
      [['-t', '192.0.2.10:80'], `${WEB} 10.0.0.11:80`],
      [['-u', '192.0.2.10:53', '-r=10.0.0.1:53'], 'udp:192.0.2.10:53 10.0.0.1:53'],
      [['-f', '7', '-6', '--real-server=[fd00::1]:80'], 'fwmark6:7 [fd00::1]:80'],
      [[WEB, '-r', '10.0.0.1:80'], 'tcp:192.0.2.10:80 10.0.0.1:80'],
    ] as const) {
      const { status, stderr } = await stage.run('drain', ...args);
      expect(status).to.equal(1);
      expect(stderr).to.include(`(-t is --timeout here): ipvs-ts drain ${example}\n`);
    }
    const { stderr } = await stage.run('drain', WEB, ONE, '-t', '5');
    expect(stderr).not.to.include('letters');
  });

  it('writes JSON', async () => {
    stage.kernel.count(WEB, ONE, { activeConnections: 2 });
    const failed = await stage.run('drain', WEB, ONE, '--json', '--timeout', '30ms', '--poll', '20ms');
    const lines = failed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).to.include({
      kind: 'progress',
      service: WEB,
      destination: ONE,
      waitingFor: 'active',
      activeConnections: 2,
    });
    expect(lines.at(-1)).to.include({ kind: 'error', code: 'ERR_IPVS_DRAIN_TIMEOUT' });
    stage.kernel.count(WEB, ONE, { activeConnections: 0 });
    const { stdout, stderr } = await stage.run('drain', WEB, ONE, '--json');
    expect(stderr).to.equal('');
    expect(JSON.parse(stdout)).to.include({ kind: 'result', outcome: 'deleted', weight: 0 });
  });

  for (const [words, message] of [
    [[WEB], 'DESTINATION is missing'],
    [['web', ONE], 'SERVICE must be the name of a service'],
    [[WEB, '10.0.0.1'], 'DESTINATION must be the name of a destination'],
    [[WEB, ONE, '--timeout', '5'], '--timeout "5": a number and a unit'],
    [[WEB, '10.0.0.9:80'], 'the service has no such destination'],
    [['tcp:192.0.2.99:80', ONE], 'tcp:192.0.2.99:80'],
  ] as const)
    it(`refuses ${words.join(' ')}`, async () => {
      const { status, stdout, stderr } = await stage.run('drain', ...words);
      expect([status, stdout]).to.deep.equal([1, '']);
      expect(stderr).to.include(message).and.not.include('    at ');
      expect(await weight(ONE)).to.equal(3);
    });
});
