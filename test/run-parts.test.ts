import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { CHECKOUT } from './source-files.js';

interface Part {
  readonly name: string;
  readonly kernel?: string;
  readonly script?: string;
  readonly command?: readonly string[];
  readonly seconds?: number;
  readonly first?: boolean;
}

describe('the runner of npm test (scripts/lib/run-parts.js)', function () {
  this.timeout(60_000);
  let directory = '';

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-parts-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  /** A program that runs parts and prints what the runner says. */
  function program(parts: readonly Part[], options: Readonly<Record<string, unknown>> = {}): string {
    const runner = pathToFileURL(join(CHECKOUT, 'scripts/lib/run-parts.js')).href;
    const table = parts.map(({ script = 'true', command = ['bash', '-c', script], ...part }) => ({
      kernel: 'a kernel',
      command,
      ...part,
    }));
    const settings = { jobs: 2, silenceSeconds: 30, reportSeconds: 60, strict: false, ...options };
    const file = join(directory, 'run.mjs');
    writeFileSync(
      file,
      `import { runParts } from ${JSON.stringify(runner)};\n` +
        `process.exitCode = await runParts(${JSON.stringify(table)}, ${JSON.stringify(settings)});\n`,
    );
    return file;
  }

  function run(parts: readonly Part[], options: Readonly<Record<string, unknown>> = {}) {
    const { status, stdout, stderr } = spawnSync('node', [program(parts, options)], {
      encoding: 'utf8',
      env: { ...process.env, TMPDIR: directory },
    });
    expect(stderr).to.equal('');
    return { status, lines: stdout.trimEnd().split('\n'), stdout };
  }

  it('ends with what ran where, and a count', () => {
    const { status, lines } = run([
      { name: 'one', kernel: 'uml 6.1' },
      { name: 'two', kernel: 'qemu 6.1' },
    ]);
    expect(status).to.equal(0);
    expect(lines.at(-1)).to.match(/^2 passed, 0 failed, in \d+ s$/);
    const summary = lines.slice(lines.indexOf('What ran, and where:'));
    expect(summary.some((line) => /passed +one +uml 6\.1/.test(line))).to.equal(true);
    expect(summary.some((line) => /passed +two +qemu 6\.1/.test(line))).to.equal(true);
  });

  it('names a failing test at once, and shows why at the end', () => {
    // The part goes on until the runner has named the test.
    const flag = join(directory, 'named');
    const { status, lines } = run([
      {
        name: 'tests',
        script: `echo "FAILED TEST: a room has a door"; echo "    AssertionError: no door"; sleep 0.5; touch ${flag}; exit 7`,
      },
    ]);
    expect(status).to.equal(1);
    const named = lines.indexOf('! tests (a kernel): a room has a door');
    expect(lines[named + 1]).to.equal('! tests (a kernel): AssertionError: no door');
    expect(named).to.be.within(0, lines.findIndex((line) => line.startsWith('FAILED (7)')) - 1);
    expect(lines.filter((line) => line === '    AssertionError: no door').length).to.equal(2);
    expect(lines.at(-1)).to.match(/^0 passed, 1 failed, /);
  });

  it('knows failures of checks and of scenarios', () => {
    const { stdout } = run([
      {
        name: 'checks',
        script: 'echo "WRONG a claim"; echo; echo "== modes/nat: a title"; echo "   FAILED in 1.5 s"; exit 1',
      },
    ]);
    expect(stdout).to.contain('! checks (a kernel): a claim\n');
    expect(stdout).to.contain('! checks (a kernel): modes/nat: a title\n');
  });

  it('ends a part that is silent, with all that it started, and says what it printed last', () => {
    const pid = join(directory, 'pid');
    const { status, stdout } = run(
      [{ name: 'hangs', script: `echo "4/9 the last test"; sleep 1000 & echo $! >${pid}; wait` }],
      { silenceSeconds: 1 },
    );
    expect(status).to.equal(1);
    expect(stdout).to.contain('! hangs (a kernel): no output for 1 s; its last line: 4/9 the last test');
    expect(stdout).to.match(/FAILED \(silent\) +hangs/);
    expect(isRunning(readFileSync(pid, 'utf8').trim())).to.equal(false);
  });

  it('lets a part that prints something go on', () => {
    const { status, stdout } = run(
      [{ name: 'slow', script: 'for i in {1..25}; do echo $i; sleep 0.2; done' }],
      { silenceSeconds: 4 },
    );
    expect([status, stdout.includes('no output')]).to.deep.equal([0, false]);
  });

  it('says which parts cannot run, which is a failure in CI', () => {
    const parts = [{ name: 'able' }, { name: 'unable', script: 'echo there is no engine; exit 125' }];
    const here = run(parts);
    expect(here.status).to.equal(0);
    expect(here.stdout).to.match(/CANNOT RUN +unable/);
    expect(here.stdout).to.contain('there is no engine');
    expect(here.lines.at(-1)).to.match(/^1 passed, 0 failed, /);
    const inCi = run(parts, { strict: true });
    expect(inCi.status).to.equal(1);
    expect(inCi.stdout).to.contain('1 part(s) could not run, and CI is set: that is a failure.');
    expect(inCi.lines.at(-1)).to.match(/^1 passed, 1 failed, /);
  });

  it('reports a program that does not exist', () => {
    const { status, stdout } = run([{ name: 'missing', command: ['/no/such/program'] }]);
    expect(status).to.equal(1);
    expect(stdout).to.match(/FAILED \(127\) +missing/);
    expect(stdout).to.contain('/no/such/program: ');
  });

  it('runs nothing else if the build fails', () => {
    const { status, stdout, lines } = run([
      { name: 'build', first: true, script: 'echo "TS2322: no"; exit 2' },
      { name: 'tests', script: `touch ${directory}/ran` },
    ]);
    expect(status).to.equal(1);
    expect(existsSync(join(directory, 'ran'))).to.equal(false);
    expect(stdout).to.match(/NOT RUN +tests/);
    expect(lines.at(-1)).to.match(/^0 passed, 1 failed, 1 not run, /);
  });

  it('reports progress with an estimate while parts run', () => {
    const { stdout } = run(
      [
        { name: 'long', seconds: 240, script: 'echo "17/80 a test"; sleep 1.2' },
        { name: 'next', seconds: 60 },
      ],
      { reportSeconds: 0.5, jobs: 1 },
    );
    expect(stdout).to.match(/--- \d s: 0 of 2 parts are over, 0 of them did not pass; about 5 min left/);
    expect(stdout).to.match(
      / {4}long \(a kernel\): \d s of about 4 min, last output \d s ago: 17\/80 a test/,
    );
  });

  it('estimates by what parts took on this machine before', () => {
    const durationsFile = join(directory, 'cache/durations.json');
    const parts = [{ name: 'part', seconds: 240, script: 'sleep 1' }];
    run(parts, { durationsFile });
    expect(JSON.parse(readFileSync(durationsFile, 'utf8'))).to.have.all.keys('part (a kernel)');
    expect(run(parts, { durationsFile }).stdout).to.match(/… part \(a kernel\), about \d s\n/);
    writeFileSync(durationsFile, 'not JSON');
    expect(run(parts, { durationsFile }).stdout).to.contain('… part (a kernel), about 4 min\n');
  });

  it('ends its parts when it is interrupted', async () => {
    const pid = join(directory, 'pid');
    const child = spawn(
      'node',
      [program([{ name: 'long', script: `echo $$ >${pid}; echo ready; sleep 1000` }])],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let output = '';
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
    while (!existsSync(pid) || readFileSync(pid, 'utf8') === '')
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGTERM');
    expect(await ended).to.equal(128 + 15);
    expect(output).to.contain('interrupted');
    expect(existsSync(`/proc/${readFileSync(pid, 'utf8').trim()}`)).to.equal(false);
  });
});

describe('the reporter of npm test (scripts/lib/mocha-progress.cjs)', () => {
  it('names tests when they begin, failures at once, and lets tests be slow', () => {
    const directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-reporter-'));
    try {
      const file = join(directory, 'some.test.cjs');
      writeFileSync(
        file,
        `describe('a room', function () {
          this.timeout(50);
          it('has a door', () => { throw new Error('no door\\nno window'); });
          it('is slow', (done) => { setTimeout(done, 200); });
          it.skip('has a ghost', () => undefined);
          describe('that is dark', () => { before(() => { throw new Error('no light'); }); it('is not entered', () => undefined); });
        });\n`,
      );
      const mocha = join(CHECKOUT, 'node_modules/.bin/mocha');
      const reporter = join(CHECKOUT, 'scripts/lib/mocha-progress.cjs');
      const run = (patience: string) =>
        spawnSync(mocha, ['--no-config', '--reporter', reporter, file], {
          encoding: 'utf8',
          env: { ...process.env, IPVS_TS_PATIENCE: patience },
        });
      const { status, stdout } = run('30');
      expect(status).to.equal(2);
      expect(stdout).to.contain(
        '1/4 a room has a door\nFAILED TEST: a room has a door\n    Error: no door\n',
      );
      expect(stdout).to.match(/2\/4 a room is slow \d+ ms\n/);
      expect(stdout).to.contain('skipped: a room has a ghost\n');
      expect(stdout).to.contain(
        'FAILED TEST: a room that is dark "before all" hook for "is not entered"\n    Error: no light\n',
      );
      expect(stdout).to.match(/1 passing[^]*1 pending[^]*2 failing/);
      expect(run('0').stdout).to.contain('FAILED TEST: a room is slow\n');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

/** Whether a process still runs; one that ended may be on the list until its new parent has read its status. */
function isRunning(pid: string): boolean {
  if (!existsSync(`/proc/${pid}`)) return false;
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
