import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { expect } from 'chai';
import { IpvsError, METRICS_CONTENT_TYPES } from '@ipvs-ts/ipvs';
import { type Exporter, type ExporterSource, openExporter, parseListenAddress } from '@ipvs-ts/ipvs/exporter';

const OPEN_METRICS = 'application/openmetrics-text;version=1.0.0';

interface Reply {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

async function ask(
  { address }: Exporter,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Reply> {
  const asked = request(`http://${address}${path}`, { headers, method, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, headers: response.headers, text };
}

describe('an exporter', function () {
  this.timeout(60_000);
  let exporter: Exporter;
  let readings: string[];
  let source: ExporterSource;

  beforeEach(async () => {
    readings = [];
    source = {
      async metricsText(format) {
        readings.push(format);
        return Promise.resolve(`${format}\n`);
      },
    };
    exporter = await openExporter('127.0.0.1:0', {
      metricsText: async (format) => source.metricsText(format),
    });
  });
  afterEach(async () => exporter.close());

  it('answers in the format that the client prefers, with its content type', async () => {
    const plain = await ask(exporter, '/metrics?x=1');
    expect(plain).to.include({ status: 200, text: 'prometheus\n' });
    expect(plain.headers).to.include({ 'content-type': METRICS_CONTENT_TYPES.prometheus, vary: 'Accept' });
    const open = await ask(exporter, '/metrics', { Accept: OPEN_METRICS });
    expect(open).to.include({ status: 200, text: 'openmetrics\n' });
    expect(open.headers['content-type']).to.equal(METRICS_CONTENT_TYPES.openmetrics);
    expect(await ask(exporter, '/metrics', {}, 'HEAD')).to.include({ status: 200, text: '' });
  });

  it('reads once for all concurrent requests', async () => {
    let end: ((text: string) => void) | undefined;
    const text = new Promise<string>((resolve) => (end = resolve));
    const begun = new Promise<void>((resolve) => {
      source = {
        async metricsText(format) {
          readings.push(format);
          resolve();
          return text;
        },
      };
    });
    const asked = [ask(exporter, '/metrics'), ask(exporter, '/metrics')];
    await begun;
    // Both are there once a third, which is answered at once, has its reply.
    asked.push(ask(exporter, '/live'), ask(exporter, '/metrics'));
    await asked[2];
    end?.('text');
    for (const each of await Promise.all(asked)) expect(each.status).to.equal(200);
    expect(readings.length).to.be.within(1, 2);
  });

  it('says with status 503 why it cannot read, and goes on', async () => {
    const works = source;
    source = { metricsText: async () => Promise.reject(new Error('read the table: no')) };
    expect(await ask(exporter, '/metrics')).to.include({ status: 503, text: 'read the table: no\n' });
    source = works;
    expect((await ask(exporter, '/metrics')).status).to.equal(200);
  });

  it('is read-only: no other path, method, host or long header', async () => {
    expect(await ask(exporter, '/')).to.include({ status: 404, text: 'there are /metrics and /live\n' });
    expect((await ask(exporter, '/ready')).status).to.equal(404);
    expect((await ask(exporter, '/live')).text).to.equal('live\n');
    const posted = await ask(exporter, '/metrics', {}, 'POST');
    expect([posted.status, posted.headers['allow']]).to.deep.equal([405, 'GET, HEAD']);
    for (const host of ['evil.example.org', 'evil.example.org:9107', '10.0.0.1.example.org'])
      expect((await ask(exporter, '/metrics', { Host: host })).status, host).to.equal(421);
    for (const host of [
      'localhost',
      'LOCALHOST.:80',
      '[::1]:9107',
      '192.0.2.7',
      `${hostname()}.example.org:1`,
    ])
      expect((await ask(exporter, '/metrics', { Host: host })).status, host).to.equal(200);
    expect((await ask(exporter, '/live', { Long: 'x'.repeat(20_000) })).status).to.equal(431);
  });

  it('says why a host is not ready, if it is asked for readiness', async () => {
    let unready = ['no document', 'no table'];
    await using ready = disposable(
      await openExporter('127.0.0.1:0', { ...source, unreadiness: () => unready }),
    );
    expect(await ask(ready.value, '/ready')).to.include({ status: 503, text: 'no document\nno table\n' });
    unready = [];
    expect(await ask(ready.value, '/ready')).to.include({ status: 200, text: 'ready\n' });
    expect((await ask(ready.value, '/')).text).to.equal('there are /metrics, /live and /ready\n');
  });

  it('answers while others hold connections and do not read', async () => {
    const port = Number(exporter.address.split(':')[1]);
    const held = Array.from({ length: 150 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    await Promise.all(held.map(async (socket) => once(socket, 'connect')));
    for (let index = 0; index < 5; index++) expect((await ask(exporter, '/live')).status).to.equal(200);
    for (const socket of held) socket.destroy();
  });

  it('ends with every connection', async () => {
    const socket = connect(Number(exporter.address.split(':')[1]), '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
    const ended = once(socket, 'close');
    await exporter.close();
    await ended;
    const refused = await ask(exporter, '/live').catch((error: unknown) => error);
    expect((refused as NodeJS.ErrnoException).code).to.equal('ECONNREFUSED');
  });

  it('rejects where it cannot listen, with the reason', async () => {
    for (const [address, reason] of [
      [exporter.address, /^cannot listen at 127\.0\.0\.1:\d+: EADDRINUSE: another program listens there/],
      ['192.0.2.1:0', /EADDRNOTAVAIL: no interface of this host has that address/],
    ] as const) {
      const error: unknown = await openExporter(address, source).catch((each: unknown) => each);
      expect(IpvsError.is(error, 'ERR_IPVS_LISTEN'), address).to.equal(true);
      expect((error as Error).message).to.match(reason);
    }
  });
});

describe('a listen address', () => {
  it('is an address and a port', () => {
    expect(parseListenAddress('127.0.0.1:9107')).to.deep.equal({ host: '127.0.0.1', port: 9107 });
    expect(parseListenAddress('[::1]:0')).to.deep.equal({ host: '::1', port: 0 });
    expect(parseListenAddress('[::]:65535')).to.deep.equal({ host: '::', port: 65_535 });
  });

  it('cannot be anything else', () => {
    for (const text of [
      ...[
        '',
        '9107',
        ':9107',
        '127.0.0.1',
        '127.0.0.1:',
        '127.0.0.1:65536',
        '127.0.0.1:-1',
        '127.0.0.1:http',
      ],
      ...[
        '::1:9107',
        '[::1]',
        '[127.0.0.1]:1',
        '256.0.0.1:1',
        'localhost:9107',
        '127.0.0.1:1\n',
        ' 127.0.0.1:1',
      ],
    ])
      expect(() => parseListenAddress(text, '--listen'), JSON.stringify(text)).to.throw(
        RangeError,
        /^--listen must be an address and a port, such as 127\.0\.0\.1:9107/,
      );
    expect(() => parseListenAddress(7 as unknown as string)).to.throw(TypeError, /^listen must be/);
  });
});

function disposable(value: Exporter): { readonly value: Exporter } & AsyncDisposable {
  return { value, [Symbol.asyncDispose]: async () => value.close() };
}
