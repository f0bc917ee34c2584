/** A real Prometheus scrapes an agent and an exporter whose kernel is in memory, for a minute. Run by scripts/test-metrics. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { failed, passed, runAgent, serveAgent } from '@ipvs-ts/agent';
import { Ipvs, metricsText, readMetrics } from '@ipvs-ts/ipvs';
import { openExporter } from '@ipvs-ts/ipvs/exporter';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { CHECKOUT } from '../source-files.js';
import { ALERTS } from './alerts.js';
import { PANEL_EXPRESSIONS } from './dashboard.js';
import { AGENT_METRICS, TABLE_METRICS } from './metric-table.js';

const WEB = 'tcp:192.0.2.10:80';
const MARK = 'fwmark:7';
const SERVERS = ['10.0.0.1:80', '10.0.0.2:80'];
const DEAD = '10.0.0.3:80';
/** As many scrapes as there are in a minute. */
const SCRAPES = 60;
/** Without a new scrape for so long, in milliseconds, Prometheus hangs. */
const SILENCE = 120_000;
/** The page whose queries are asked. */
const PAGE = 'docs/observability.md';
/** Expressions that answer nothing where all is well. */
const QUIET = / == 0$| > 0$|foreign_changes|connection_table_limit\{[^}]*\}$/;

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

describe('a Prometheus', function () {
  this.timeout(600_000);
  let folder: string;
  let kernel: IpvsKernel;
  /** Ends what was begun, in the order of its beginning. */
  const closers: (() => unknown)[] = [];
  let log = '';
  let base: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-prometheus-'));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    kernel = new IpvsKernel();
    const open = async (): Promise<Ipvs> =>
      Ipvs.open({ transport: doubleTransport(kernel), proc: join(folder, 'proc') });
    const ipvs = await open();
    closers.push(async () => ipvs.close());
    writeProc();
    await ipvs.startDaemon({ state: 'master', interface: 'eth0', syncId: 3 });
    const [agentPort, ownPort] = [await freePort(), await freePort()];
    writeFileSync(join(folder, 'director.json'), director(agentPort));
    const agent = await runAgent({
      file: join(folder, 'director.json'),
      runtimeDirectory: join(folder, 'run'),
      stateDirectory: join(folder, 'state'),
      checkTypes: {
        mine: {
          about: 'The third server is dead.',
          fields: {},
          needsPort: false,
          run: async ({ address }) =>
            Promise.resolve({
              ...(DEAD.startsWith(address) ? failed('dead') : passed('alive')),
              milliseconds: 3,
            }),
        },
      },
      open,
    });
    closers.push(async () => agent.close());
    const server = await serveAgent(agent, { socket: join(folder, 'agent.sock') });
    closers.push(async () => server.close());
    const exporter = await openExporter('127.0.0.1:0', {
      metricsText: async (format) => metricsText(await readMetrics(ipvs), { format, by: 'service' }),
    });
    closers.push(async () => exporter.close());
    await until('the agent is ready', async () => (await fetch(`http://127.0.0.1:${agentPort}/ready`)).ok);
    const traffic = setInterval(pass, 100);
    closers.push(() => clearInterval(traffic));
    base = `http://127.0.0.1:${ownPort}`;
    writeFileSync(
      join(folder, 'prometheus.json'),
      JSON.stringify(settings([`127.0.0.1:${agentPort}`], [exporter.address])),
    );
    const prometheus = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.json')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${ownPort}`,
        '--log.level=warn',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    closers.push(async () => {
      if (prometheus.kill('SIGTERM')) await once(prometheus, 'close');
    });
    prometheus.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    prometheus.on('error', (error) => (log += error.message));
    let last = -1;
    await until(`${SCRAPES} scrapes`, async () => {
      const counts = await query('count_over_time(up[10m])');
      const count = Math.min(...counts.map(({ value }) => Number(value[1])));
      return counts.length < 2
        ? 'waiting'
        : count >= SCRAPES || (count > last ? ((last = count), 'progress') : 'waiting');
    });
  });

  after(async () => {
    for (const close of closers.reverse()) await close();
  });

  function director(port: number): string {
    const check = { mine: {}, interval: '100ms', failingInterval: '100ms', timeout: '1s', fall: 2, rise: 1 };
    const destinations = Object.fromEntries(
      [...SERVERS, DEAD].map((name) => [name, { forwarding: 'masq', weight: 100 }]),
    );
    return JSON.stringify({
      services: {
        [WEB]: { scheduler: 'wrr', check, destinations },
        [MARK]: { scheduler: 'wlc', check, destinations },
      },
      agent: { id: 'lb1', listen: { metrics: `127.0.0.1:${port}` }, metrics: { by: 'destination' } },
    });
  }

  /** Files of /proc that a kernel with little in it has. */
  function writeProc(): void {
    const rates = ' Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n 0 0 0 0 0\n';
    const titles = 'Total Incoming Outgoing         Incoming         Outgoing\n';
    const files = {
      'thread-self/net/softnet_stat': '0001a2b3 00000005 00000011\n',
      'thread-self/net/ip_vs_stats': `${titles}Conns  Packets  Packets Bytes Bytes\n A 1F 0 FF 0\n\n${rates}`,
      'thread-self/net/ip_vs_stats_percpu': `${titles}CPU    Conns  Packets  Packets Bytes Bytes\n 0 A 1F 0 FF 0\n ~ A 1F 0 FF 0\n\n${rates}`,
      'sys/net/ipv4/vs/drop_entry': '0\n',
      'sys/net/ipv4/vs/conn_max': '100000\n',
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, 'proc', path, '..'), { recursive: true });
      writeFileSync(join(folder, 'proc', path), text);
    }
  }

  /** Every service and destination gets some traffic. */
  function pass(): void {
    const stats = { connections: 1, inPackets: 10, outPackets: 9, inBytes: 1000, outBytes: 9000 };
    for (const service of [WEB, MARK]) {
      for (const destination of SERVERS) kernel.count(service, destination, { stats, activeConnections: 5 });
    }
  }

  function settings(directors: readonly string[], bySum: readonly string[]): object {
    return {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: [join(CHECKOUT, 'packages/agent/prometheus/*.yml')],
      scrape_configs: [
        { job_name: 'ipvs', static_configs: [{ targets: directors }] },
        { job_name: 'ipvs-by-service', static_configs: [{ targets: bySum }] },
      ],
    };
  }

  async function api<T>(path: string): Promise<T> {
    const response = await fetch(`${base}/api/v1/${path}`);
    const { status, data, error } = (await response.json()) as { status: string; data: T; error?: string };
    expect(status, `${decodeURIComponent(path)}: ${error ?? ''}`).to.equal('success');
    return data;
  }

  async function query(expression: string): Promise<readonly Sample[]> {
    return (await api<{ result: readonly Sample[] }>(`query?query=${encodeURIComponent(expression)}`)).result;
  }

  /** Waits for a condition; the limit is on silence: `progress` begins it anew. */
  async function until(
    what: string,
    condition: () => Promise<boolean | 'progress' | 'waiting'>,
  ): Promise<void> {
    for (let end = performance.now() + SILENCE; ;) {
      const found = await condition().catch(() => false);
      if (found === true) return;
      if (found === 'progress') end = performance.now() + SILENCE;
      if (performance.now() > end) throw new Error(`it did not happen: ${what}; ${log}`);
      await sleep(200);
    }
  }

  it('finds every target up at every scrape, without an error', async () => {
    const { activeTargets } = await api<{ activeTargets: readonly { health: string; lastError: string }[] }>(
      'targets',
    );
    expect(activeTargets.map(({ health, lastError }) => [health, lastError])).to.deep.equal([
      ['up', ''],
      ['up', ''],
    ]);
    expect((await query('min_over_time(up[10m])')).map(({ value }) => value[1])).to.deep.equal(['1', '1']);
    const own = await (await fetch(`${base}/metrics`)).text();
    const problems =
      /^prometheus_target_scrapes?_\w*(duplicate|out_of_order|exceeded|out_of_bounds)\w* (.*)$/gm;
    const counts = [...own.matchAll(problems)];
    expect(counts).to.have.length.above(3);
    for (const [line, , value] of counts) expect(Number(value), line).to.equal(0);
    expect(log).to.equal('');
  });

  it('has every metric of the table, as the type that the table names', async () => {
    const metadata = await api<readonly { metric: string; type: string }[]>('targets/metadata?limit=10000');
    const types = new Map(metadata.map(({ metric, type }) => [metric, type]));
    for (const { name, type } of [...TABLE_METRICS, ...AGENT_METRICS]) {
      // Prometheus asks for OpenMetrics, which names families without the suffixes of their series.
      const family = name.replace(/_(total|info)$/, '');
      const expected = name === 'ipvs_agent_info' ? types.get(name) : types.get(family);
      expect(expected, name).to.equal(type);
    }
  });

  it('has loaded the alert rules, which it can evaluate', async () => {
    const { groups } = await api<{
      groups: readonly { rules: readonly { name: string; health: string; lastError?: string }[] }[];
    }>('rules');
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.map(({ name }) => name)).to.deep.equal(ALERTS.map(({ name }) => name));
    for (const { name, health, lastError } of rules)
      expect(health, `${name}: ${lastError ?? ''}`).to.equal('ok');
    expect(await query('ALERTS{alertname=~"Ipvs.*", alertstate="firing"}')).to.deep.equal([]);
  });

  it('answers the queries of the documents', async () => {
    const text = readFileSync(join(CHECKOUT, PAGE), 'utf8');
    const queries = [...text.matchAll(/^```promql\n([^]*?)^```$/gm)].map(([, query = '']) => query);
    expect(queries).to.have.length.above(6);
    for (const each of queries) expect(await query(each), each).not.to.deep.equal([]);
    const schedulers = await query(queries.find((each) => each.includes('by (scheduler)')) ?? '');
    expect(schedulers.map(({ metric }) => metric)).to.have.deep.members([
      { scheduler: 'wrr' },
      { scheduler: 'wlc' },
    ]);
    for (const { value } of schedulers) expect(Number(value[1])).to.be.above(0);
  });

  it('answers every expression of the dashboard', async () => {
    for (const expression of PANEL_EXPRESSIONS) {
      const asked = expression
        .replaceAll('$__rate_interval', '1m')
        .replaceAll('$instance', '.*')
        .replaceAll('$service', '.*');
      const found = await query(asked);
      if (!QUIET.test(expression)) expect(found, asked).not.to.deep.equal([]);
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
