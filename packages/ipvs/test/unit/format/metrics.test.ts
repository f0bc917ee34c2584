import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import {
  Ipvs,
  METRICS_CONTENT_TYPES,
  metricsFormat,
  type MetricsReading,
  metricsText,
  readMetrics,
} from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { METRICS } from '../../../dist/format/metrics.js';
import { needsPromtool } from './promtool.js';

const WEB = 'tcp:192.0.2.10:80';
const MARK = 'fwmark:7';
const HUGE = 2n ** 64n - 1n;

describe('metrics', () => {
  let reading: MetricsReading;

  before(async () => {
    const kernel = new IpvsKernel();
    await using ipvs = await Ipvs.open({ transport: doubleTransport(kernel), proc: '/nonexistent' });
    await ipvs.addService(WEB, { scheduler: 'wrr' });
    await ipvs.addDestination(WEB, '10.0.0.1:80', { forwarding: 'masq', weight: 1 });
    await ipvs.addDestination(WEB, '10.0.0.2:8080', { forwarding: 'route', weight: 2 });
    await ipvs.addService(MARK);
    const read = await readMetrics(ipvs);
    const stats = { connections: HUGE, inPackets: 1n, outPackets: 2n, inBytes: 3n, outBytes: 4n };
    const rates = { connections: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 };
    const table = read.table.map(({ service, destinations }) => ({
      service: { ...service, stats },
      destinations: destinations.map((each) => ({
        ...each,
        stats,
        activeConnections: 10 * each.weight,
        persistentConnections: 1,
      })),
    }));
    const daemon = { maxLength: 0, group: undefined, port: 8848, ttl: 1 };
    reading = {
      ...read,
      table,
      totals: { stats, rates, cpus: [] },
      sysctls: { conn_max: 5000, drop_entry: 0, drop_packet: 2, secure_tcp: 1 },
      drops: { backlog: HUGE, conntrack: undefined },
      daemons: [{ state: 'backup', interface: 'eth0', syncId: 3, ...daemon }],
    };
  });

  /** The series of a text, without their values. */
  const series = (text: string): string[] =>
    text
      .split('\n')
      .flatMap((line) => (line === '' || line.startsWith('#') ? [] : [line.replace(/ \S+$/, '')]));

  it('have the labels service and destination alone; all else stands in the series to join', () => {
    for (const line of series(metricsText(reading))) {
      const [name = '', labels = ''] = line.split('{');
      if (/_info$|^ipvs_sync_daemon|^ipvs_defence|^ipvs_dropped/.test(name)) continue;
      expect(labels, line).to.match(/^(service="[^"]+"(,destination="[^"]+")?\})?$/);
    }
    const text = metricsText(reading);
    expect(text).to.contain(
      `ipvs_service_info{service="${WEB}",protocol="tcp",address="192.0.2.10",port="80",fwmark="",family="ipv4",scheduler="wrr"} 1\n`,
    );
    expect(text).to.contain(
      `ipvs_service_info{service="${MARK}",protocol="",address="",port="",fwmark="7",family="ipv4",scheduler="wlc"} 1\n`,
    );
    expect(text).to.contain(
      `ipvs_destination_info{service="${WEB}",destination="10.0.0.2:8080",address="10.0.0.2",port="8080",forwarding="route"} 1\n`,
    );
  });

  it('have the labels that their table names', () => {
    for (const by of ['service', 'destination'] as const)
      for (const { name, labels, samples } of METRICS)
        for (const sample of samples(reading, by))
          expect(Object.keys(sample.labels), name).to.deep.equal(
            by === 'destination' ? labels : labels.filter((label) => label !== 'destination'),
          );
  });

  it('name each series once', () => {
    for (const by of ['service', 'destination'] as const) {
      const all = series(metricsText(reading, { by }));
      expect(new Set(all).size).to.equal(all.length);
    }
  });

  it('count connections, packets and bytes of services, destinations and the namespace in 64 bits', () => {
    const text = metricsText(reading);
    for (const line of [
      `ipvs_connections_total{service="${WEB}"} ${HUGE}`,
      `ipvs_outgoing_bytes_total{service="${WEB}"} 4`,
      `ipvs_destination_connections_total{service="${WEB}",destination="10.0.0.1:80"} ${HUGE}`,
      `ipvs_destination_incoming_packets_total{service="${WEB}",destination="10.0.0.2:8080"} 1`,
      `ipvs_namespace_connections_total ${HUGE}`,
      'ipvs_connection_table_entries 32',
      'ipvs_connection_table_buckets 4096',
      'ipvs_connection_table_limit 5000',
      'ipvs_defence_active{defence="drop_entry"} 0',
      'ipvs_defence_active{defence="drop_packet"} 1',
      'ipvs_defence_active{defence="secure_tcp"} 0',
      `ipvs_dropped_packets_total{reason="backlog"} ${HUGE}`,
      'ipvs_sync_daemon_running{daemon="master"} 0',
      'ipvs_sync_daemon_running{daemon="backup"} 1',
      'ipvs_sync_daemon_info{daemon="backup",interface="eth0",sync_id="3"} 1',
      'ipvs_services 2',
      `ipvs_destinations{service="${WEB}"} 2`,
    ])
      expect(text).to.contain(`${line}\n`);
  });

  it('add destinations up where that is wanted', () => {
    const text = metricsText(reading, { by: 'service' });
    expect(text).to.contain(`ipvs_destination_active_connections{service="${WEB}"} 30\n`);
    expect(text).not.to.contain('destination="');
    expect(text).not.to.contain('ipvs_destination_connections_total{');
  });

  it('are written for a table alone too, and for an empty one', () => {
    expect(metricsText(reading.table)).to.contain(`ipvs_connections_total{service="${WEB}"}`);
    expect(metricsText({ ...reading, sysctls: { conn_max: 0 }, drops: undefined })).not.to.match(
      /^ipvs_(connection_table_limit|defence|dropped)/m,
    );
    expect(series(metricsText([]))).to.deep.equal(['ipvs_services', 'ipvs_connection_table_entries']);
  });

  it('escape what labels hold', () => {
    const [entry] = reading.table;
    const service = { ...entry?.service, scheduler: 'r"r\\\n' } as NonNullable<typeof entry>['service'];
    expect(metricsText([{ service, destinations: [] }])).to.contain('scheduler="r\\"r\\\\\\n"');
  });

  it('are Prometheus text by default, and OpenMetrics on request', () => {
    const plain = metricsText(reading, { more: '# TYPE other gauge\nother 1' });
    expect(plain).to.contain('# TYPE ipvs_connections_total counter\n');
    expect(plain).to.contain('# TYPE ipvs_service_info gauge\n');
    expect(plain.endsWith('\nother 1\n')).to.equal(true);
    const open = metricsText(reading, { format: 'openmetrics', more: 'other 1\n' });
    expect(open).to.contain('# TYPE ipvs_connections counter\n');
    expect(open).to.contain('# TYPE ipvs_service info\n');
    expect(open.endsWith('\nother 1\n# EOF\n')).to.equal(true);
  });

  it('choose the format by the header Accept', () => {
    const prometheus =
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
    expect(metricsFormat(prometheus)).to.equal('openmetrics');
    for (const accept of [
      undefined,
      '',
      '*/*',
      'text/plain',
      'text/html, */*;q=0.8',
      'application/openmetrics-text;q=0.1, text/plain',
      'application/openmetrics-text;version=9.0.0',
      'application/openmetrics-text;q=0',
    ])
      expect(metricsFormat(accept), accept).to.equal('prometheus');
    expect(metricsFormat('application/openmetrics-text')).to.equal('openmetrics');
    expect(METRICS_CONTENT_TYPES.prometheus).to.equal('text/plain; version=0.0.4; charset=utf-8');
  });

  it('refuse options that do not exist', () => {
    expect(() => metricsText([], { by: 'host' as 'service' })).to.throw(/options.by/);
    expect(() => metricsText([], { format: 'json' as 'prometheus' })).to.throw(/options.format/);
  });

  it('pass promtool without a finding', function () {
    needsPromtool(this);
    for (const by of ['service', 'destination'] as const)
      execFileSync('promtool', ['check', 'metrics'], { input: metricsText(reading, { by }), stdio: 'pipe' });
  });
});
