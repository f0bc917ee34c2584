import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Ipvs } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import type { Transport } from '@ipvs-ts/netlink';
import { type Agent, AgentError, type CheckResult, failed, passed } from '@ipvs-ts/agent';
import { MINE, ONE, TestAgent, TWO, until, WEB } from '../test-agent.js';

describe('runAgent', function () {
  this.timeout(60_000);
  let test: TestAgent;

  beforeEach(() => {
    test = new TestAgent();
    test.write(document());
  });

  afterEach(() => test.remove());

  function document(names: readonly string[] = [ONE, TWO], rest: object = {}): string {
    const destinations = Object.fromEntries(names.map((name) => [name, { forwarding: 'masq', weight: 100 }]));
    return JSON.stringify({ services: { [WEB]: { scheduler: 'wlc', check: MINE, destinations } }, ...rest });
  }

  async function weights(): Promise<Record<string, number>> {
    await using ipvs = await test.open();
    const [entry] = await ipvs.table();
    // The kernel lists the newest first.
    return Object.fromEntries(
      (entry?.destinations ?? []).map(({ key, weight }) => [key, weight] as const).sort(),
    );
  }

  const table = (what: string, wanted: Record<string, number>): Promise<void> =>
    until(what, async () => JSON.stringify(await weights()) === JSON.stringify(wanted));

  /** Requests that changed something. */
  const changes = (): string[] =>
    test.kernel.requests
      .map(({ operation = '' }) => operation)
      .filter((name) => /^(NEW|SET|DEL|ZERO|FLUSH)/.test(name));

  async function settled(): Promise<Agent> {
    const agent = await test.start();
    await table('all are in service', { [ONE]: 100, [TWO]: 100 });
    return agent;
  }

  it('makes the table, and takes a dead server out', async () => {
    const agent = await settled();
    expect(agent.status().fit).to.equal(true);
    test.dead.add('10.0.0.1');
    await table('the dead one is out', { [ONE]: 0, [TWO]: 100 });
    expect(agent.explain(WEB, ONE).destinations[0]).to.deep.include({
      state: 'down',
      reason: 'check mine failed 2 times: dead',
      changes: 'it comes back after 1 pass of mine in a row',
    });
  });

  it('sends a verdict in the turn in which it falls, in one send, and reads nothing before', async () => {
    /** The operations of each send of the agent. */
    const sends: string[][] = [];
    let failures = 0;
    let sentInTurn: readonly string[][] | undefined;
    const run = async ({ address }: { address: string }): Promise<CheckResult> => {
      if (!test.dead.has(address)) return passed('alive');
      failures += 1;
      const before = sends.length;
      // The result is handled in the microtasks of this turn.
      if (failures === 2) setImmediate(() => (sentInTurn = sends.slice(before)));
      return failed('dead');
    };
    const transport = (): Transport => {
      const double = doubleTransport(test.kernel);
      return {
        ...double,
        send: (bytes) => {
          const before = test.kernel.requests.length;
          const sent = double.send(bytes);
          sends.push(test.kernel.requests.slice(before).map(({ operation = '' }) => operation));
          return sent;
        },
      };
    };
    await test.start({
      checkTypes: { mine: { about: 'The test decides.', fields: {}, needsPort: false, run } },
      open: () => Ipvs.open({ transport: transport(), proc: '/nonexistent' }),
    });
    // A reading of the table that is under way comes first: then it is tried again.
    for (let tries = 0; tries < 5 && sentInTurn?.length !== 1; tries++) {
      test.dead.clear();
      await table('all are in service', { [ONE]: 100, [TWO]: 100 });
      failures = 0;
      sentInTurn = undefined;
      test.dead.add('10.0.0.1');
      await until('the verdict has fallen', () => sentInTurn !== undefined);
      await table('the dead one is out', { [ONE]: 0, [TWO]: 100 });
    }
    expect(sentInTurn).to.deep.equal([['SET_DEST']]);
  });

  it('reads the table if what it sends conflicts with a change by others', async () => {
    const agent = await settled();
    await using other = await test.open();
    await other.deleteDestination(WEB, ONE);
    test.dead.add('10.0.0.1');
    await table('it is restored, at weight 0', { [ONE]: 0, [TWO]: 100 });
    expect(agent.events().map(({ text }) => text)).to.include(
      'it was deleted by somebody else; it is restored',
    );
  });

  it('sends nothing after a restart, with a server down', async () => {
    const agent = await settled();
    test.dead.add('10.0.0.1');
    await table('the dead one is out', { [ONE]: 0, [TWO]: 100 });
    await agent.close();
    const before = changes().length;
    const again = await test.start();
    await until('it has checked', () =>
      again
        .status()
        .services.some(({ destinations }) => destinations.every(({ checks }) => checks[0]?.at !== null)),
    );
    await sleep(500);
    expect(changes().slice(before)).to.deep.equal([]);
    expect(again.status().services[0]?.destinations.map(({ state }) => state)).to.deep.equal(['down', 'up']);
  });

  it('sends nothing after a restart without its state', async () => {
    const agent = await settled();
    await agent.close();
    rmSync(join(test.folder, 'run'), { recursive: true });
    const before = changes().length;
    const again = await test.start();
    await until('it is ready', () => again.isReady && again.status().services.length > 0);
    await sleep(500);
    expect(changes().slice(before)).to.deep.equal([]);
  });

  it('survives a damaged state', async () => {
    await (await settled()).close();
    for (const text of ['', '{', '{"version":1}', '[]', 'null', '{"namespace":"x","state":{}}']) {
      writeFileSync(join(test.folder, 'run', 'agent.json'), text);
      writeFileSync(join(test.folder, 'state', 'maintenance.json'), text);
      const before = changes().length;
      const again = await test.start();
      await until('it is ready', () => again.isReady && again.status().services.length > 0);
      await again.close();
      expect(changes().slice(before), text).to.deep.equal([]);
    }
  });

  describe('notices a document', () => {
    const three = [ONE, TWO, '10.0.0.3:80'];
    const wanted = { '10.0.0.3:80': 100, [ONE]: 100, [TWO]: 100 };

    async function added(): Promise<void> {
      await until('the new one is in', async () => (await weights())['10.0.0.3:80'] === 100);
      expect(await weights()).to.deep.equal(wanted);
    }

    it('that is written in place', async () => {
      await settled();
      writeFileSync(test.file, document(three));
      await added();
    });

    it('that is replaced by a rename, again and again', async () => {
      await settled();
      for (let count = 0; count < 5; count++)
        test.write(document([ONE, TWO], { timeouts: { tcp: 900 + count } }));
      test.write(document(three));
      await added();
    });

    it('behind a link that is swapped, as a ConfigMap is', async () => {
      const mount = join(test.folder, 'mount');
      for (const [name, names] of [
        ['..one', [ONE, TWO]],
        ['..two', three],
      ] as const) {
        mkdirSync(join(mount, name), { recursive: true });
        writeFileSync(join(mount, name, 'director.yaml'), document(names));
      }
      symlinkSync('..one', join(mount, '..data'));
      symlinkSync('..data/director.yaml', join(mount, 'director.yaml'));
      await test.start({ file: join(mount, 'director.yaml') });
      await table('all are in service', { [ONE]: 100, [TWO]: 100 });
      symlinkSync('..two', join(mount, '..new'));
      renameSync(join(mount, '..new'), join(mount, '..data'));
      await added();
    });

    it('whose folder is replaced', async () => {
      await settled();
      const old = `${test.folder}.old`;
      renameSync(test.folder, old);
      mkdirSync(test.folder);
      writeFileSync(test.file, document(three));
      try {
        await added();
      } finally {
        rmSync(old, { recursive: true });
      }
    });
  });

  it('reports the mistakes of a document with their places, and changes nothing', async () => {
    const agent = await settled();
    const before = changes().length;
    test.write('services:\n  tcp:192.0.2.10:80: { schedular: rr }\n');
    await until('it is invalid', () => !agent.status().document.valid);
    expect(agent.status().document.problems[0]).to.include({ line: 2 });
    expect(agent.status().fit, 'the old one is in force').to.equal(true);
    rmSync(test.file);
    await until('it is gone', () => agent.status().document.problems[0]?.message.includes('ENOENT') === true);
    expect(changes().slice(before)).to.deep.equal([]);
  });

  it('lets a large removal wait until it is accepted', async () => {
    test.write(document([ONE, TWO, '10.0.0.3:80', '10.0.0.4:80']));
    const agent = await test.start();
    await until(
      'all are in',
      async () => Object.values(await weights()).filter((weight) => weight > 0).length === 4,
    );
    test.write(document([ONE]));
    await until('it waits', () => agent.status().document.pending !== null);
    const revision = agent.status().document.pending?.revision ?? '';
    const refused: unknown = await agent.accept('other').catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(AgentError).with.property('message').that.contains(revision);
    await agent.accept(revision);
    expect(agent.status().document).to.deep.include({ revision, pending: null });
    await table('they are gone', { [ONE]: 100 });
  });

  it('takes a server out for maintenance, over a restart, and refuses to take the last one', async () => {
    const agent = await settled();
    await agent.startMaintenance({ service: WEB, destination: ONE, why: 'disk', by: 'ada' });
    await table('it is out', { [ONE]: 0, [TWO]: 100 });
    const refused = await agent.startMaintenance({ service: WEB, destination: TWO }).catch(String);
    expect(refused).to.match(/AgentError: .*last destination/);
    await agent.close();
    const again = await test.start();
    await until('it is ready', () => again.status().services[0]?.destinations[0]?.state === 'maintenance');
    expect(again.maintenance()[0]).to.include({ destination: ONE, why: 'disk', by: 'ada' });
    await again.endMaintenance(WEB, ONE);
    await table('it is back', { [ONE]: 100, [TWO]: 100 });
  });

  it('observes: checks and reports, and sends nothing', async () => {
    const agent = await test.start({ observe: true });
    await until('it says what it would do', () =>
      agent.events().some(({ text }) => text.startsWith('would change')),
    );
    expect(changes()).to.deep.equal([]);
    expect(() => readFileSync(join(test.folder, 'run', 'agent.json'))).to.throw();
  });

  it('waits for IPVS on a kernel without it', async () => {
    const kernel = new IpvsKernel({ module: 'absent' });
    const agent = await test.start({
      open: () => Ipvs.open({ transport: doubleTransport(kernel), proc: '/nonexistent' }),
    });
    await until('it says so', () => agent.events().some(({ kind }) => kind === 'kernel'));
    expect(agent.unfitness()[0]).to.match(/the table cannot be read/);
  });

  it('continues where its state cannot be written, and says so', async () => {
    writeFileSync(join(test.folder, 'run'), 'a file where the directory should be');
    const agent = await settled();
    expect(agent.events().filter(({ text }) => text.includes('cannot write'))).to.have.length(1);
  });

  describe('with a track file', () => {
    const track = (): string => join(test.folder, 'run', 'fit');
    const content = (): string => readFileSync(track(), 'utf8');
    const tracked = (health: object = {}): string => {
      const { services } = JSON.parse(document([ONE], {})) as { services: Record<string, object> };
      const service = { ...services[WEB], health };
      return JSON.stringify({ services: { [WEB]: service }, agent: { trackFile: track() } });
    };

    it('holds 0 while it is fit, -1 while it is not, and stays at a stop', async () => {
      test.write(tracked({ whenAllDown: 'sorry', sorry: { [TWO]: { weight: 0 } } }));
      const agent = await test.start();
      await until('it is fit', () => existsSync(track()) && content() === '0\n');
      test.dead.add('10.0.0.1');
      await until('it is not fit', () => content() === '-1\n');
      expect(agent.events().map(({ kind, text }) => [kind, text])).to.deep.include.members([
        ['fitness', 'the director is fit'],
        ['fitness', `the director is not fit: ${WEB} has no destination in service`],
      ]);
      test.dead.clear();
      await until('it is fit again', () => content() === '0\n');
      await agent.close();
      expect(content()).to.equal('0\n');
      await test.start();
      await sleep(300);
      expect(content(), 'a restart moves no address').to.equal('0\n');
    });

    it('continues where it cannot be written, and says so once', async () => {
      mkdirSync(track(), { recursive: true });
      test.write(tracked());
      const agent = await test.start();
      const warnings = (): string[] =>
        agent.events().flatMap(({ text }) => (text.includes('track file') ? [text] : []));
      await until('it is reported', () => warnings().length > 0);
      test.dead.add('10.0.0.1');
      await sleep(500);
      test.dead.clear();
      await sleep(500);
      expect(warnings()).to.have.length(1);
    });
  });

  it('refuses a second agent of the same network namespace', async () => {
    await test.start({ open: undefined });
    const error: unknown = await test.start({ open: undefined }).catch((each: unknown) => each);
    expect(AgentError.is(error, 'ERR_AGENT_RUNNING')).to.equal(true);
  });
});
