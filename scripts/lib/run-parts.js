/**
 * Runs the parts of a test run side by side. It reports failing tests at once, progress at least each minute, and at the
 * end which parts ran on which kernel. It limits silence, not work: a part may take any time as long as it prints
 * something now and then.
 *
 * @typedef {object} Part
 * @property {string} name
 * @property {string} kernel what it runs on, for the summary
 * @property {readonly string[]} command
 * @property {number} [seconds] what it takes on two idle cores, for estimates
 * @property {boolean} [first] runs alone before all others, which do not run if it fails
 *
 * @typedef {object} Options
 * @property {number} jobs parts that run at the same time
 * @property {number} silenceSeconds a part without output for that long is ended, and has failed
 * @property {number} reportSeconds between two reports of progress
 * @property {boolean} strict whether a part that cannot run is a failure: in CI
 * @property {string} [durationsFile] where the durations of this machine are kept
 * @property {(text: string) => void} [write]
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** Exit status of test-vm/run's own failures: no engine, no package, no boot. */
const CANNOT_RUN = 125;

/** Estimate for parts that have not been measured. */
const UNKNOWN_SECONDS = 60;

/** Lines of a log that are shown where its part did not pass. */
const SHOWN_LINES = 120;

/** Time for a part to end by itself after SIGTERM. */
const GRACE_MS = 10_000;

/**
 * Runs all parts. The result is the exit status: 0 if all passed, 1 if not, 128 + n after signal n.
 *
 * @param {readonly Part[]} parts
 * @param {Options} options
 * @returns {Promise<number>}
 */
export async function runParts(parts, options) {
  const run = new Run(parts, options);
  return run.run();
}

class Run {
  /** @param {readonly Part[]} parts @param {Options} options */
  constructor(parts, options) {
    this.options = options;
    this.write = options.write ?? ((text) => void process.stdout.write(text));
    this.started = now();
    this.logs = mkdtempSync(join(tmpdir(), 'ipvs-ts-test.'));
    this.durations = readDurations(options.durationsFile);
    this.signal = 0;
    this.jobs = parts.map((part, index) => ({
      part,
      title: `${part.name} (${part.kernel})`,
      log: join(this.logs, `${index}.log`),
      expected: this.durations[`${part.name} (${part.kernel})`] ?? part.seconds ?? UNKNOWN_SECONDS,
      state: 'waiting',
      started: 0,
      seconds: 0,
      lastOutput: 0,
      lastLine: '',
      heading: '',
      child: undefined,
    }));
  }

  async run() {
    const stop = (number) => () => this.interrupt(number);
    const handlers = { SIGINT: stop(2), SIGTERM: stop(15), SIGHUP: stop(1) };
    for (const [name, handler] of Object.entries(handlers)) process.on(name, handler);
    const timer = setInterval(() => this.report(), 1000 * this.options.reportSeconds);
    const watch = setInterval(() => this.endSilent(), Math.min(1000, 250 * this.options.silenceSeconds));
    try {
      for (const job of this.jobs.filter(({ part }) => part.first)) {
        await this.runJob(job);
        if (job.state !== 'passed') return this.summary();
      }
      const queue = this.jobs.filter(({ part }) => !part.first);
      const worker = async () => {
        for (let job = queue.shift(); job !== undefined && this.signal === 0; job = queue.shift())
          await this.runJob(job);
      };
      await Promise.all(Array.from({ length: this.options.jobs }, worker));
      return this.summary();
    } finally {
      clearInterval(timer);
      clearInterval(watch);
      for (const [name, handler] of Object.entries(handlers)) process.off(name, handler);
    }
  }

  /** Runs one part to its end; its output goes to its log. */
  async runJob(job) {
    const [program = '', ...args] = job.part.command;
    job.state = 'running';
    job.started = job.lastOutput = now();
    this.write(`… ${job.title}, about ${duration(job.expected)}\n`);
    const log = createWriteStream(job.log);
    // A process group of its own, so that whatever it starts ends with it.
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    job.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes) => {
        job.lastOutput = now();
        log.write(bytes);
      });
      createInterface({ input: stream }).on('line', (line) => this.readLine(job, line));
    }
    const [status, signal, problem] = await new Promise((resolve) => {
      child.once('error', (error) => resolve([127, null, error.message]));
      // Processes that a part left behind may hold its output open, so the exit of the part itself counts.
      child.once('exit', (code, name) => setImmediate(() => resolve([code, name, ''])));
    });
    endGroup(child, 'SIGKILL');
    if (problem !== '') log.write(`${program}: ${problem}\n`);
    await new Promise((resolve) => log.end(resolve));
    job.seconds = now() - job.started;
    job.state = this.verdict(job, status, signal);
    if (job.state === 'passed') this.durations[job.title] = Math.ceil(job.seconds);
    this.write(`${this.line(job)}\n`);
    if (job.state !== 'passed' && this.signal === 0)
      this.write(`=== ${job.title}\n${lastLines(job.log, SHOWN_LINES)}=== ${this.line(job)}\n\n`);
  }

  verdict(job, status, signal) {
    if (job.silent) return 'FAILED (silent)';
    if (status === 0) return 'passed';
    if (status === CANNOT_RUN) return 'CANNOT RUN';
    return `FAILED (${status ?? signal})`;
  }

  /** Names failing tests at once. */
  readLine(job, line) {
    if (line.trim() === '') return;
    if (/^== \S/.test(line)) job.heading = line.slice(3).trim();
    const failure = failureIn(line, job.heading);
    // The first line of a mocha error follows its name.
    if (failure !== undefined || job.afterFailure) this.write(`! ${job.title}: ${failure ?? line.trim()}\n`);
    job.afterFailure = failure !== undefined && line.startsWith('FAILED TEST: ');
    job.lastLine = line.trim();
  }

  endSilent() {
    for (const job of this.jobs) {
      if (job.state !== 'running' || job.silent || now() - job.lastOutput < this.options.silenceSeconds)
        continue;
      job.silent = true;
      this.write(
        `! ${job.title}: no output for ${duration(this.options.silenceSeconds)}; its last line: ${job.lastLine}\n`,
      );
      this.end(job);
    }
  }

  end(job) {
    endGroup(job.child, 'SIGTERM');
    setTimeout(() => endGroup(job.child, 'SIGKILL'), GRACE_MS).unref();
  }

  interrupt(number) {
    this.signal = number;
    this.write('\ninterrupted: ending the parts that run\n');
    for (const job of this.jobs) if (job.state === 'running') this.end(job);
  }

  /** The progress of the run. */
  report() {
    const running = this.jobs.filter(({ state }) => state === 'running');
    const over = this.jobs.filter(({ state }) => state !== 'running' && state !== 'waiting');
    const failed = over.filter(({ state }) => state !== 'passed');
    this.write(
      `--- ${duration(now() - this.started)}: ${over.length} of ${this.jobs.length} parts are over, ` +
        `${failed.length} of them did not pass; about ${duration(this.secondsLeft())} left\n`,
    );
    for (const job of running)
      this.write(
        `    ${job.title}: ${duration(now() - job.started)} of about ${duration(job.expected * this.slowness())}, ` +
          `last output ${duration(now() - job.lastOutput)} ago: ${job.lastLine.slice(0, 160)}\n`,
      );
  }

  /** How much longer the parts that passed took than expected: this machine may be slower, or busy. */
  slowness() {
    const over = this.jobs.filter(({ state }) => state === 'passed');
    const expected = over.reduce((sum, job) => sum + job.expected, 0);
    const taken = over.reduce((sum, job) => sum + job.seconds, 0);
    return expected < 30 ? 1 : Math.min(20, Math.max(0.3, taken / expected));
  }

  secondsLeft() {
    let work = 0;
    let longest = 0;
    for (const job of this.jobs) {
      if (job.state !== 'running' && job.state !== 'waiting') continue;
      const all = job.expected * this.slowness();
      const left = job.state === 'running' ? Math.max(all - (now() - job.started), all / 10) : all;
      work += left;
      longest = Math.max(longest, left);
    }
    return Math.max(work / this.options.jobs, longest);
  }

  /** The summary: which parts ran and where, and why parts did not pass. */
  summary() {
    writeDurations(this.options.durationsFile, this.durations);
    for (const job of this.jobs) if (job.state === 'waiting') job.state = 'NOT RUN';
    const failed = this.jobs.filter(({ state }) => state.startsWith('FAILED'));
    const notRun = this.jobs.filter(({ state }) => state === 'NOT RUN');
    const cannot = this.jobs.filter(({ state }) => state === 'CANNOT RUN');
    if (this.signal !== 0) {
      rmSync(this.logs, { recursive: true, force: true });
      return 128 + this.signal;
    }
    // Repeat the reasons at the end, where they are seen.
    for (const job of [...failed, ...cannot])
      this.write(`\n=== The end of: ${job.title}\n${lastLines(job.log, SHOWN_LINES / 2)}`);
    this.write(`\nWhat ran, and where:\n${this.jobs.map((job) => `  ${this.line(job)}\n`).join('')}`);
    const strict = this.options.strict && cannot.length > 0;
    if (strict) this.write(`\n${cannot.length} part(s) could not run, and CI is set: that is a failure.\n`);
    else if (cannot.length > 0)
      this.write(`\n${cannot.length} part(s) could not run here; their messages above say why.\n`);
    const all = failed.length + (strict ? cannot.length : 0);
    if (all + cannot.length === 0) rmSync(this.logs, { recursive: true, force: true });
    else this.write(`\nThe whole output of each part: ${this.logs}\n`);
    const passed = this.jobs.filter(({ state }) => state === 'passed').length;
    const rest = notRun.length === 0 ? '' : `, ${notRun.length} not run`;
    this.write(`\n${passed} passed, ${all} failed${rest}, in ${Math.round(now() - this.started)} s\n`);
    return all + notRun.length === 0 ? 0 : 1;
  }

  line({ state, part, seconds }) {
    return `${state.padEnd(15)} ${part.name.padEnd(46)} ${part.kernel.padEnd(18)} ${String(Math.round(seconds)).padStart(4)} s`;
  }
}

/** The test that a line says has failed: of mocha with our reporter, of the checks and scenarios of test-vm. */
function failureIn(line, heading) {
  const named = /^(?:FAILED TEST: |WRONG +|FAILED: )(.*)/.exec(line);
  if (named !== null) return named[1];
  return /^ +FAILED in [0-9.]+ s$/.test(line) ? heading : undefined;
}

/** Signals a process and all that it started. */
function endGroup(child, signal) {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended.
  }
}

function lastLines(file, count) {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const left = lines.length - count;
  return `${left > 0 ? `(${left} lines before)\n` : ''}${lines.slice(-count).join('\n')}\n`;
}

/** Seconds of a clock that only goes forward. */
function now() {
  return performance.now() / 1000;
}

function duration(seconds) {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

function readDurations(file) {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8'));
    return Object.fromEntries(
      Object.entries(found).filter(([, value]) => Number.isFinite(value) && value > 0),
    );
  } catch {
    return {};
  }
}

/** Durations are a convenience: a directory that cannot be written to is no reason to fail. */
function writeDurations(file, durations) {
  if (file === undefined) return;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(durations, null, 2)}\n`);
  } catch {
    // The next run uses the estimates of the table.
  }
}
