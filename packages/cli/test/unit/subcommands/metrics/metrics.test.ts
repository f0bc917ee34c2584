import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Ipvs } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { Interruption } from '../../../../dist/subcommands/framework/interruption.js';
import { type Ran, ran, type World } from '../fake-subcommand-io.js';

const WEB = 'tcp:192.0.2.10:80';

describe('ipvs-ts metrics', function () {
  this.timeout(60_000);
  let kernel: IpvsKernel;

  const open = async (): Promise<Ipvs> =>
    Ipvs.open({ transport: doubleTransport(kernel), proc: '/nonexistent' });

  beforeEach(async () => {
    kernel = new IpvsKernel();
    await using ipvs = await open();
    await ipvs.addService(WEB);
    await ipvs.addDestination(WEB, '10.0.0.1:80', { weight: 3 });
    await ipvs.addDestination(WEB, '10.0.0.2:80', { weight: 4 });
  });

  it('prints Prometheus text, or OpenMetrics', async () => {
    const plain = await ran(['metrics'], { open });
    expect([plain.status, plain.stderr]).to.deep.equal([0, '']);
    expect(plain.stdout).to.include('# TYPE ipvs_connections_total counter\n').and.not.include('# EOF');
    expect(plain.stdout).to.include(
      `\nipvs_destination_weight{service="${WEB}",destination="10.0.0.1:80"} 3\n`,
    );
    const { stdout } = await ran(['metrics', '--openmetrics'], { open });
    expect(stdout).to.match(/^# HELP ipvs_connections [^]*\n# EOF\n$/);
  });

  it('adds destinations up by service', async () => {
    const { stdout } = await ran(['metrics', '--by=service'], { open });
    expect(stdout).to.include(`\nipvs_destination_weight{service="${WEB}"} 7\n`);
    expect(stdout).not.to.include('destination="');
    const every = await ran(['metrics', '--by', 'destination'], { open });
    expect(every.stdout).to.include('destination="10.0.0.2:80"');
  });

  it('names what is wrong with its arguments, before it asks the kernel', async () => {
    const closed = async (): Promise<Ipvs> => Promise.reject(new Error('it was opened'));
    for (const [words, message] of [
      [['--by', 'host'], /--by host: it is one of destination, service/],
      [['--listen', '127.0.0.1:1', '--openmetrics'], /--openmetrics is not for --listen/],
      [['--listen', 'localhost:9107'], /--listen must be an address and a port, .* not "localhost:9107"/],
      [['--listen', ''], /--listen must be an address and a port/],
      [['tcp:192.0.2.10:80'], /unexpected argument/],
    ] as const) {
      const { status, stdout, stderr } = await ran(['metrics', ...words], { open: closed });
      expect([status, stdout], words.join(' ')).to.deep.equal([1, '']);
      expect(stderr, words.join(' '))
        .to.match(message)
        .and.to.match(/help metrics explains the options/);
    }
  });

  /** Serves at a free port; `during` has the URL of the metrics. */
  async function served(
    words: readonly string[],
    world: World,
    during: (url: string, stderr: () => string) => Promise<void>,
  ): Promise<Ran> {
    const stop = new AbortController();
    let stderr = '';
    let failure: unknown;
    let begun: Promise<unknown> | undefined;
    const result = await ran(['metrics', '--listen', '127.0.0.1:0', ...words], {
      open,
      ...world,
      signal: stop.signal,
      onStderr: (text) => {
        stderr += text;
        const url = /http:\S+/.exec(stderr)?.[0];
        if (url === undefined) return;
        begun ??= during(url, () => stderr)
          .catch((error: unknown) => (failure = error))
          .finally(() => stop.abort(new Interruption('SIGTERM')));
      },
    });
    if (failure !== undefined) throw failure as Error;
    return result;
  }

  it('serves them as they are at each scrape, until a signal comes', async () => {
    let base = '';
    const { status, stdout, stderr } = await served([], {}, async (url) => {
      base = url;
      expect(await (await fetch(url)).text()).to.include('destination="10.0.0.1:80"} 3\n');
      await using ipvs = await open();
      await ipvs.updateDestination(WEB, '10.0.0.1:80', { weight: 9 });
      const response = await fetch(url, { headers: { Accept: 'application/openmetrics-text' } });
      expect(response.headers.get('content-type')).to.match(
        /^application\/openmetrics-text; version=1\.0\.0/,
      );
      expect(await response.text()).to.match(/destination="10\.0\.0\.1:80"\} 9\n[^]*# EOF\n$/);
      expect((await fetch(url.replace('/metrics', '/live'))).status).to.equal(200);
    });
    expect([status, stdout]).to.deep.equal([0, '']);
    expect(stderr).to.match(/^ipvs-ts metrics: http:\/\/127\.0\.0\.1:\d+\/metrics\n$/);
    expect(await fetch(base).catch(() => 'it is gone')).to.equal('it is gone');
  });

  it('reports once that the table cannot be read, and once that it can again', async () => {
    let isBroken = true;
    const breaking = async (): Promise<Ipvs> => {
      const ipvs = await open();
      const read = ipvs.table.bind(ipvs);
      return Object.assign(ipvs, {
        table: async () => (isBroken ? Promise.reject(new Error('read the table: \u001b[2J')) : read()),
      });
    };
    const { status, stderr } = await served(['--by', 'service'], { open: breaking }, async (url) => {
      for (let count = 0; count < 3; count++) expect((await fetch(url)).status).to.equal(503);
      isBroken = false;
      for (let count = 0; count < 2; count++) expect((await fetch(url)).status).to.equal(200);
    });
    expect(status).to.equal(0);
    expect(stderr.split('\n').slice(1)).to.deep.equal([
      'ipvs-ts metrics: read the table: \\x1b[2J',
      'ipvs-ts metrics: the table can be read again',
      '',
    ]);
  });

  it('names the address that is in use', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const { status, stderr } = await ran(['metrics', '--listen', `127.0.0.1:${port}`], { open });
    await new Promise((resolve) => taken.close(resolve));
    expect(status).to.equal(1);
    expect(stderr).to.match(
      /^ipvs-ts metrics: cannot listen at 127\.0\.0\.1:\d+: EADDRINUSE: another program/,
    );
  });
});
