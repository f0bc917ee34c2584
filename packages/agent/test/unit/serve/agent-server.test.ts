import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type Agent, AgentError, type MaintenanceStatus, serveAgent, type Status } from '@ipvs-ts/agent';
import { ONE, TestAgent, TWO, until, WEB } from '../test-agent.js';

describe('the socket of the agent', function () {
  this.timeout(60_000);
  let test: TestAgent;
  let socket: string;
  let agent: Agent;

  beforeEach(async () => {
    test = new TestAgent();
    socket = join(test.folder, 'agent.sock');
    test.write({ services: { [WEB]: { destinations: { [ONE]: {}, [TWO]: {} } } } });
    agent = await test.start();
    await test.serve(agent);
    await until('all are in service', () => agent.status().services[0]?.capacity === 1);
  });

  afterEach(() => test.remove());

  function ask(method: string, path: string, body?: string): Promise<{ status: number; json: unknown }> {
    return new Promise((resolve, reject) => {
      const asked = request({ socketPath: socket, method, path }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, json: JSON.parse(text) as unknown }),
        );
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }

  it('answers status, readiness and explanations', async () => {
    const { json } = await ask('GET', '/status');
    expect((json as Status).services[0]).to.include({ service: WEB, capacity: 1 });
    expect(await ask('GET', '/ready')).to.deep.equal({ status: 200, json: { ready: true, unfit: [] } });
    expect((await ask('GET', '/live')).status).to.equal(200);
    expect((await ask('GET', `/explain?service=${WEB}&destination=${ONE}`)).json).to.have.nested.property(
      'destinations[0].inService',
      true,
    );
    expect((await ask('GET', '/explain?service=tcp:192.0.2.99:80')).status).to.equal(404);
  });

  it('starts and ends maintenance', async () => {
    const body = JSON.stringify({ service: WEB, destination: ONE, why: 'disk', milliseconds: 60_000 });
    expect((await ask('POST', '/maintenance', body)).status).to.equal(200);
    const { maintenance } = (await ask('GET', '/maintenance')).json as {
      maintenance: MaintenanceStatus[];
    };
    expect(maintenance[0]).to.deep.include({ service: WEB, destination: ONE, why: 'disk', by: null });
    expect(Date.parse(maintenance[0]?.until ?? '') - Date.parse(maintenance[0]?.since ?? '')).to.equal(
      60_000,
    );
    const last = JSON.stringify({ service: WEB, destination: TWO });
    expect((await ask('POST', '/maintenance', last)).status, 'the last one').to.equal(409);
    expect((await ask('DELETE', `/maintenance?service=${WEB}&destination=${ONE}`)).status).to.equal(200);
    expect((await ask('DELETE', `/maintenance?service=${WEB}&destination=${ONE}`)).status).to.equal(404);
  });

  it('refuses invalid requests with the reason', async () => {
    const statuses = await Promise.all([
      ask('GET', '//'),
      ask('GET', '/nothing'),
      ask('PUT', '/status'),
      ask('POST', '/accept', '{}'),
      ask('POST', '/accept', '{"revision":"x"}'),
      ask('POST', '/maintenance', '{"service":"nonsense"}'),
      ask('POST', '/maintenance', '{'),
      ask('POST', '/maintenance', JSON.stringify({ why: 'x'.repeat(100_000) })),
    ]);
    expect(statuses.map(({ status }) => status)).to.deep.equal([400, 404, 404, 400, 404, 400, 400, 413]);
    for (const { json } of statuses)
      expect(json).to.have.nested.property('error.message').that.is.a('string');
  });

  it('streams events, and a client that reads none delays no others', async () => {
    const silent = connect(socket);
    silent.write('GET /events?follow=1 HTTP/1.1\r\nHost: x\r\n\r\n');
    const lines = await new Promise<string>((resolve, reject) => {
      request({ socketPath: socket, path: '/events?follow=1' }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (/maintenance.*\n/.test(text)) resolve(text);
        });
      })
        .on('error', reject)
        .end();
      void sleep(50).then(() => agent.startMaintenance({ service: WEB, destination: ONE }));
    });
    const event = lines.split('\n').find((line) => line.includes('maintenance')) ?? '';
    expect(JSON.parse(event)).to.include({ kind: 'maintenance', destination: ONE });
    expect((await ask('GET', '/live')).status).to.equal(200);
    silent.destroy();
  });

  it('replaces a stale socket, and refuses one that another program answers', async () => {
    expect(statSync(socket).mode & 0o777).to.equal(0o660);
    const error: unknown = await serveAgent(agent, { socket }).catch((each: unknown) => each);
    expect(AgentError.is(error, 'ERR_AGENT_RUNNING')).to.equal(true);
    const stale = join(test.folder, 'stale.sock');
    // Its process dies and leaves it.
    const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', script, stale]);
    expect(statSync(stale).isSocket()).to.equal(true);
    const other = await serveAgent(agent, { socket: stale });
    await other.close();
    expect(existsSync(stale)).to.equal(false);
    const precious = join(test.folder, 'precious.txt');
    writeFileSync(precious, 'mine');
    const refused: unknown = await serveAgent(agent, { socket: precious }).catch((each: unknown) => each);
    expect(AgentError.is(refused, 'ERR_AGENT_LISTEN')).to.equal(true);
    expect(readFileSync(precious, 'utf8')).to.equal('mine');
    const missing = join(test.folder, 'no', 'such', 'folder.sock');
    const failure: unknown = await serveAgent(agent, { socket: missing }).catch((each: unknown) => each);
    expect(AgentError.is(failure, 'ERR_AGENT_LISTEN')).to.equal(true);
  });

  it('accepts new clients while others hold their connections', async () => {
    const hogs = Array.from({ length: 80 }, () => connect(socket).on('error', () => undefined));
    for (const [index, hog] of hogs.entries())
      hog.write(index % 2 === 0 ? 'GET /sta' : 'GET /events?follow=1 HTTP/1.1\r\nHost: x\r\n\r\n');
    for (let round = 0; round < 5; round++) expect((await ask('GET', '/live')).status).to.equal(200);
    for (const hog of hogs) hog.destroy();
  });

  it('refuses requests beyond its rate, and answers again later', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const seen: number[] = [];
        for (let count = 0; count < 10; count++) seen.push((await ask('GET', '/status')).status);
        return seen;
      }),
    );
    expect(new Set(statuses.flat())).to.deep.equal(new Set([200, 429]));
    await sleep(300);
    expect((await ask('GET', '/live')).status).to.equal(200);
  });

  it('reports what a destination in maintenance still has, until it has nothing', async () => {
    const wait = `/maintenance/wait?service=${WEB}&destination=${ONE}`;
    expect((await ask('GET', wait).catch(() => ({ status: 0 }))).status).to.equal(404);
    test.kernel.count(WEB, ONE, { activeConnections: 2 });
    await agent.startMaintenance({ service: WEB, destination: ONE });
    const seen: Record<string, unknown>[] = [];
    await new Promise<void>((resolve, reject) => {
      request({ socketPath: socket, path: wait }, (response) => {
        response.on('data', (chunk: Buffer) => {
          for (const line of chunk.toString().trim().split('\n'))
            seen.push(JSON.parse(line) as Record<string, unknown>);
          if (seen.at(-1)?.['waitingFor'] === 'active') test.kernel.count(WEB, ONE, { activeConnections: 0 });
        });
        response.on('end', resolve);
      })
        .on('error', reject)
        .end();
    });
    expect(seen.some(({ activeConnections, weight }) => activeConnections === 2 && weight === 0)).to.equal(
      true,
    );
    expect(seen.at(-1)).to.deep.equal({ version: 1, outcome: 'drained' });
    await agent.endMaintenance(WEB, ONE);
  });
});
