import { expect } from 'chai';
import type { Ipvs } from '@ipvs-ts/ipvs';
import { Stage } from '../stage.js';

const WEB = 'tcp:192.0.2.10:80';
const ONE = '10.0.0.1:80';

describe('watch', () => {
  let stage: Stage;
  let ipvs: Ipvs;

  beforeEach(async () => {
    stage = new Stage();
    ipvs = await stage.open();
    await ipvs.addService(WEB, { scheduler: 'rr' });
    await ipvs.addDestination(WEB, ONE, { forwarding: 'masq', weight: 3 });
  });
  afterEach(() => ipvs.close());

  /** Runs `watch` while `work` changes the table, step by step, and lets it be read after each. */
  async function watched(words: string[], ...work: (() => Promise<void>)[]): Promise<string[]> {
    stage.terminal = true;
    const run = stage.run('watch', '--interval', '10ms', ...words);
    await stage.until(() => stage.stderr.includes('watching'));
    for (const step of work) {
      const before = stage.stdout;
      await step();
      await stage.until(() => stage.stdout !== before);
    }
    stage.stop.abort(new Error('ended by SIGINT'));
    const { status, stdout, stderr } = await run;
    expect(status).to.equal(130);
    expect(stderr).to.match(/^watching every 10 ms: [^\n]*; Ctrl-C ends\n$/);
    return stdout.trimEnd().split('\n');
  }

  const edits = [
    () => ipvs.updateDestination(WEB, ONE, { weight: 0 }),
    () => ipvs.addService('fwmark:7', { scheduler: 'wlc' }),
    () => ipvs.deleteDestination(WEB, ONE),
  ];

  it('prints a line for every change', async () => {
    const lines = await watched([], ...edits);
    expect(lines.map((line) => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /, ''))).to.deep.equal([
      `edited destination ${ONE} of service ${WEB}: weight 3 -> 0`,
      'added service fwmark:7: scheduler wlc',
      `removed destination ${ONE} of service ${WEB}`,
    ]);
  });

  it('prints colour on request', async () => {
    stage.colour = true;
    const [line] = await watched([], () => ipvs.flush());
    expect(line).to.match(/^\u001b\[31m.* removed destination .*\u001b\[m$/);
  });

  it('prints JSON', async () => {
    const lines = await watched(['--json'], ...edits);
    const changes = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(changes[0]).to.deep.include({ kind: 'edited', service: WEB, destination: ONE });
    expect(changes[0]?.['differences']).to.deep.equal([{ field: 'weight', from: 3, to: 0 }]);
    expect(changes[1]).to.deep.include({ kind: 'added', service: 'fwmark:7' });
    expect(changes[1]).not.to.have.any.keys('destination', 'from');
    expect(new Date(String(changes[2]?.['time'])).toISOString()).to.equal(changes[2]?.['time']);
  });

  it('prints whole readings, every digit of them', async () => {
    stage.kernel.count(WEB, ONE, { stats: { inBytes: 2n ** 63n } });
    const { status, stdout } = await stage.run(
      'watch',
      '--json',
      '--samples',
      '--count',
      '2',
      '--interval',
      '10ms',
    );
    expect(status).to.equal(0);
    const [first, second] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).to.include({ kind: 'sample', elapsedMilliseconds: null, rates: null });
    expect(first).to.have.nested.property(
      'services[0].destinations[0].destination.stats.inBytes',
      String(2n ** 63n),
    );
    expect(first).to.have.nested.property('services[0].rates', null);
    expect(second).to.have.nested.property('rates.inBytes', 0);
    expect(second?.['elapsedMilliseconds']).to.be.above(0);
    expect(second?.['changes']).to.deep.equal([]);
  });

  it('watches the named services, whether they exist or not', async () => {
    const lines = await watched(['fwmark:7', '--verified'], async () => {
      await ipvs.updateDestination(WEB, ONE, { weight: 1 });
      await ipvs.addService('fwmark:7');
    });
    expect(lines.length).to.equal(1);
    expect(lines[0]).to.include('added service fwmark:7');
  });

  it('ends with an error when the kernel fails', async () => {
    const run = stage.run('watch', '--interval', '20ms');
    await new Promise((resolve) => setTimeout(resolve, 50));
    stage.kernel.failNext('GET_SERVICE', 12);
    const { status, stderr } = await run;
    expect(status).to.equal(1);
    expect(stderr).to.include('ipvs-ts watch: ');
  });

  for (const [words, message] of [
    [['web'], 'SERVICE must be the name of a service'],
    [['--count', '0'], '--count "0": a whole number from 1'],
    [['--count', '1.5'], '--count "1.5": a whole number from 1'],
    [['--interval', '1'], '--interval "1": a number and a unit'],
    [['--interval', '1ms'], '--interval 1ms: it may be from'],
    [['--samples'], '--samples needs --json'],
  ] as const)
    it(`refuses ${words.join(' ')}`, async () => {
      const { status, stdout, stderr } = await stage.run('watch', ...words);
      expect([status, stdout]).to.deep.equal([1, '']);
      expect(stderr).to.include(message).and.not.include('    at ');
    });
});
