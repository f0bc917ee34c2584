/** `npm run bench`: boots a virtual machine for each measure, has every candidate do the same work, and compares. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Measure, type Options, readOptions, USAGE } from './options.js';
import type { Order, Sample } from './sample.js';
import { callsTable, disagreements, type Row, rows, tableOf } from './summary.js';
import { rulesOf, SCALE_WORKLOADS, sizeName, WORKLOADS } from './workloads.js';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const BENCH = join(CHECKOUT, 'bench');
const ALL = [...WORKLOADS, ...SCALE_WORKLOADS];

/** The machine for each measure: counted instructions, or a fast one-CPU machine. */
const MACHINE: Readonly<Record<Measure, readonly string[]>> = {
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
  prepare(options);
  const results: Record<string, unknown> = {};
  let problems: string[] = [];
  for (const measure of options.measures) {
    const samples = await run(measure, options);
    const table = measure === 'syscalls' ? [] : rows(samples, figure(measure));
    results[measure] = { samples, table };
    process.stdout.write(`\n${TITLE[measure]}\n\n${text(measure, samples, table)}`);
    problems = [...problems, ...disagreements(samples)];
  }
  mkdirSync(join(BENCH, 'results'), { recursive: true });
  const file = join(BENCH, 'results', `${new Date().toISOString().replaceAll(':', '')}.json`);
  writeFileSync(file, `${JSON.stringify({ options, node: process.version, results }, undefined, 1)}\n`);
  process.stdout.write(`\nAll samples: ${file}\n`);
  for (const problem of problems) process.stderr.write(`bench: ${problem}\n`);
  return problems.length === 0 ? 0 : 1;
}

const TITLE: Readonly<Record<Measure, string>> = {
  instructions:
    'Millions of instructions of the whole process (`batch`: of the library call alone), median and least; ratios of medians.',
  wall: 'Milliseconds of wall time in user-mode Linux, which overstates system calls and start-up.',
  syscalls: 'System calls, counted by strace.',
};

function figure(measure: Measure): (sample: Sample) => number {
  return measure === 'wall' ? ({ wall }) => wall / 1000 : ({ user, system }) => (user + system) / 1000;
}

function text(measure: Measure, samples: readonly Sample[], table: readonly Row[]): string {
  if (measure === 'syscalls') return callsTable(samples, messagesOf);
  return tableOf(table, measure === 'wall' ? 'ms' : 'Minstr');
}

/** Requests of a restore; services of a listing. */
function messagesOf(name: string): number {
  const workload = ALL.find((each) => each.name === name);
  if (workload === undefined || workload.size.services === 0) return 0;
  const { services, destinations } = workload.size;
  return workload.task === 'restore' ? services * (1 + destinations) : services;
}

/** Compiles the C programs and writes the rules, where the guest will find them. */
function prepare({ workloads }: Options): void {
  const build = join(BENCH, 'build');
  mkdirSync(build, { recursive: true });
  for (const name of ['floor', 'meter'])
    execFileSync('gcc', ['-O2', '-Wall', '-Wextra', '-o', join(build, name), join(BENCH, 'c', `${name}.c`)]);
  for (const { name, size } of ALL) {
    const file = join(build, `${sizeName(size)}.rules`);
    if (workloads.includes(name) && !existsSync(file)) writeFileSync(file, rulesOf(size));
  }
}

async function run(measure: Measure, options: Options): Promise<Sample[]> {
  const { workloads, scale, drivers, candidates, kernel } = options;
  const strace = measure === 'syscalls';
  const order: Order = {
    // A trace of the largest tables is a hundred megabytes and tells nothing new.
    workloads: strace ? workloads.filter((name) => !/10000x4|\d{5}x|x\d{5}/.test(name)) : workloads,
    rounds: strace ? 1 : options.rounds,
    scale,
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
  for await (const line of createInterface({ input: guest.stdout })) {
    const sample = JSON.parse(line) as Sample;
    samples.push(sample);
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
