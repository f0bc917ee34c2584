import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readIncluded } from '../../../../dist/subcommands/import/include-files.js';
import { ran } from '../fake-subcommand-io.js';

const WHOLE = 'virtual_server 192.0.2.1 80 {\n  protocol TCP\n  real_server 10.0.0.1 80 {\n  }\n}\n';
const LOSSY = WHOLE.replace('protocol TCP', 'protocol TCP\n  bogus 1');
const DOCUMENT = [
  '# Imported from k',
  'services:',
  '  tcp:192.0.2.1:80:',
  '    scheduler: wlc',
  '    destinations:',
  '      10.0.0.1:80: { forwarding: masq, weight: 1 }',
  '',
].join('\n');

describe('import', () => {
  it('prints a document, and a remark for every line', async () => {
    const { status, stdout, stderr } = await ran(['import', '--from-keepalived', 'k'], {
      files: { k: WHOLE },
    });
    expect([status, stdout]).to.deep.equal([0, DOCUMENT]);
    expect(stderr.split('\n')).to.deep.equal([
      'k:1: taken over: virtual_server 192.0.2.1 80: a service; no lvs_sched, so it is wlc; no lvs_method, so it is NAT (masq)',
      'k:2: taken over: protocol TCP: protocol in the name of the service',
      'k:3: taken over: real_server 10.0.0.1 80: a destination',
      '3 taken over, 0 differs, 0 dropped',
      '',
    ]);
  });

  it('exits with 2 where something was dropped, and with --strict prints no document', async () => {
    const files = { k: LOSSY };
    const { status, stdout, stderr } = await ran(['import', '-q', '--from-keepalived', 'k'], { files });
    expect([status, stdout]).to.deep.equal([2, DOCUMENT]);
    expect(stderr).to.match(/^k:3: dropped: bogus 1: .*\n3 taken over, 0 differs, 1 dropped\n$/);
    const strict = await ran(['import', '--strict', '--from-keepalived', 'k'], { files });
    expect([strict.status, strict.stdout]).to.deep.equal([1, '']);
    expect(
      (await ran(['import', '--strict', '--from-keepalived', 'k'], { files: { k: WHOLE } })).status,
    ).to.equal(0);
  });

  it('prints what stays in keepalived', async () => {
    const k = `${WHOLE}vrrp_instance V {\n  interface eth0\n}\n`;
    const { status, stdout, stderr } = await ran(['import', '--from-keepalived', 'k'], { files: { k } });
    expect(status).to.equal(0);
    expect(stdout).to.contain('agent:\n  trackFile: "/run/ipvs-ts/fit"\n');
    expect(stderr).to.match(/These lines stay in keepalived.conf .*\n\ntrack_file ipvs_ts \{\n/);
  });

  it('reads conditions for the configuration that is named', async () => {
    const k = WHOLE.replace('protocol TCP', '@one protocol TCP\n  @two protocol UDP');
    const name = async (id: string): Promise<string> =>
      (await ran(['import', '--config-id', id, '--from-keepalived', 'k'], { files: { k } })).stdout.split(
        '\n',
      )[2] as string;
    expect([await name('one'), await name('two')]).to.deep.equal([
      '  tcp:192.0.2.1:80:',
      '  udp:192.0.2.1:80:',
    ]);
  });

  it('reads ldirectord.cf, with the names of the host, as JSON too', async () => {
    const files = { '-': 'virtual=www.example:http\n    real=one:http masq\n    checktype=on\n' };
    const { status, stdout } = await ran(['import', '--from-ldirectord', '-', '-o', 'json'], { files });
    expect(status).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({
      services: {
        'tcp:192.0.2.10:80': {
          scheduler: 'wrr',
          destinations: { '10.0.0.1:80': { forwarding: 'masq', weight: 1 } },
        },
      },
    });
  });

  const wrong: Readonly<Record<string, readonly [args: string[], text: string, error: RegExp]>> = {
    'no file': [[], '', /name one file: --from-keepalived FILE or --from-ldirectord FILE/],
    'two files': [['--from-keepalived', 'k', '--from-ldirectord', 'k'], '', /name one file/],
    'an option of the other program': [
      ['--from-ldirectord', 'k', '--config-id', 'x'],
      '',
      /--config-id is for/,
    ],
    'a missing file': [['--from-keepalived', 'none'], '', /none: ENOENT: no such file or directory/],
    'a brace too few': [
      ['--from-keepalived', 'k'],
      'a {\n',
      /k:1: the block of "a" that begins here has no }/,
    ],
    'bytes that are no text': [
      ['--from-keepalived', 'k'],
      'a\n\ufffd',
      /k:2: this line has bytes that are not UTF-8/,
    ],
    'a zero byte': [['--from-ldirectord', 'k'], 'a\0', /k:1: this line has a zero byte/],
  };
  for (const [name, [args, text, error]] of Object.entries(wrong))
    it(`refuses ${name} with status 1`, async () => {
      const { status, stdout, stderr } = await ran(['import', ...args], { files: { k: text } });
      expect([status, stdout]).to.deep.equal([1, '']);
      expect(stderr).to.match(error);
    });
});

describe('files that keepalived includes', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-include-'));
    mkdirSync(join(folder, 'conf.d/deep'), { recursive: true });
    for (const name of ['a.conf', 'b.conf', '.hidden.conf', 'c.txt', 'deep/d.conf'])
      writeFileSync(join(folder, 'conf.d', name), name);
    symlinkSync('nowhere', join(folder, 'conf.d/dangling.conf'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const cases: Readonly<Record<string, readonly string[]>> = {
    'conf.d/*.conf': ['a.conf', 'b.conf'],
    'conf.d/[!a].conf': ['b.conf'],
    'conf.d/[ac]*': ['a.conf', 'c.txt'],
    'conf.d/?.{txt,conf}': ['c.txt', 'a.conf', 'b.conf'],
    'conf.d/{a,{b,x}}.conf': ['a.conf', 'b.conf'],
    'conf.d/*/*.conf': ['deep/d.conf'],
    'conf.d/.h*': ['.hidden.conf'],
    'conf.d/a.conf': ['a.conf'],
    'conf.d': [],
    'conf.d/dangling.conf': [],
    'nosuch/*': [],
    '/dev/null': [],
    '': [],
  };
  for (const [pattern, names] of Object.entries(cases))
    it(`are ${names.length === 0 ? 'none' : names.join(', ')} for ${JSON.stringify(pattern)}`, () => {
      const files = readIncluded(pattern, join(folder, 'keepalived.conf'));
      expect(files.map(({ text }) => text)).to.deep.equal(names);
    });

  it('are the same with an absolute pattern', () => {
    expect(readIncluded(join(folder, 'conf.d/a*'), '/elsewhere/x').map(({ path }) => path)).to.deep.equal([
      join(folder, 'conf.d/a.conf'),
    ]);
  });
});
