import { expect } from 'chai';
import type { Finding } from '@ipvs-ts/director';
import { IpvsError } from '@ipvs-ts/ipvs';
import { findingText, summaryText } from '../../../../dist/subcommands/doctor/doctor-text.js';
import { runSubcommand } from '../../../../dist/subcommands/run.js';
import type { SubcommandIo, Output } from '../../../../dist/subcommands/framework/io.js';

const FINDING: Finding = {
  id: 'weights',
  severity: 'error',
  services: ['tcp:192.0.2.10:80'],
  destinations: ['10.0.0.11:80'],
  service: 'tcp:192.0.2.10:80',
  destination: '10.0.0.11:80',
  found: 'all 2 destinations have weight 0 '.repeat(5).trim(),
  why: 'nobody takes connections',
  symptom: 'refused',
  fix: [`ipvs-ts -e ${'-t 192.0.2.10:80 '.repeat(9)}`, 'second'],
  on: 'director',
  safe: false,
  settings: [],
  perhaps: false,
  advice: 'take care',
};

/** Runs `ipvs-ts doctor` where IPVS cannot be opened. */
async function doctor(
  error: Error,
  ...words: string[]
): Promise<{ status: number; out: string; err: string }> {
  const texts = { out: '', err: '' };
  const output = (name: 'out' | 'err'): Output => ({
    terminal: false,
    colour: false,
    columns: () => 80,
    write: async (text) => {
      texts[name] += text;
    },
  });
  const io: SubcommandIo = {
    programName: 'ipvs-ts',
    env: {},
    stdout: output('out'),
    stderr: output('err'),
    signal: new AbortController().signal,
    open: async () => Promise.reject(error),
  } as Partial<SubcommandIo> as SubcommandIo;
  const status = await runSubcommand('doctor', words, io);
  return { status, ...texts };
}

const unavailable = new IpvsError('ERR_IPVS_UNAVAILABLE', 'there is no IPVS', { operation: 'open IPVS' });

describe('ipvs-ts doctor', () => {
  it('wraps text and leaves commands whole, to be copied', () => {
    const lines = findingText(FINDING, { colour: false, columns: 60 }).split('\n');
    expect(lines[0]).to.equal('error  tcp:192.0.2.10:80 → 10.0.0.11:80  (weights)');
    for (const line of lines) if (!line.includes('ipvs-ts -e')) expect(line.length).to.be.at.most(60);
    expect(lines.some((line) => line.endsWith(FINDING.fix[0] ?? ''))).to.equal(true);
  });

  it('escapes control characters in names, and JSON has them as they are', () => {
    const name = '\u001b[31m\u009b\u202e$(touch x)';
    const finding: Finding = {
      ...FINDING,
      services: [name],
      found: `the interface ${name} is down`,
      fix: [`ip link set ${name} up`],
      advice: name,
    };
    const style = { colour: false, columns: 80 };
    const text =
      findingText(finding, style) + summaryText({ findings: [], unseen: [name], services: ['a'] }, style);

    expect(text).not.to.match(/[\u001b\u009b\u202e]/);
    expect(text).to.include('\\x1b[31m\\x9b\\u202e');
    expect(JSON.parse(JSON.stringify(finding)) as Finding).to.deep.equal(finding);
  });

  it('lists the first ten of many services, and counts the others', () => {
    const services = Array.from({ length: 1000 }, (_, index) => `tcp:192.0.2.10:${index + 1}`);
    const fix = services.map((key) => `command ${key}`);
    const text = findingText({ ...FINDING, services, destinations: [], fix }, { colour: false, columns: 80 });
    expect(text).to.match(/^error {2}1000 services {2}\(weights\)/);
    expect(text).to.include('tcp:192.0.2.10:10').and.to.include('and 990 more');
    expect(text).not.to.include('tcp:192.0.2.10:11');
    expect(text.split('\n').length).to.be.below(40);
  });

  it('names the checks that did not run where nothing was found', () => {
    const style = { colour: false, columns: 80 };
    const text = summaryText({ findings: [], unseen: [], untried: ['a', 'b'], services: ['x'] }, style);
    expect(text).to.equal('No problems found, 1 service judged.\nNot tried: a, b (--probe).\n');
  });

  it('has colour only on request', () => {
    const text = (colour: boolean): string =>
      findingText(FINDING, { colour, columns: 80 }) +
      summaryText({ findings: [], unseen: ['x'], services: ['a'] }, { colour, columns: 80 });
    expect(text(false)).not.to.include('\u001b');
    expect(text(true)).to.include('\u001b[31merror\u001b[m');
  });

  it('reports a problem if IPVS cannot be opened: status 1, and JSON says which', async function () {
    if (process.platform !== 'linux') this.skip();
    const { status, out } = await doctor(unavailable, '--json');
    const { findings, services } = JSON.parse(out) as { findings: Finding[]; services: string[] };
    expect(status).to.equal(1);
    expect(services).to.deep.equal([]);
    expect(findings[0]).to.include({ id: 'family', found: 'there is no IPVS' });
    expect(findings[0]?.fix).to.deep.equal(['modprobe ip_vs']);
  });

  it('does not report success if there is nothing to check', () => {
    const style = { colour: false, columns: 80 };
    const text = summaryText({ findings: [], unseen: ['x'], services: [] }, style);
    expect(text).to.equal(
      'There are no virtual services here: this network namespace balances nothing.\nNot seen: x.\n',
    );
    expect(summaryText({ findings: [], unseen: [], services: ['a'] }, style)).to.include('No problems');
  });

  it('refuses a client that is no address: status 2, before anything is read', async () => {
    for (const client of ['web', '', '192.0.2', 'fe80::1%eth0', '192.0.2.1/24']) {
      const { status, out, err } = await doctor(unavailable, `--client=${client}`);
      expect([status, out], client).to.deep.equal([2, '']);
      expect(err).to.include('--client');
    }
  });

  it('cannot run for a wrong service name, and where there is no netlink: status 2', async () => {
    const words = await doctor(unavailable, 'tcp:192.0.2.10');
    expect([words.status, words.out]).to.deep.equal([2, '']);
    expect(words.err).to.include('tcp:192.0.2.10');
    const netlink = await doctor(new IpvsError('ERR_IPVS_NETLINK', 'no koffi', { operation: 'open IPVS' }));
    expect([netlink.status, netlink.err]).to.deep.equal([2, 'ipvs-ts doctor: no koffi\n']);
  });
});
