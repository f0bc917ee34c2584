/** `npm run bench`: boots a virtual machine for each measure, lets every candidate do the same work, and compares. */
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Measure, type Options, readOptions, USAGE } from './options.js';
import { COUNTED, growth, growthTable, outgrown, TIMED, unsteady } from './growth.js';
import type { Order, Sample } from './sample.js';
import { callsTable, disagreements, type Row, rows, tableOf } from './summary.js';
import { rulesBefore, rulesFor, rulesOf, scaleWorkloads, type Workload, WORKLOADS } from './workloads.js';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const BENCH = join(CHECKOUT, 'bench');

/** The machine for each measure: counted instructions, or a fast one-CPU machine. */
const MACHINE: Readonly<Record<Exclude<Measure, 'own'>, readonly string[]>> = {
  instructions: ['--engine', 'qemu', '--icount'],
  wall: ['--engine', 'uml'],
  syscalls: ['--engine', 'uml'],
};

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const all = options.scale ? scaleWorkloads(options.part) : WORKLOADS;
  prepare(options, all);
  const results: Record<string, unknown> = {};
  let problems: string[] = [];
  for (const measure of options.measures) {
    const samples = measure === 'own' ? runHere(options, all) : await run(measure, options);
    const table = measure === 'syscalls' ? [] : rows(samples, figure(measure));
    results[measure] = { samples, table };
    process.stdout.write(`\n${TITLE[measure]}\n\n${text(measure, samples, table, all)}`);
    problems = [...problems, ...disagreements(samples)];
    if (options.scale && measure !== 'syscalls') {
      const grown = growth(samples, all, measure === 'instructions' ? COUNTED : TIMED);
      process.stdout.write(`\n${growthTable(grown, unitOf(measure))}`);
      problems = [...problems, ...(measure === 'own' ? [] : unsteady(samples, all)), ...outgrown(grown)];
    }
  }
  const file = join(BENCH, 'results', `${new Date().toISOString().replaceAll(':', '')}.json`);
  writeFileSync(file, `${JSON.stringify({ options, node: process.version, results }, undefined, 1)}\n`);
  process.stdout.write(`\nAll samples: ${file}\n`);
  for (const problem of problems) process.stderr.write(`bench: ${problem}\n`);
  return problems.length === 0 ? 0 : 1;
}

const TITLE: Readonly<Record<Measure, string>> = {
  instructions:
    'Millions of instructions of the whole process (`batch…`, `packed`, `sync…`, `async…`: of the call alone), median and least; ratios of medians.',
  wall: 'Milliseconds of wall time in user-mode Linux, which overstates system calls and start-up.',
  syscalls: 'System calls, counted by strace.',
  own: 'Milliseconds of processor time of our own code, against a kernel that takes none: growth alone matters.',
};

function figure(measure: Measure): (sample: Sample) => number {
  return measure === 'wall' ? ({ wall }) => wall / 1000 : ({ user, system }) => (user + system) / 1000;
}

function unitOf(measure: Measure): string {
  return measure === 'instructions' ? 'Minstr' : 'ms';
}

function text(
  measure: Measure,
  samples: readonly Sample[],
  table: readonly Row[],
  all: readonly Workload[],
): string {
  if (measure === 'syscalls') return callsTable(samples, (name) => messagesOf(name, all));
  return tableOf(table, unitOf(measure));
}

/** Requests of a restore; services of a listing. */
function messagesOf(name: string, all: readonly Workload[]): number {
  const workload = all.find((each) => each.name === name);
  if (workload === undefined || workload.size.services === 0) return 0;
  const { services, destinations } = workload.size;
  return workload.task === 'restore' ? services * (1 + destinations) : services;
}

/** Compiles the C programs and writes the rules to files that the guest can read. */
function prepare({ workloads }: Options, all: readonly Workload[]): void {
  mkdirSync(join(BENCH, 'results'), { recursive: true });
  const build = join(BENCH, 'build');
  mkdirSync(build, { recursive: true });
  for (const name of ['floor', 'meter'])
    execFileSync('gcc', ['-O2', '-Wall', '-Wextra', '-o', join(build, name), join(BENCH, 'c', `${name}.c`)]);
  for (const workload of all.filter(({ name }) => workloads.includes(name))) {
    const [before, given] = [rulesBefore(workload), rulesFor(workload)];
    if (before !== undefined) writeOnce(join(build, before), () => rulesOf(workload.size));
    if (given !== undefined)
      writeOnce(join(build, given), () => rulesOf(workload.size, workload.task === 'apply-small'));
  }
}

function writeOnce(file: string, text: () => string): void {
  if (!existsSync(file)) writeFileSync(file, text());
}

/** Runs the tasks of `--scale` on this machine, one after another, each in a process of its own. */
function runHere({ workloads, rounds }: Options, all: readonly Workload[]): Sample[] {
  const chosen = all.filter(({ name }) => workloads.includes(name));
  return chosen.flatMap(({ name, task, size }) =>
    Array.from({ length: rounds }, () => {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[Kown: ${name}`);
      const words = [task, String(size.services), String(size.destinations)];
      const answer = execFileSync('node', [join(BENCH, 'dist/scale.js'), ...words], { encoding: 'utf8' });
      return JSON.parse(answer) as Sample;
    }),
  );
}

async function run(measure: Exclude<Measure, 'own'>, options: Options): Promise<Sample[]> {
  const { workloads, scale, part, drivers, candidates, kernel } = options;
  const strace = measure === 'syscalls';
  const order: Order = {
    // A trace of the largest tables has a hundred megabytes and shows nothing new.
    workloads: strace ? workloads.filter((name) => !/10000x4|\d{5}x|x\d{5}/.test(name)) : workloads,
    rounds: strace ? 1 : options.rounds,
    scale,
    part,
    drivers,
    candidates,
    strace,
  };
  const guest = spawn(
    join(CHECKOUT, 'test-vm/run'),
    [
      ...MACHINE[measure],
      ...['--kernel', kernel, '--memory', '2048', '--timeout', '7200', '--'],
      ...['node', join(BENCH, 'dist/guest.js'), JSON.stringify(order)],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise<number | null>((resolve) => guest.on('close', resolve));
  const samples: Sample[] = [];
  const file = join(BENCH, 'results', `${measure}.jsonl`);
  writeFileSync(file, '');
  for await (const line of createInterface({ input: guest.stdout })) {
    const sample = JSON.parse(line) as Sample;
    samples.push(sample);
    // Keep what was measured, though something failed.
    appendFileSync(file, `${line}\n`);
    if (process.stderr.isTTY)
      process.stderr.write(`\r\u001b[K${measure}: ${samples.length} ${sample.workload} ${sample.candidate}`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  const status = await ended;
  if (status !== 0) throw new Error(`the virtual machine ended with status ${String(status)}`);
  return samples;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`bench: ${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
