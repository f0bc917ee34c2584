import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect } from 'chai';
import { documentYaml, importKeepalived } from '@ipvs-ts/agent';
import { ran, type World } from '../fake-subcommand-io.js';
import { AgentStage } from '../status/agent-stage.js';

const WEB = 'tcp:192.0.2.10:80';
const OTHER = 'tcp:192.0.2.11:80';
const ONE = '10.0.0.1:80';
const TWO = '10.0.0.2:80';
const DOCUMENT = `
defaults:
  destination: { forwarding: route, weight: 100 }
services:
  ${WEB}:
    scheduler: mh
    check: web
    health: { floor: 40% }
    destinations: { ${TWO}: {}, ${ONE}: { check: none } }
  ${OTHER}:
    destinations: { ${ONE}: {} }
checks:
  web: { http: { path: /healthz } }
agent: { id: lb1, listen: { metrics: '127.0.0.1:9107' } }
`;
const PLAIN = { services: { [WEB]: { scheduler: 'mh', destinations: { [ONE]: { weight: 3 }, [TWO]: {} } } } };
const CORPUS = new URL('../../../../../agent/test/corpus/keepalived/', import.meta.url);

describe('documents of the agent', function () {
  this.timeout(60_000);
  let stage: AgentStage;
  const file = (text: string): World => ({ kernel: stage.kernel, files: { 'director.yaml': text } });
  const run = (words: readonly string[], text = DOCUMENT): ReturnType<typeof ran> =>
    ran([...words, '-f', 'director.yaml'], file(text));

  beforeEach(() => {
    stage = new AgentStage();
  });
  afterEach(() => stage.close());

  it('are planned with their defaults, in canonical order', async () => {
    const { status, stdout, stderr } = await run(['plan']);
    expect(status, stderr).to.equal(2);
    expect(stdout).to.contain(`+ destination ${ONE} of service ${WEB}: forwarding route, weight 100`);
    expect(stdout.indexOf(ONE)).to.be.below(stdout.indexOf(TWO));
    expect((await run(['apply'])).status).to.equal(0);
    expect((await run(['plan'])).status).to.equal(0);
  });

  it('have typos reported, in the agent’s fields too, with line and column', async () => {
    for (const [wrong, right, place] of [
      ['helth: {', 'health: {', /director\.yaml:8:5/],
      ['pth: /healthz', 'path: /healthz', /director\.yaml:13:\d+: checks\.web\.http\.pth/],
      ['wieght: 100', 'weight: 100', /did you mean.*weight/],
      ['check: wbe', 'check: web', /names "wbe", which is not in checks/],
    ] as const) {
      const text = DOCUMENT.replace(right, wrong);
      const { status, stderr } = await run(['plan'], text);
      expect([status, wrong]).to.deep.equal([1, wrong]);
      expect(stderr).to.match(place);
      const checked = await ran(['validate', 'director.yaml'], file(text));
      expect([checked.status, wrong]).to.deep.equal([1, wrong]);
    }
    expect((await ran(['validate', 'director.yaml'], file(DOCUMENT))).status).to.equal(0);
  });

  it('keep present weights where a service has a check, and only there', async () => {
    await run(['apply']);
    await using ipvs = await stage.open();
    await ipvs.setDestination(WEB, TWO, { forwarding: 'route', weight: 0 });
    await ipvs.setDestination(OTHER, ONE, { forwarding: 'route', weight: 7 });
    const { stdout } = await run(['plan']);
    expect(stdout).to.contain(`destination ${ONE} of service ${OTHER}: weight 7 -> 100`);
    expect(stdout).not.to.contain(TWO);
  });

  it('are made by import, and are valid then', async () => {
    for (const name of readdirSync(CORPUS).filter((each) => /^0[1-6].*\.conf$/.test(each))) {
      const text = readFileSync(new URL(name, CORPUS), 'utf8');
      const { document } = importKeepalived({ path: name, text }, {});
      const { status, stderr } = await ran(['validate', 'director.yaml'], file(documentYaml(document, [])));
      expect([name, status, stderr]).to.deep.equal([name, 0, '']);
    }
  });

  it('are applied beside an agent that only observes', async () => {
    const open = await stage.open();
    await open.addService(WEB, { scheduler: 'wlc' });
    await open.close();
    await stage.start(PLAIN, { observe: true });
    const text = JSON.stringify({ services: { [WEB]: { scheduler: 'rr' } } });
    const applied = await stage.run(['apply', '-f', 'director.yaml'], file(text));
    expect([applied.status, applied.stderr]).to.deep.equal([0, '']);
    expect((await stage.run(['status'])).stdout).to.contain('it only observes');
  });

  describe('with an agent that keeps them', () => {
    beforeEach(() => stage.start(PLAIN));

    it('are not applied beside it, unless with --force', async () => {
      const text = JSON.stringify({ services: { [WEB]: { scheduler: 'rr' } } });
      const words = ['apply', '-f', 'director.yaml'];
      const refused = await stage.run(words, file(text));
      expect(refused.status).to.equal(1);
      expect(refused.stderr).to.match(/keeps tcp:192\.0\.2\.10:80; .*ipvs-ts agent reload, or use --force/);
      expect((await stage.run([...words, '--dry-run'], file(text))).status).to.equal(0);
      expect((await stage.run([...words, '--force'], file(text))).status).to.equal(0);
      const other = JSON.stringify({ services: { [OTHER]: {} } });
      expect((await stage.run(words, file(other))).status).to.equal(0);
      const all = await stage.run([...words, '--prune', 'all', '--yes'], file(other));
      expect([all.status, all.stderr.includes('--force')]).to.deep.equal([1, true]);
    });

    it('are not drained beside it, unless with --force', async () => {
      const refused = await stage.run(['drain', WEB, ONE]);
      expect(refused.status).to.equal(1);
      expect(refused.stderr.replaceAll('\n', ' ')).to.contain(`ipvs-ts maintenance start ${WEB} ${ONE}`);
      expect((await stage.run(['drain', WEB, ONE, '--force'])).status).to.equal(0);
    });

    it('are applied and drained beside an agent of another network namespace', async () => {
      const status = { ...stage.agent?.status(), namespace: '1' };
      const socket = join(stage.folder, 'other.sock');
      const server = createServer((_request, response) => response.end(JSON.stringify(status)));
      await new Promise<void>((resolve) => server.listen(socket, resolve));
      try {
        const applied = await ran(['apply', '-f', 'director.yaml', '--socket', socket], {
          kernel: stage.kernel,
          ...file(JSON.stringify({ services: { [WEB]: { scheduler: 'rr' } } })),
        });
        expect([applied.status, applied.stderr]).to.deep.equal([0, '']);
        const drained = await ran(['drain', WEB, ONE, '--socket', socket], { kernel: stage.kernel });
        expect(drained.status).to.equal(0);
      } finally {
        server.close();
      }
    });

    it('are exported with the weights that they declare; with --live, with those of the kernel', async () => {
      await stage.agent?.startMaintenance({ service: WEB, destination: ONE });
      await stage.until('it is out', () =>
        (stage.agent?.status().services[0]?.destinations ?? []).some(({ weight }) => weight === 0),
      );
      const weight = async (...words: string[]): Promise<unknown> => {
        const { stdout } = await stage.run(['export', '--json', ...words]);
        const { services } = JSON.parse(stdout) as {
          services: Record<string, { destinations: Record<string, { weight?: number }> }>;
        };
        return services[WEB]?.destinations[ONE]?.weight;
      };
      expect(await weight()).to.equal(3);
      expect(await weight('--live')).to.equal(0);
    });
  });
});
