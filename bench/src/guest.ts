/** The part that runs inside the virtual machine: every candidate in turn, round after round. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Candidate, candidates, IN_PROCESS } from './candidates.js';
import type { Order, Sample } from './sample.js';
import {
  CHANGING,
  OWN_TASKS,
  rulesBefore,
  rulesFor,
  scaleWorkloads,
  type Task,
  type Workload,
  WORKLOADS,
} from './workloads.js';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const BUILD = join(CHECKOUT, 'bench/build');
const FLOOR = join(BUILD, 'floor');
const OUTPUT = '/dev/shm/bench-output';
const TRACE = '/dev/shm/bench-trace';

function main(order: Order): void {
  const all = order.scale ? scaleWorkloads(order.part) : WORKLOADS;
  const chosen = all.filter(({ name }) => order.workloads.includes(name));
  const runners = candidates(CHECKOUT, order.drivers).filter(
    ({ name }) => order.candidates.length === 0 || order.candidates.includes(name),
  );
  // Load modules, and bring files into memory, before the first measurement.
  for (const runner of runners) for (const task of ['start', 'list-small'] as const) warm(runner, task);
  for (const workload of chosen) {
    for (let round = 0; round < order.rounds; round++) {
      for (const runner of runners) {
        const words = runner.command(workload.task);
        if (words === undefined || (runner.name === 'floor' && workload.size.ipv6 === true)) continue;
        const sample = measure(workload, runner.name, words, order);
        process.stdout.write(`${JSON.stringify(sample)}\n`);
      }
    }
  }
}

function warm(runner: Candidate, task: Task): void {
  const [program, ...words] = runner.command(task) ?? [];
  if (program !== undefined) spawnSync(program, words, { stdio: 'ignore' });
}

function measure(
  workload: Workload,
  candidate: string,
  words: readonly string[],
  { strace, scale }: Order,
): Sample {
  const [before, rules] = [rulesBefore(workload), rulesFor(workload)];
  const traced = strace ? ['strace', '-f', '-qq', '-yy', '-s', '0', '-o', TRACE, ...words] : words;
  const meter = ['-o', OUTPUT];
  // The digest of a large table would take longer than the measurement.
  if (!scale || CHANGING.includes(workload.task)) meter.push('-a', `${FLOOR} digest`);
  if (rules !== undefined) meter.push('-i', join(BUILD, rules));
  // The floor restores IPv4 only.
  if (before !== undefined)
    meter.push(
      '-b',
      `${workload.size.ipv6 === true ? 'ipvsadm -R' : `${FLOOR} restore`} <${join(BUILD, before)}`,
    );
  const text = execFileSync(join(BUILD, 'meter'), [...meter, '--', ...traced], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { answer, ...cost } = JSON.parse(text) as Omit<Sample, 'table'> & { answer: string };
  const own = IN_PROCESS.includes(candidate) ? (JSON.parse(readFileSync(OUTPUT, 'utf8')) as object) : {};
  return {
    ...cost,
    ...own,
    workload: workload.name,
    candidate,
    table: answer,
    output: isComparable(workload.task, candidate) ? outputDigest() : '',
    ...(strace && { calls: countCalls() }),
  };
}

/** Whether all candidates of a task print the same. */
function isComparable(task: Task, candidate: string): boolean {
  return !IN_PROCESS.includes(candidate) && !(OWN_TASKS as readonly string[]).includes(task);
}

/** Not every candidate prints titles, and the floor does not sort. */
function outputDigest(): string {
  const lines = readFileSync(OUTPUT, 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('IP Virtual'));
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 16);
}

function countCalls(): NonNullable<Sample['calls']> {
  const lines = readFileSync(TRACE, 'utf8')
    .split('\n')
    .filter((line) => line.includes('(') && !line.includes(' resumed>'));
  const netlink = lines.filter((line) => /^\d+ +(?:send|recv)\w*\(\d+<(?:NETLINK|socket)/.test(line));
  return {
    all: lines.length,
    netlink: netlink.length,
    sends: netlink.filter((line) => line.includes(' send')).length,
  };
}

main(JSON.parse(process.argv[2] ?? '') as Order);
