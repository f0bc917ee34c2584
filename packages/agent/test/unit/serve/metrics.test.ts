import { execFileSync } from 'node:child_process';
import { get, type IncomingHttpHeaders, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Agent, AgentServer } from '@ipvs-ts/agent';
import { needsPromtool } from '../../../../ipvs/dist-test/unit/format/promtool.js';
import { freePort, MINE, ONE, TestAgent, TWO, until, WEB } from '../test-agent.js';

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

describe('the TCP listener of an agent', function () {
  this.timeout(60_000);
  let test: TestAgent;
  let port: number;
  let agent: Agent;
  let server: AgentServer;

  beforeEach(async () => {
    test = new TestAgent();
    port = await freePort();
    test.write(document());
    agent = await test.start();
    server = await test.serve(agent);
    await until('it answers', () => ask('/ready').then(({ status }) => status === 200));
  });

  afterEach(() => test.remove());

  function document(settings: object = {}): string {
    const destinations = { [ONE]: { weight: 100 }, [TWO]: { weight: 100 } };
    return JSON.stringify({
      services: { [WEB]: { scheduler: 'wlc', check: MINE, destinations } },
      agent: {
        id: 'lb1',
        listen: { metrics: `127.0.0.1:${port}` },
        metrics: { by: 'destination' },
        ...settings,
      },
    });
  }

  async function ask(
    path: string,
    options: {
      readonly method?: string;
      readonly headers?: Record<string, string>;
      readonly at?: number;
    } = {},
  ): Promise<Reply> {
    const { method = 'GET', headers = {}, at = port } = options;
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port: at, path, method, headers, agent: false },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
          );
          response.on('error', reject);
        },
      );
      asked.on('error', reject);
      asked.end();
    });
  }

  const metrics = async (): Promise<string> => (await ask('/metrics')).text;
  const shows = (line: string): Promise<void> =>
    until(line, async () => (await metrics()).includes(`\n${line}\n`));

  it('serves the metrics of the table, of the agent and of the process', async () => {
    for (const each of [ONE, TWO])
      await shows(`ipvs_destination_weight{service="${WEB}",destination="${each}"} 100`);
    test.dead.add('10.0.0.1');
    await shows(`ipvs_destination_weight{service="${WEB}",destination="${ONE}"} 0`);
    for (const line of [
      `ipvs_agent_destinations{service="${WEB}",state="down"} 1`,
      `ipvs_agent_destinations{service="${WEB}",state="up"} 1`,
      `ipvs_agent_destinations{service="${WEB}",state="kept"} 0`,
      `ipvs_agent_destination_up{service="${WEB}",destination="${ONE}"} 0`,
      `ipvs_agent_destination_up{service="${WEB}",destination="${TWO}"} 1`,
      `ipvs_agent_transitions_total{service="${WEB}",to="down"} 1`,
      `ipvs_agent_guard_active{service="${WEB}",guard="all_down"} 0`,
      `ipvs_agent_destinations_flapping{service="${WEB}"} 0`,
      `ipvs_agent_capacity_ratio{service="${WEB}"} 0.5`,
      'ipvs_agent_changes_total{kind="edit",outcome="done"} 3',
      'ipvs_agent_document_valid 1',
      'ipvs_agent_document_pending 0',
      'ipvs_agent_fit 1',
      'ipvs_agent_maintenance 0',
      `ipvs_agent_source_connected{source="${test.file}"} 1`,
      'ipvs_agent_info{version="0.1.0",id="lb1"} 1',
    ])
      await shows(line);
    const text = await metrics();
    expect(text).to.match(/\nipvs_agent_checks_total\{check="mine",result="failed"\} [1-9]/);
    expect(text).to.match(/\nipvs_agent_check_duration_seconds_bucket\{le="0.05",check="mine"\} [1-9]/);
    expect(text).to.match(/\nipvs_agent_document_revision\{revision="[0-9a-f]{12}"\} 1\n/);
    expect(text).to.match(/\nipvs_agent_source_age_seconds\{source="[^"]+"\} \d/);
    expect(text).to.match(/\nprocess_resident_memory_bytes \d/);
    expect(text).to.match(/\nnodejs_eventloop_lag_seconds \d/);
  });

  it('counts destinations that flap', async () => {
    for (let count = 1; count <= 3; count++) {
      await shows(`ipvs_agent_destination_up{service="${WEB}",destination="${ONE}"} 1`);
      test.dead.add('10.0.0.1');
      await shows(`ipvs_agent_destination_up{service="${WEB}",destination="${ONE}"} 0`);
      test.dead.delete('10.0.0.1');
    }
    await shows(`ipvs_agent_destinations_flapping{service="${WEB}"} 1`);
  });

  it('counts what others did', async () => {
    await using other = await test.open();
    await shows(`ipvs_agent_destinations{service="${WEB}",state="up"} 2`);
    await shows(`ipvs_destination_weight{service="${WEB}",destination="${ONE}"} 100`);
    await other.setDestination(WEB, ONE, { forwarding: 'masq', weight: 0 });
    await shows(`ipvs_agent_foreign_changes_total{service="${WEB}",action="respected"} 1`);
    await other.addDestination(WEB, '10.0.0.9:80');
    await other.deleteDestination(WEB, TWO);
    await shows(`ipvs_agent_foreign_changes_total{service="${WEB}",action="restored"} 1`);
    await shows(`ipvs_agent_foreign_changes_total{service="${WEB}",action="reported"} 1`);
  });

  it('writes Prometheus text, and OpenMetrics on request, also at the same time', async () => {
    const accept = 'application/openmetrics-text;version=1.0.0';
    const [plain, open] = await Promise.all([
      ask('/metrics'),
      ask('/metrics', { headers: { Accept: accept } }),
    ]);
    expect(plain.headers['content-type']).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(plain.text).to.include('# TYPE ipvs_agent_checks_total counter\n').and.not.include('# EOF');
    expect(open.headers['content-type']).to.equal(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
    expect(open.text).to.include('# TYPE ipvs_agent_checks counter\n');
    expect(open.text.match(/# EOF/g)).to.have.length(1);
    expect(open.text.endsWith('\n# EOF\n')).to.equal(true);
    for (const { text } of [plain, open]) expect(text).not.to.match(/\n\n/);
  });

  it('passes promtool without a finding', async function () {
    needsPromtool(this);
    execFileSync('promtool', ['check', 'metrics'], { input: await metrics(), stdio: 'pipe' });
  });

  it('has series of destinations only if the document asks for them', async () => {
    test.write(document({ metrics: { by: 'service' } }));
    await until('no series of destinations', async () => !(await metrics()).includes('destination="'));
    await shows(`ipvs_destination_weight{service="${WEB}"} 200`);
  });

  it('is ready while the director is fit, and always live', async () => {
    expect(await ask('/live')).to.include({ status: 200, text: 'live\n' });
    test.write(JSON.stringify({ ...(JSON.parse(document()) as object), services: {} }));
    expect((await ask('/ready', { method: 'HEAD' })).text).to.equal('');
    test.write('{');
    await shows('ipvs_agent_document_valid 0');
    expect((await ask('/ready')).status).to.equal(200);
  });

  it('is read-only: no other path, method or host', async () => {
    expect((await ask('/status')).status).to.equal(404);
    expect((await ask('/metrics', { method: 'POST' })).status).to.equal(405);
    expect((await ask('/metrics', { headers: { Host: 'evil.example.org' } })).status).to.equal(421);
    for (const host of ['127.0.0.1', `localhost:${port}`, '[::1]:9107'])
      expect((await ask('/live', { headers: { Host: host } })).status, host).to.equal(200);
    expect((await ask(`/live?${'x'.repeat(20_000)}`)).status).to.equal(431);
  });

  it('follows the document to another port, and away', async () => {
    const other = await freePort();
    test.write(document({ listen: { metrics: `127.0.0.1:${other}` } }));
    await until('it answers there', () => ask('/live', { at: other }).then(({ status }) => status === 200));
    expect(await ask('/live').catch((error: unknown) => (error as NodeJS.ErrnoException).code)).to.equal(
      'ECONNREFUSED',
    );
    test.write(document({ listen: {} }));
    await until('it is gone', () =>
      ask('/live', { at: other }).then(
        () => false,
        () => true,
      ),
    );
  });

  it('reports a port that is in use, and continues', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port: other } = taken.address() as AddressInfo;
    test.write(document({ listen: { metrics: `127.0.0.1:${other}` } }));
    await until('it is reported', async () =>
      agent.events().some(({ kind, text }) => kind === 'warning' && text.includes('EADDRINUSE')),
    );
    expect(agent.status().fit).to.equal(true);
    taken.close();
  });

  it('answers while others hold connections and do not read', async () => {
    const held: Socket[] = [];
    for (let index = 0; index < 150; index++) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      // Half of them ask and do not read.
      if (index % 2 === 0) socket.write('GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
      socket.pause();
      held.push(socket);
    }
    await sleep(100);
    for (let index = 0; index < 5; index++) expect((await ask('/live')).status).to.equal(200);
    for (const socket of held) socket.destroy();
  });

  it('ends with the agent’s server', async () => {
    await server.close();
    await new Promise<void>((resolve, reject) => {
      get(`http://127.0.0.1:${port}/live`, () => reject(new Error('it still answers'))).on('error', () =>
        resolve(),
      );
    });
  });
});
