import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { Agent } from '@ipvs-ts/agent';
import { freePort, MINE, ONE, TestAgent, TWO, until, WEB } from '../test-agent.js';

interface Message {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
}

describe('the page of an agent', function () {
  this.timeout(60_000);
  let test: TestAgent;
  let port: number;
  let agent: Agent;
  let url: string;

  beforeEach(async () => {
    test = new TestAgent();
    port = await freePort();
    url = `http://127.0.0.1:${port}`;
    write({});
    agent = await test.start();
    await test.serve(agent);
    await until('it is ready', async () => (await fetch(`${url}/ready`)).status === 200);
    await until('all are up', () => {
      const [web] = agent.status().services;
      return web?.destinations.every(({ state, weight }) => state === 'up' && weight === 100) === true;
    });
  });

  afterEach(() => test.remove());

  function write(settings: object): void {
    const destinations = { [ONE]: { weight: 100 }, [TWO]: { weight: 100 } };
    test.write({
      services: { [WEB]: { scheduler: 'wlc', check: MINE, destinations } },
      agent: { id: 'lb1', listen: { page: `127.0.0.1:${port}` }, ...settings },
    });
  }

  /** Reads a stream until `enough`. */
  async function stream(path: string, enough: (messages: readonly Message[]) => boolean): Promise<Message[]> {
    const stop = new AbortController();
    const messages: Message[] = [];
    const response = await fetch(`${url}${path}`, { signal: stop.signal });
    expect(response.headers.get('content-type')).to.equal('text/event-stream; charset=utf-8');
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const field = (name: string): string | undefined =>
          new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1];
        messages.push({
          event: field('event') ?? '',
          id: field('id'),
          data: JSON.parse(field('data') ?? '') as Record<string, unknown>,
        });
      }
      if (enough(messages)) break;
    }
    stop.abort();
    return messages;
  }

  it('is one file whose policy names its script and style', async () => {
    const response = await fetch(`${url}/`);
    expect(response.status).to.equal(200);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).to.include("default-src 'none'").and.include("connect-src 'self'");
    expect(policy).not.to.include('unsafe');
    expect(response.headers.get('cache-control')).to.equal('no-store');
    expect(response.headers.get('set-cookie')).to.equal(null);
    const html = await response.text();
    expect(html).to.include('Copyright (c) 2015-present Jason Miller');
    expect(html.match(/<script/g)).to.have.length(1);
    expect(html.replace(/<!--[^]*-->/, '')).not.to.match(/\b(?:src|href)="/);
  });

  it('is read-only: other methods, hosts and sites receive nothing', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await fetch(`${url}/`, { method })).status, method).to.equal(405);
    expect((await fetch(`${url}/`, { method: 'HEAD' })).status).to.equal(200);
    expect((await fetch(`${url}/stream`, { method: 'HEAD' })).status).to.equal(200);
    const ask = (path: string, headers: Record<string, string>): Promise<number> =>
      new Promise((resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
          response.destroy();
          resolve(response.statusCode ?? 0);
        });
        asked.on('error', reject);
        asked.end();
      });
    for (const path of ['/', '/stream', '/details', '/live'])
      expect(await ask(path, { Host: 'attacker.example' }), path).to.equal(421);
    for (const path of ['/stream', '/details'])
      expect(await ask(path, { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors' }), path).to.equal(
        403,
      );
    expect(await ask('/', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' })).to.equal(200);
    expect(await ask('/maintenance', {})).to.equal(404);
    expect(await ask('//', {})).to.equal(400);
  });

  it('receives everything, and then the differences', async () => {
    const messages = await stream('/stream', (all) => {
      const has = (event: string): boolean => all.some((each) => each.event === event);
      if (has('snapshot')) test.dead.add('10.0.0.2');
      return JSON.stringify(all.filter(({ event }) => event === 'change')).includes('"down"');
    });
    expect(messages[0]?.event).to.equal('beat');
    const [snapshot] = messages.filter(({ event }) => event === 'snapshot');
    expect(snapshot?.data).to.have.keys('head', 'services', 'events', 'traffic', 'history');
    expect(snapshot?.data['head']).to.include({ id: 'lb1', fit: true, ready: true });
    const changes = messages.filter(({ event }) => event === 'change');
    const text = JSON.stringify(changes);
    expect(text).to.include(TWO).and.not.include(`["${ONE}"`);
    const numbers = [snapshot, ...changes].map((each) => Number(each?.id?.split('.')[1]));
    expect(numbers).to.deep.equal(numbers.map((_, index) => (numbers[0] as number) + index));
  });

  it('receives what it missed when it reconnects, or everything if that is not known', async () => {
    const first = await stream('/stream', (all) => all.some(({ event }) => event === 'snapshot'));
    const last = first.findLast(({ id }) => id !== undefined)?.id as string;
    test.dead.add('10.0.0.2');
    await until('it is down', () => agent.events().some(({ text }) => text.includes('→ down')));
    const isDown = (all: readonly Message[]): boolean => JSON.stringify(all).includes('→ down');
    const back = await stream(`/stream?after=${last}`, isDown);
    expect(back.map(({ event }) => event))
      .to.include('change')
      .and.not.include('snapshot');
    for (const unknown of ['x.1', last.replace(/\d+$/, '99999'), 'nonsense', '']) {
      const other = await stream(`/stream?after=${unknown}`, (all) =>
        all.some(({ event }) => event !== 'beat'),
      );
      expect(other.at(-1)?.event, unknown).to.equal('snapshot');
    }
  });

  it('shows more about destinations that are expanded', async () => {
    await until('there are checks', async () => {
      const query = new URLSearchParams({ service: WEB, destinations: `${ONE},10.9.9.9:9,${TWO}` });
      const { destinations } = (await (await fetch(`${url}/details?${query.toString()}`)).json()) as {
        destinations: { destination: string; active: number; checks: { name: string; ticks: number[] }[] }[];
      };
      expect(destinations.map(({ destination }) => destination)).to.deep.equal([ONE, TWO]);
      const [check] = destinations[0]?.checks ?? [];
      return check?.name === 'mine' && check.ticks.length > 3 && check.ticks.every((tick) => tick === 30);
    });
    expect((await fetch(`${url}/details?service=tcp:192.0.2.99:1`)).status).to.equal(404);
    const many = new URLSearchParams({ service: WEB, destinations: Array(201).fill('1.2.3.4:5').join() });
    expect((await fetch(`${url}/details?${many.toString()}`)).status).to.equal(400);
  });

  it('is not delayed by clients that do not read', async () => {
    const silent = connect(port, '127.0.0.1');
    silent.pause();
    silent.write('GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
    test.dead.add('10.0.0.2');
    const messages = await stream('/stream', (all) => JSON.stringify(all).includes('"down"'));
    expect(messages.length).to.be.above(1);
    silent.destroy();
  });

  it('reads only the list of services, every five seconds, if no page is open', async () => {
    await until('it has sampled', () =>
      test.kernel.requests.some(({ operation }) => operation === 'GET_SERVICE'),
    );
    const before = test.kernel.requests.length;
    await sleep(1500);
    const asked = test.kernel.requests.slice(before).map(({ operation }) => operation);
    expect(asked.filter((operation) => operation === 'GET_SERVICE').length).to.be.at.most(2);
  });

  it('follows the document, and closes when it is removed from it', async () => {
    write({ listen: {} });
    await agent.reload();
    await until('it is gone', async () =>
      fetch(`${url}/live`).then(
        () => false,
        () => true,
      ),
    );
    write({});
    await agent.reload();
    await until('it is back', async () => (await fetch(`${url}/live`)).ok);
  });
});

describe('the file of the page', () => {
  it('is what its sources make: npm run page', async function () {
    this.timeout(60_000);
    const script = new URL('../../../scripts/page.js', import.meta.url);
    const { pageModule, TARGET } = (await import(pathToFileURL(script.pathname).href)) as {
      pageModule: () => Promise<string>;
      TARGET: string;
    };
    expect(readFileSync(TARGET, 'utf8') === (await pageModule()), 'npm run page').to.equal(true);
  });
});
