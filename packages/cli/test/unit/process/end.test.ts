import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type EndingProcess, mayEndAtOnce } from '../../../dist/process/end.js';
import { COMMAND } from '../../program.js';

describe('the end of the program', function () {
  this.timeout(60_000);
  const quiet: EndingProcess = {
    env: { PATH: '/bin', NODE_ENV: 'production' },
    execArgv: [],
    listenerCount: () => 0,
    getActiveResourcesInfo: () => [],
  };

  it('is at once if nothing waits for it', () => {
    expect(mayEndAtOnce(quiet)).to.equal(true);
  });

  it("is Node's if anything does", () => {
    for (const [what, other] of Object.entries<Partial<EndingProcess>>({
      'an option': { execArgv: ['--cpu-prof'] },
      options: { env: { NODE_OPTIONS: '' } },
      coverage: { env: { NODE_V8_COVERAGE: '/tmp' } },
      'compiled code': { env: { NODE_COMPILE_CACHE: '/tmp' } },
      traces: { env: { DEBUG: 'netlink' } },
      'a listener': { listenerCount: () => 1 },
      'pending work': { getActiveResourcesInfo: () => ['Timeout'] },
    }))
      expect(mayEndAtOnce({ ...quiet, ...other }), what).to.equal(false);
  });

  it('lets listeners run, and Node write its coverage', () => {
    const directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-end-'));
    try {
      const listener = join(directory, 'listener.cjs');
      writeFileSync(listener, "process.on('exit', (status) => console.log('exit', status));\n");
      for (const argv of [['--no-such-option'], ['version']]) {
        const { stdout, status } = spawnSync('node', ['--require', listener, ...COMMAND.slice(1), ...argv], {
          encoding: 'utf8',
          env: { PATH: process.env['PATH'] },
        });
        expect(stdout).to.match(new RegExp(`^exit ${status}\n$`, 'm'));
        const coverage = join(directory, 'coverage');
        spawnSync('node', [...COMMAND.slice(1), ...argv], {
          env: { PATH: process.env['PATH'], NODE_V8_COVERAGE: coverage },
        });
        expect(readdirSync(coverage)).to.have.length.at.least(1);
        rmSync(coverage, { recursive: true });
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('comes after everything was written to a pipe that is read slowly, and to a file', () => {
    const directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-end-'));
    try {
      const file = join(directory, 'text');
      const argv = ['plan', '--from-rules', join(directory, 'rules')];
      writeFileSync(join(directory, 'rules'), '-a nothing\n'.repeat(1000));
      const command = [...COMMAND, ...argv].join(' ');
      const env = { PATH: process.env['PATH'] };
      expect(spawnSync('sh', ['-c', `${command} 2>${file}`], { env }).status).to.equal(1);
      const whole = readFileSync(file, 'utf8');
      expect(whole.length).to.be.above(1000);
      const { stdout: text } = spawnSync('sh', ['-c', `{ ${command} 2>&1; } | { sleep 1; cat; }`], {
        encoding: 'utf8',
        env,
      });
      expect(text).to.equal(whole);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
