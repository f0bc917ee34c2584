import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { permissionProblem } from '../../../dist/calls/permission.js';
import { filesBelow, procLines, procLinesAsync } from '../../../dist/proc/proc-files.js';
import { readSysctls, writeSysctls } from '../../../dist/proc/sysctls.js';
import { parseTotals } from '../../../dist/proc/totals.js';
import { IpvsError } from '@ipvs-ts/ipvs';

const STATS = `   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
       A       1F        0 1FFFFFFFFFFFFFFF                0

 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
       1        2        3               10               20
`;
const PER_CPU = `       Total Incoming Outgoing         Incoming         Outgoing
CPU    Conns  Packets  Packets            Bytes            Bytes
  0        6        F        0               10                0
  B        4       10        0               20                0
  ~        A       1F        0               30                0

     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
           0        0        0                0                0
`;

describe('files of /proc', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'ipvs-ts-proc-'));
    mkdirSync(join(root, 'sys/net/ipv4/vs'), { recursive: true });
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('are read line by line, whatever their size', async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `line ${index} ${'x'.repeat(index % 97)}`);
    for (const end of ['\n', '']) {
      writeFileSync(join(root, 'lines'), lines.join('\n') + end);
      expect([...procLines(filesBelow(root), '/proc/lines', 'read')]).to.deep.equal(lines);
      const found: string[] = [];
      for await (const line of procLinesAsync(filesBelow(root), '/proc/lines', 'read')) found.push(line);
      expect(found).to.deep.equal(lines);
    }
  });

  it('that are missing are an error that names them', () => {
    expect(() => [...procLines(filesBelow(root), '/proc/none', 'list the connections')])
      .to.throw(IpvsError, /cannot list the connections: \/proc\/none: .*ENOENT/)
      .with.property('code', 'ERR_IPVS_PROC');
  });

  it('hold totals in hexadecimal', () => {
    const totals = parseTotals(STATS, PER_CPU);
    expect(totals.stats).to.deep.equal({
      connections: 10n,
      inPackets: 31n,
      outPackets: 0n,
      inBytes: 0x1fff_ffff_ffff_ffffn,
      outBytes: 0n,
    });
    expect(totals.rates).to.deep.equal({
      connections: 1,
      inPackets: 2,
      outPackets: 3,
      inBytes: 16,
      outBytes: 32,
    });
    expect(totals.cpus.map(({ cpu, stats }) => [cpu, stats.connections])).to.deep.equal([
      [0, 6n],
      [11, 4n],
    ]);
  });

  it('hold settings, of which a kernel may lack some', () => {
    const folder = join(root, 'sys/net/ipv4/vs');
    writeFileSync(join(folder, 'conntrack'), '0\n');
    writeFileSync(join(folder, 'sync_threshold'), '3\t50\n');
    writeFileSync(join(folder, 'est_cpulist'), '0-3\n');
    expect(readSysctls(filesBelow(root))).to.deep.equal({
      conntrack: 0,
      sync_threshold: [3, 50],
      est_cpulist: '0-3',
    });
    writeSysctls(filesBelow(root), { conntrack: 1, sync_threshold: [4, 60] });
    expect(readFileSync(join(folder, 'conntrack'), 'utf8')).to.equal('1');
    expect(readFileSync(join(folder, 'sync_threshold'), 'utf8')).to.equal('4 60');
  });

  it('are not written if one of the settings is wrong', () => {
    for (const bad of [
      { conntrack: 2 },
      { conntrack: '1' },
      { sync_ports: 3 },
      { sync_threshold: [5, 5] },
      { sync_threshold: [1] },
      { conn_track: 1 },
      { est_cpulist: 'a' },
    ]) {
      expect(() => {
        writeSysctls(filesBelow(root), { drop_entry: 1, ...bad } as never);
      }, JSON.stringify(bad))
        .to.throw()
        .with.property('code', 'ERR_IPVS_ARGUMENT');
    }
    expect(() => readFileSync(join(root, 'sys/net/ipv4/vs/drop_entry'))).to.throw(/ENOENT/);
  });
});

describe('EPERM', () => {
  const problem = (uidMap: string, effective: string): string =>
    permissionProblem((path) => (path.endsWith('uid_map') ? uidMap : `Name:\tnode\nCapEff:\t${effective}\n`));
  const initial = '         0          0 4294967295\n';

  it('means a missing capability in the initial user namespace', () => {
    expect(problem(initial, '0000000000000000')).to.equal('capability');
    expect(problem(initial, '000001ffffffefff')).to.equal('capability');
  });

  it('means the user namespace where there is another one, or where the capability is there', () => {
    expect(problem('         0       1000          1\n', '000001ffffffffff')).to.equal('user-namespace');
    expect(problem('         0       1000          1\n', '0000000000000000')).to.equal('user-namespace');
    expect(problem(initial, '000001ffffffffff')).to.equal('user-namespace');
  });

  it('is a missing capability if /proc says nothing', () => {
    expect(
      permissionProblem(() => {
        throw new Error('no /proc');
      }),
    ).to.equal('capability');
  });
});
