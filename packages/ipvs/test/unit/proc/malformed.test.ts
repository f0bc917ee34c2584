import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { Ipvs, IpvsError, IpvsSync } from '@ipvs-ts/ipvs';
import { doubleTransport, doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { CONNECTIONS, STATS, STATS_PER_CPU } from './recorded.js';

const CONN = 'thread-self/net/ip_vs_conn';
const CONN_SYNC = 'thread-self/net/ip_vs_conn_sync';
const TOTALS = 'thread-self/net/ip_vs_stats';
const PER_CPU = 'thread-self/net/ip_vs_stats_percpu';
const SETTINGS = 'sys/net/ipv4/vs';
const GOOD = 'TCP C0A83801 D2F4 C0A83880 0050 C0A80086 0050 ESTABLISHED     893';

/** `text` with line `number` replaced; without it where that is undefined. */
function withLine(text: string, number: number, line: string | undefined): string {
  return text
    .split('\n')
    .flatMap((each, index) => (index === number - 1 ? (line ?? []) : each))
    .join('\n');
}

describe('files of /proc that are not as the kernel writes them', () => {
  let root = '';
  let ipvs: IpvsSync;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'ipvs-ts-malformed-'));
    write(CONN, CONNECTIONS.plain);
    write(CONN_SYNC, CONNECTIONS.origins);
    write(TOTALS, STATS);
    write(PER_CPU, STATS_PER_CPU);
    write(`${SETTINGS}/conntrack`, '0\n');
    ipvs = IpvsSync.open({ transport: doubleTransportSync(new IpvsKernel()), proc: root });
  });
  afterEach(() => {
    ipvs.close();
    rmSync(root, { recursive: true });
  });

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  /** Expects ERR_IPVS_PROC that names `path` and the line. */
  function expectProcError(work: () => unknown, path: string, line: number, what: string): void {
    let thrown: unknown;
    try {
      work();
    } catch (error) {
      thrown = error;
    }
    expect(IpvsError.is(thrown, 'ERR_IPVS_PROC'), `${what}: ${String(thrown)}`).to.equal(true);
    expect((thrown as IpvsError).message, what).to.contain(`/proc/${path}: line ${line} must be `);
  }

  it('are accepted as real kernels write them', () => {
    expect(
      [...ipvs.connections()].map(({ client, state, engine }) => [client.port, state, engine]),
    ).to.deep.equal(CONNECTIONS.read);
    expect([...ipvs.connections({ origins: true })].length).to.equal(CONNECTIONS.read.length);
    expect(ipvs.totals()).to.deep.include({
      rates: { connections: 0, inPackets: 0, outPackets: 0, inBytes: 16, outBytes: 15 },
    });
    expect(ipvs.sysctls()).to.deep.equal({ conntrack: 0 });
  });

  const BROKEN = {
    'an address too short': GOOD.replace('C0A83801', 'C0A800'),
    'no address': GOOD.replace('C0A83801', ':'),
    'an address that is not hexadecimal': GOOD.replace('C0A83801', 'C0A80016ZZ'),
    'an address of nine digits': GOOD.replace('C0A83880', 'C0A838801'),
    'an IPv6 address of seven groups': GOOD.replace('C0A80086', '2001:0db8:0000:0000:0000:0000:0000'),
    'an IPv6 address of nine groups': GOOD.replace(
      'C0A80086',
      '2001:0db8:0000:0000:0000:0000:0000:0001:0001',
    ),
    'a shortened IPv6 address': GOOD.replace('C0A80086', '2001:0db8::1'),
    'a client of another family than the virtual address': GOOD.replace(
      'C0A83801',
      '2001:0db8:0000:0000:0000:0000:0000:0001',
    ),
    'a port of three digits': GOOD.replace('D2F4', '2F4'),
    'a port of five digits': GOOD.replace('D2F4', '1D2F4'),
    'a port that is not hexadecimal': GOOD.replace('D2F4', 'http'),
    'a negative port': GOOD.replace('0050', '-050'),
    'no protocol': GOOD.replace('TCP ', ''),
    'a number as protocol': GOOD.replace('TCP', '6'),
    'no state': GOOD.replace('ESTABLISHED', ''),
    'a number as state': GOOD.replace('ESTABLISHED', '1'),
    'a state in lower case': GOOD.replace('ESTABLISHED', 'established'),
    'seconds that are not a number': GOOD.replace('893', 'soon'),
    'negative seconds': GOOD.replace('893', '-1'),
    'no seconds': GOOD.replace('893', ''),
    'an engine without data': `${GOOD} sip`,
    'one field': 'TCP',
    'half of a line': GOOD.slice(0, 30),
    'the title again': 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData',
    'two lines in one': `${GOOD}${GOOD}`,
    'bytes that are not text': '\0\x01\x02',
  };

  for (const [what, line] of Object.entries(BROKEN)) {
    it(`are refused: a connection with ${what}`, async () => {
      write(CONN, withLine(CONNECTIONS.plain, 3, line));
      expectProcError(() => [...ipvs.connections()], CONN, 3, what);
      // A filter does not hide it.
      expectProcError(() => [...ipvs.connections({ state: 'NONE' })], CONN, 3, what);
      await using asynchronous = await Ipvs.open({
        transport: doubleTransport(new IpvsKernel()),
        proc: root,
      });
      const found = asynchronous.connections();
      await found.next();
      const error = await found.next().catch((each: unknown) => each);
      expect(IpvsError.is(error, 'ERR_IPVS_PROC'), String(error)).to.equal(true);
      expect((error as IpvsError).message).to.contain('ip_vs_conn: line 3 ');
    });
  }

  it('are refused: connections of the other file, or without title or origin', () => {
    const cases: [path: string, text: string, line: number, origins: boolean][] = [
      [CONN, '', 1, false],
      [CONN_SYNC, '', 1, true],
      [CONN, CONNECTIONS.origins, 2, false],
      [CONN_SYNC, CONNECTIONS.plain, 2, true],
      [CONN_SYNC, CONNECTIONS.origins.replace('LOCAL', 'ALIEN'), 2, true],
      [CONN_SYNC, CONNECTIONS.origins.replace('LOCAL', '     '), 2, true],
      [CONN_SYNC, withLine(CONNECTIONS.origins, 2, `${GOOD} sip data`), 2, true],
    ];
    for (const [path, text, line, origins] of cases) {
      write(path, text);
      expectProcError(() => [...ipvs.connections({ origins })], path, line, text.slice(0, 160));
    }
  });

  it('are refused: totals', () => {
    const row = '       3        3        3               AA               9E';
    const cases: [path: string, text: string, line: number][] = [
      // The line of rates is not taken for them.
      [TOTALS, withLine(STATS, 3, '       x        3        3               AA               9E'), 3],
      [TOTALS, withLine(STATS, 3, ''), 3],
      [TOTALS, withLine(STATS, 3, undefined), 3],
      [TOTALS, withLine(STATS, 3, `${row}        1`), 3],
      [TOTALS, withLine(STATS, 3, '       3        3        3               AA'), 3],
      [TOTALS, withLine(STATS, 3, row.replace('AA', '-A')), 3],
      [TOTALS, withLine(STATS, 3, row.replace('AA', '11111111111111111')), 3],
      [TOTALS, withLine(STATS, 6, '       0        0        0               10'), 6],
      [TOTALS, withLine(STATS, 6, '       0        0        0               10                G'), 6],
      [TOTALS, withLine(STATS, 6, undefined), 6],
      [TOTALS, withLine(STATS, 4, row), 4],
      [TOTALS, withLine(STATS, 1, row), 1],
      [TOTALS, `${STATS}${row}\n`, 7],
      [TOTALS, STATS_PER_CPU, 2],
      [TOTALS, '', 1],
      [TOTALS, 'garbage\n', 1],
      [TOTALS, STATS.slice(0, 130), 3],
      [PER_CPU, STATS, 2],
      [PER_CPU, '', 1],
      [PER_CPU, withLine(STATS_PER_CPU, 3, row), 3],
      [PER_CPU, withLine(STATS_PER_CPU, 3, `  g${row}`), 3],
      [PER_CPU, withLine(STATS_PER_CPU, 3, `  0${row}${row}`), 3],
      [PER_CPU, withLine(STATS_PER_CPU, 4, '  1        3        3'), 4],
      [PER_CPU, withLine(STATS_PER_CPU, 5, '  ~        3        3'), 5],
      [PER_CPU, withLine(STATS_PER_CPU, 5, undefined), 5],
      [PER_CPU, withLine(STATS_PER_CPU, 8, ''), 8],
    ];
    for (const [path, text, line] of cases) {
      write(TOTALS, STATS);
      write(PER_CPU, STATS_PER_CPU);
      write(path, text);
      expectProcError(() => ipvs.totals(), path, line, text);
    }
  });

  it('are refused: settings', () => {
    const cases: [name: string, text: string][] = [
      ...['', '\n', 'on\n', '1.5\n', '0x1\n', '1 2\n', '1\n2\n', '--1\n', '1e3\n', '9'.repeat(20)].map(
        (text): [string, string] => ['conntrack', text],
      ),
      ...['', '3', '3 50 1', '3 x', '3\n50', '3,50'].map((text): [string, string] => [
        'sync_threshold',
        text,
      ]),
      ...['all', '0-3 5', '0-3\n4-5'].map((text): [string, string] => ['est_cpulist', text]),
    ];
    for (const [name, text] of cases) {
      write(`${SETTINGS}/${name}`, text);
      expectProcError(() => ipvs.sysctls(), `${SETTINGS}/${name}`, 1, JSON.stringify([name, text]));
      rmSync(join(root, SETTINGS, name));
    }
  });

  it('are refused: directories instead of files', async () => {
    for (const path of [CONN, TOTALS]) {
      rmSync(join(root, path));
      mkdirSync(join(root, path));
    }
    for (const work of [(): unknown => [...ipvs.connections()], (): unknown => ipvs.totals()])
      expect(work).to.throw(IpvsError).with.property('code', 'ERR_IPVS_PROC');
    await using asynchronous = await Ipvs.open({ transport: doubleTransport(new IpvsKernel()), proc: root });
    const error = await asynchronous
      .connections()
      .next()
      .catch((each: unknown) => each);
    expect(IpvsError.is(error, 'ERR_IPVS_PROC'), String(error)).to.equal(true);
  });
});
