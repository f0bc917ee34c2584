import { expect } from 'chai';
import type { ServiceStatus, Status } from '@ipvs-ts/agent';
import { statusText } from '../../../../dist/subcommands/status/status-text.js';
import { AgentStage } from './agent-stage.js';

const WEB = 'tcp:192.0.2.10:80';
const DOWN = 'tcp:192.0.2.11:80';
const ONE = '10.0.0.1:80';
const TWO = '10.0.0.2:80';
const DOCUMENT = { services: { [WEB]: { scheduler: 'wlc', destinations: { [ONE]: {}, [TWO]: {} } } } };

describe('commands that ask an agent', function () {
  this.timeout(60_000);
  let stage: AgentStage;

  beforeEach(() => {
    stage = new AgentStage();
  });
  afterEach(() => stage.close());

  describe('status', () => {
    it('exits with 0 where the director is fit, for people and as JSON', async () => {
      await stage.start(DOCUMENT);
      const text = await stage.run(['status']);
      expect(text.status, text.stderr).to.equal(0);
      expect(text.stdout).to.match(
        /: fit\ndocument [0-9a-f]{12}: in force for .*\n\ntcp:192\.0\.2\.10:80 {2}100% in service\n/,
      );
      expect(text.stdout).to.match(/ {2}up {11}10\.0\.0\.1:80 {2}weight 1 {2}for /);
      const json = JSON.parse((await stage.run(['status', WEB, '--json'])).stdout) as Status;
      expect(json).to.include({ version: 1, fit: true });
      expect(json.services.map(({ service }) => service)).to.deep.equal([WEB]);
    });

    it('exits with 2 where it is not, and says why first', async () => {
      await stage.start({ services: { ...DOCUMENT.services, [DOWN]: { destinations: {} } } });
      const { status, stdout } = await stage.run(['status']);
      expect(status).to.equal(2);
      expect(stdout).to.match(/: NOT FIT\n {2}tcp:192\.0\.2\.11:80 has no destination in service\n/);
      expect((await stage.run(['status', WEB])).status, 'with a service that serves').to.equal(2);
    });

    it('exits with 1 for a service that the document does not have, and names the closest', async () => {
      await stage.start(DOCUMENT);
      const { status, stderr } = await stage.run(['status', 'tcp:192.0.2.10:81']);
      expect(status).to.equal(1);
      expect(stderr).to.contain('the document in force has no service tcp:192.0.2.10:81; did you mean');
      const { status: failed, stdout } = await stage.run(['status', 'tcp:192.0.2.10:81', '--json']);
      expect(failed).to.equal(1);
      expect(JSON.parse(stdout)).to.have.nested.property('error.code', 'ERR_AGENT_NOT_FOUND');
    });

    it('shows the table and exits with 1 where no agent answers', async () => {
      await using ipvs = await stage.open();
      await ipvs.addService(WEB, { scheduler: 'rr' });
      await ipvs.addDestination(WEB, ONE, { forwarding: 'masq', weight: 3 });
      const { status, stdout, stderr } = await stage.run(['status']);
      expect([status, stdout]).to.deep.equal([1, `${WEB}\n  ${ONE}  weight 3  0 active, 0 inactive\n`]);
      expect(stderr.replaceAll('\n', ' '))
        .to.contain('no agent answers at')
        .and.contain('(there is no socket)');
      const json = JSON.parse((await stage.run(['status', '--json'])).stdout) as { table: ServiceStatus[] };
      expect(json).to.include({ version: 1 }).and.have.nested.property('error.code', 'ERR_NO_AGENT');
      expect(json.table[0]?.destinations[0]).to.include({ destination: ONE, weight: 3 });
      const refused = await stage.run(['status'], {
        open: async () => {
          throw Object.assign(new Error('not allowed'), { code: 'EPERM' });
        },
      });
      expect(refused.status).to.equal(1);
    });

    it('shows mistakes with their places, and a document that waits with the command', async () => {
      const destinations = Object.fromEntries(['1', '2', '3', '4'].map((each) => [`10.0.0.${each}:80`, {}]));
      const agent = await stage.start({ services: { [WEB]: { destinations } } });
      stage.write({ services: { [WEB]: { destinations: { [ONE]: { weight: -1 } } } } });
      expect((await stage.run(['agent', 'reload'])).status).to.equal(1);
      const wrong = await stage.run(['status']);
      expect(wrong.status, 'what is in force is fit').to.equal(0);
      expect(wrong.stdout).to.match(/the newest document has 1 mistake and changes nothing:\n {2}1:\d+: /);
      stage.write({ services: { [WEB]: { destinations: { [ONE]: {} } } } });
      const reloaded = await stage.run(['agent', 'reload']);
      expect(reloaded.status).to.equal(2);
      const revision = agent.status().document.pending?.revision ?? '';
      expect(reloaded.stdout).to.contain(`ipvs-ts agent accept ${revision}`);
      expect((await stage.run(['status'])).stdout.replaceAll('\n', ' ')).to.contain(
        `ipvs-ts agent accept ${revision}`,
      );
      expect((await stage.run(['agent', 'accept', 'wrong'])).status).to.equal(1);
      const accepted = await stage.run(['agent', 'accept', revision]);
      expect([accepted.status, accepted.stdout]).to.deep.equal([0, `document ${revision} is in force\n`]);
    });

    it('fits the terminal, without cutting words', async () => {
      const at = '2026-01-31T09:30:00.000Z';
      const name = '[2001:db8:1234:5678:9abc:def0:1234:5678]:8443';
      const status: Status = {
        version: 1,
        id: 'lb1',
        namespace: '1',
        observes: false,
        fit: false,
        doubt: { until: '2026-01-31T09:31:00.000Z', failed: 5, up: 8 },
        document: {
          valid: false,
          problems: [
            { path: 'x', allowed: 'y', message: 'a mistake that has many words in it', line: 3, column: 7 },
          ],
          revision: '0123456789ab',
          pending: {
            revision: 'ba9876543210',
            removes: '3 of 4 destinations of tcp:192.0.2.10:80',
            hold: null,
          },
          loadedAt: at,
        },
        store: null,
        warnings: ['set net.ipv4.vs.expire_nodest_conn to 1, since it is wanted by this service of UDP'],
        services: [
          {
            service: WEB,
            capacity: 0.5,
            guard: 'all down',
            destinations: [
              {
                destination: name,
                state: 'maintenance',
                declaredWeight: 100,
                weight: 0,
                reason: 'a reason that is rather long, so that it needs more than one line of a terminal',
                since: at,
                checks: [{ name: 'http', result: 'passed', reason: 'status 200', milliseconds: 1.234, at }],
              },
            ],
          },
        ],
      };
      const now = Date.parse(at) + 65_000;
      for (const width of [40, 60, 80, 200]) {
        const page = { columns: () => width, colour: false };
        const text = statusText({ status, unfit: ['because of this and that'], whole: true, now }, page);
        for (const line of text.split('\n'))
          expect(line.trim().includes(' ') ? line.length : 0, line).to.be.at.most(width);
        expect(text.split(/\s+/)).to.include.members([name, 'maintenance', 'because', '3:7:', 'passed']);
        expect(text.replaceAll(/\s+/g, ' ')).to.contain('weight 0 of 100 for 1 min 5 s');
        const painted = statusText({ status, unfit: [], whole: false, now }, { ...page, colour: true });
        expect(painted).to.contain('\u001b[33mmaintenance\u001b[m');
      }
    });
  });

  describe('explain', () => {
    it('exits with 0 in service, 2 out, 1 where it cannot tell', async () => {
      await stage.start(DOCUMENT);
      const up = await stage.run(['explain', WEB, ONE]);
      expect([up.status, up.stdout.split('\n')[0]]).to.satisfy(
        ([status, line]: [number, string]) =>
          status === 0 && line.startsWith(`${ONE} of ${WEB} is in service: up for`),
      );
      await stage.run(['maintenance', 'start', WEB, ONE, '--now', '--why', 'disk']);
      await stage.until(
        'it is out',
        () => stage.agent?.explain(WEB, ONE).destinations[0]?.inService === false,
      );
      const out = await stage.run(['explain', WEB, ONE]);
      expect(out.status).to.equal(2);
      expect(out.stdout).to.contain('is OUT of service: maintenance').and.contain('maintenance end');
      expect((await stage.run(['explain', WEB])).status).to.equal(0);
      const json = await stage.run(['explain', WEB, ONE, '--json']);
      expect([json.status, JSON.parse(json.stdout)]).to.have.nested.property('[1].version', 1);
      expect((await stage.run(['explain', WEB, '10.9.9.9:80'])).status).to.equal(1);
      expect((await stage.run(['explain', 'nonsense'])).status).to.equal(1);
    });
  });

  describe('maintenance', () => {
    it('puts a destination in maintenance, waits for its connections, lists it, and ends the maintenance', async () => {
      await stage.start(DOCUMENT);
      stage.kernel.count(WEB, ONE, { activeConnections: 3 });
      const started = stage.run(['maintenance', 'start', WEB, ONE, '--for', '30m', '--why', 'new disk']);
      await stage.until(
        'it is out',
        () => stage.agent?.explain(WEB, ONE).destinations[0]?.inService === false,
      );
      const { stdout } = await stage.run(['maintenance', 'list']);
      expect(stdout).to.match(
        /^tcp:192\.0\.2\.10:80 10\.0\.0\.1:80\n {2}for .*, ends in (29 min|30 min).*\n {2}new disk\n$/,
      );
      stage.kernel.count(WEB, ONE, { activeConnections: 0 });
      const ended = await started;
      expect([ended.status, ended.stdout]).to.deep.equal([
        0,
        `${ONE} of ${WEB} is in maintenance and has no connections\n`,
      ]);
      expect((await stage.run(['maintenance', 'end', WEB, ONE])).status).to.equal(0);
      expect((await stage.run(['maintenance', 'end', WEB, ONE])).status).to.equal(1);
      expect((await stage.run(['maintenance', 'list'])).stdout).to.equal('nothing is in maintenance\n');
      expect(JSON.parse((await stage.run(['maintenance', 'list', '--json'])).stdout)).to.deep.equal({
        version: 1,
        maintenance: [],
      });
    });

    it('refuses to take the last one out, unless it is forced', async () => {
      await stage.start({ services: { [WEB]: { destinations: { [ONE]: {} } } } });
      const refused = await stage.run(['maintenance', 'start', WEB, ONE, '--now']);
      expect([refused.status, refused.stderr]).to.deep.equal([
        1,
        `ipvs-ts maintenance: ${ONE} is the last destination of ${WEB} in service; --force takes it out all the same\n`,
      ]);
      expect((await stage.run(['maintenance', 'start', WEB, ONE, '--now', '--force'])).status).to.equal(0);
    });

    it('continues if the wait is interrupted, and says how the maintenance ends', async () => {
      await stage.start(DOCUMENT);
      stage.kernel.count(WEB, ONE, { activeConnections: 3 });
      const stop = new AbortController();
      const started = stage.run(['maintenance', 'start', WEB, ONE], { signal: stop.signal });
      await stage.until(
        'it is out',
        () => stage.agent?.explain(WEB, ONE).destinations[0]?.inService === false,
      );
      stop.abort(new Error('ended by SIGINT'));
      const { status, stderr } = await started;
      expect(status).to.equal(130);
      expect(stderr).to.contain(`end it with: ipvs-ts maintenance end ${WEB} ${ONE}`);
      expect(stage.agent?.maintenance()).to.have.length(1);
    });

    it('finds mistakes in its arguments before it asks', async () => {
      for (const words of [
        ['stop', WEB, ONE],
        ['start', WEB],
        ['start', WEB, ONE, '--for', '30'],
        ['end', WEB, ONE, '--now'],
        ['list', WEB],
      ])
        expect((await stage.run(['maintenance', ...words])).stderr, words.join(' ')).to.contain(
          'help maintenance',
        );
    });
  });

  describe('events', () => {
    it('prints what happened and, followed, what happens', async () => {
      const agent = await stage.start(DOCUMENT);
      const { status, stdout } = await stage.run(['events']);
      expect(status).to.equal(0);
      expect(stdout).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z document: document [0-9a-f]{12} is in force: 1 /);
      const stop = new AbortController();
      const followed = stage.run(['events', '--follow', '--json'], { signal: stop.signal });
      await agent.startMaintenance({ service: WEB, destination: ONE });
      await stage.until('it is out', () => agent.explain(WEB, ONE).destinations[0]?.inService === false);
      setTimeout(() => stop.abort(new Error('ended by SIGINT')), 300);
      const run = await followed;
      expect(run.status).to.equal(130);
      const lines = run.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(lines.map(({ id }) => id)).to.deep.equal(lines.map((_, index) => index + 1));
      expect(lines.every(({ version }) => version === 1)).to.equal(true);
      expect(lines.some(({ kind }) => kind === 'maintenance')).to.equal(true);
    });
  });

  describe('agent', () => {
    it('checks a document: mistakes, changes, none', async () => {
      const words = [
        'agent',
        '--check',
        '-f',
        stage.file,
        '--runtime-dir',
        stage.folder,
        '--state-dir',
        stage.folder,
      ];
      stage.write(DOCUMENT);
      const changes = await stage.run(words);
      expect([changes.status, changes.stdout.split('\n').length]).to.deep.equal([2, 5]);
      expect(changes.stdout).to.match(/^add service tcp:192\.0\.2\.10:80/);
      expect(stage.kernel.requests.filter(({ operation = '' }) => operation.startsWith('NEW'))).to.deep.equal(
        [],
      );
      const json = JSON.parse((await stage.run([...words, '--json'])).stdout) as Record<string, unknown>;
      expect(json).to.include({ version: 1, pending: null });
      stage.write({ services: { [WEB]: { check: { htp: {} }, destinations: { [ONE]: { weight: -1 } } } } });
      const wrong = await stage.run(words);
      expect(wrong.status).to.equal(1);
      expect(wrong.stderr)
        .to.contain(`${stage.file}:1:`)
        .and.match(/\d+ mistakes?: the document would change nothing\n$/);
      await stage.start(DOCUMENT);
      await stage.until('it is in', () => stage.agent?.status().services[0]?.capacity === 1);
      expect(await stage.run(words)).to.deep.include({
        status: 0,
        stdout: 'No changes: the table already matches.\n',
      });
      expect((await stage.run(['agent', '--check', '-f', '/nonexistent'])).status).to.equal(1);
    });

    it('finds mistakes in its arguments', async () => {
      for (const words of [
        ['director.yaml'],
        ['accept'],
        ['reload', 'now'],
        ['reload', '--file', 'x'],
        ['--check', '--observe'],
        ['--json'],
      ])
        expect((await stage.run(['agent', ...words])).stderr, words.join(' ')).to.contain('help agent');
    });
  });
});
