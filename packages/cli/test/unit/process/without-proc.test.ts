import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { COMMAND } from '../../program.js';

const UNSHARE = ['--user', '--map-root-user', '--mount', '--net'];

/** By the words of a command. Those with 0 may find IPVS. */
const STATUSES: Readonly<Record<string, readonly number[]>> = {
  'agent -f x.yaml --runtime-dir run --state-dir state': [1],
  'agent --check -f x.yaml': [1],
  'agent reload --socket none': [1],
  'status --socket none': [1],
  'events --socket none': [1],
  doctor: [2],
  export: [0, 1],
  'plan x.yaml': [0, 1],
  'apply x.yaml': [0, 1],
  'drain fwmark:1 10.0.0.1:0': [1],
  top: [1],
  metrics: [0, 1],
  'validate x.yaml': [0],
  version: [0],
  help: [0],
};

describe('a host without /proc', function () {
  this.timeout(120_000);
  let folder: string | undefined;
  before(function () {
    if (process.env['CI'] === undefined && spawnSync('unshare', [...UNSHARE, 'true']).status !== 0)
      this.skip();
    folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-proc-'));
    writeFileSync(join(folder, 'x.yaml'), 'services: {}\n');
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  for (const [words, statuses] of Object.entries(STATUSES))
    it(`has subcommands end with a status and a sentence: ${words}`, () => {
      const hide = 'mount -t tmpfs none /proc && exec "$@"';
      const { status, stdout, stderr } = spawnSync(
        'unshare',
        [...UNSHARE, 'sh', '-c', hide, 'sh', ...COMMAND, ...words.split(' ')],
        { cwd: folder, encoding: 'utf8' },
      );
      expect(statuses, stderr).to.include(status);
      expect(stdout + stderr).to.not.match(/^\s+at |node:internal/m);
      if (status !== 0) expect(stderr).to.match(/\w/);
      if (words.startsWith('agent -') || words === 'doctor')
        expect(stderr).to.include('/proc').and.to.include('mount -t proc proc /proc');
    });
});
