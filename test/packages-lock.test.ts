import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CHECKOUT } from './source-files.js';

describe('the lock of the installation of Debian packages', () => {
  let root: string;
  const lockFile = (...directories: string[]): string[] => [
    '-c',
    '. "$1"; shift; lock_file "$@"',
    'bash',
    join(CHECKOUT, 'scripts/lib/packages.sh'),
    ...directories,
  ];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lock-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('makes a directory that is missing, also behind a link', () => {
    symlinkSync(join(root, 'run/lock'), join(root, 'lock'));
    const path = execFileSync('bash', lockFile(join(root, 'lock')), { encoding: 'utf8' }).trim();
    expect(path).to.equal(join(root, 'run/lock/ipvs-ts-packages.lock'));
    expect(statSync(join(root, 'run/lock')).isDirectory()).to.equal(true);
  });

  it('takes the next directory where the first one cannot be made', () => {
    const path = execFileSync('bash', lockFile('/proc/none/lock', root), { encoding: 'utf8' }).trim();
    expect(path).to.equal(join(root, 'ipvs-ts-packages.lock'));
  });

  it('names the directories where none can be written', () => {
    const { status, stderr } = spawnSync('bash', lockFile('/proc/none'), { encoding: 'utf8' });
    expect([status, stderr]).to.deep.equal([1, 'No directory for a lock file can be written: /proc/none\n']);
  });
});
