/** The program as a process: signals and outputs, where no IPVS is needed. */
import { spawn, spawnSync, execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { COMMAND, PROGRAM } from '../../program.js';

interface Outcome {
  readonly status: number | null;
  readonly stderr: string;
}

describe('the process', function () {
  this.timeout(120_000);
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-process-'));
    execFileSync('mkfifo', [join(directory, 'fifo')]);
    symlinkSync(PROGRAM, join(directory, 'ipvsadm'));
    writeFileSync(join(directory, 'rules'), '-A -t 192.0.2.1:http -s rr\n');
  });
  after(() => rmSync(directory, { recursive: true }));

  /** Runs a script in which `p` is the program. */
  function run(script: string): Outcome {
    const text = `p() { ${COMMAND.join(' ')} "$@"; }; ${script}`;
    const { status, stderr } = spawnSync('bash', ['-c', text], { encoding: 'utf8', cwd: directory });
    return { status, stderr };
  }

  for (const command of ['help', 'help plan', 'version', 'plan --help', 'drain -h', 'doctor --help'])
    it(`says so and fails where the disk is full: ${command}`, () => {
      const { status, stderr } = run(`p ${command} >/dev/full`);
      expect(status).to.equal(command.startsWith('doctor') ? 2 : 1);
      expect(stderr).to.equal(
        `ipvs-ts ${command.split(' ')[0] ?? ''}: cannot write to standard output: ENOSPC (No space left on device)\n`,
      );
    });

  it('prints nothing if standard error is full, and exits with a status', () => {
    expect(run('p plan --nonsense 2>/dev/full')).to.deep.equal({ status: 1, stderr: '' });
  });

  it('shows no stack where outputs are closed', () => {
    for (const script of [
      'p help >&-',
      'p help >&- 2>&-',
      'p plan --nonsense 2>&-',
      'p version </dev/null 1</dev/null',
    ])
      expect(run(script).stderr, script).not.to.match(/^ +at /m);
  });

  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    it(`ends by ${signal} while it waits for a pipe`, async () => {
      for (const argv of [
        ['plan', '-f', join(directory, 'fifo')],
        ['apply', '-f', '/dev/fd/3', '--yes'],
        ['plan', '-f', '-'],
      ]) {
        const child = spawn(COMMAND[0] as string, [...COMMAND.slice(1), ...argv], {
          stdio: ['pipe', 'pipe', 'pipe', openSync(join(directory, 'fifo'), 'r+')],
        });
        // When it has loaded what it needs it waits; a signal before that ends it too, by itself.
        await new Promise((resolve) => setTimeout(resolve, 1500));
        child.kill(signal);
        const last = setTimeout(() => child.kill('SIGKILL'), 20_000);
        const [code, by] = await new Promise<[number | null, string | null]>((resolve) =>
          child.once('exit', (...how) => resolve(how)),
        );
        clearTimeout(last);
        expect(by ?? code, argv.join(' ')).to.be.oneOf([status, signal]);
      }
    });

  for (const words of [
    'validate',
    'plan -f',
    'agent --check -f',
    'import --from-keepalived',
    'import --from-ldirectord',
    'fleet status --store',
  ])
    it(`reads no file endlessly: ${words}`, () => {
      const { status, stderr } = run(`p ${words} /dev/zero`);
      expect(status, stderr).to.equal(1);
      expect(stderr).to.match(/\/dev\/zero.*(longer than|more than) 67108864 bytes/);
    });

  it('suggests the closest match for a mistyped subcommand', () => {
    const { status, stderr } = run('p drian tcp:192.0.2.1:80 10.0.0.1:80');
    expect(status).to.equal(255);
    expect(stderr).to.equal(
      'ipvs-ts: no command "drian"; did you mean drain? “ipvs-ts help” lists the commands.\n',
    );
  });

  it('suggests nothing under the name of ipvsadm', () => {
    const { stderr } = run(`${[...COMMAND.slice(0, -1), join(directory, 'ipvsadm')].join(' ')} drian`);
    expect(stderr).not.to.include('did you mean');
  });
});
