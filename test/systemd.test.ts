import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CHECKOUT } from './source-files.js';

const SYSTEMD = join(CHECKOUT, 'packages/agent/systemd');
const UNIT = 'ipvs-ts-agent.service';

describe('the unit of systemd', function () {
  this.timeout(600_000);
  const unit = readFileSync(join(SYSTEMD, UNIT), 'utf8');
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-systemd-'));
    const installed = spawnSync('bash', ['-c', '. scripts/lib/packages.sh && ensure_packages systemd'], {
      cwd: CHECKOUT,
      encoding: 'utf8',
    });
    expect(installed.status, installed.stderr).to.equal(0);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is clean for systemd-analyze verify', () => {
    // The program is not installed here: another one stands in its place.
    const program = join(folder, 'ipvs-ts');
    writeFileSync(program, '#!/bin/sh\n');
    chmodSync(program, 0o755);
    const file = join(folder, UNIT);
    writeFileSync(file, unit.replaceAll('/usr/bin/ipvs-ts', program));
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', '--recursive-errors=no', file],
      { encoding: 'utf8' },
    );
    const said = `${stdout}${stderr}`.split('\n').filter((line) => line.includes(UNIT));
    expect([status, said]).to.deep.equal([0, []]);
  });

  it('finds its user in the file for sysusers.d', () => {
    const root = join(folder, 'root');
    mkdirSync(join(root, 'etc'), { recursive: true });
    const { status, stderr } = spawnSync(
      'systemd-sysusers',
      [`--root=${root}`, join(SYSTEMD, 'ipvs-ts.sysusers.conf')],
      { encoding: 'utf8' },
    );
    expect(status, stderr).to.equal(0);
    const [, user] = /^User=(.*)$/m.exec(unit) ?? [];
    const [, group] = /^Group=(.*)$/m.exec(unit) ?? [];
    expect(readFileSync(join(root, 'etc/passwd'), 'utf8')).to.match(new RegExp(`^${user}:`, 'm'));
    expect(readFileSync(join(root, 'etc/group'), 'utf8')).to.match(new RegExp(`^${group}:`, 'm'));
  });

  it('keeps the runtime directory over a restart, and ends nothing with a command', () => {
    expect(unit).to.match(/^RuntimeDirectoryPreserve=yes$/m);
    expect(unit)
      .to.match(/^Type=notify$/m)
      .and.match(/^WatchdogSec=/m);
    expect(unit).not.to.match(/^ExecStop/m);
    expect(unit).not.to.match(/DynamicUser/);
  });
});
