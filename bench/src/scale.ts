/** One task on a table of one size, by our own code alone, in a process of its own: `scale.js TASK SERVICES DESTINATIONS`. */
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { type DesiredState, IpvsSync } from '@ipvs-ts/ipvs';
import { IpvsVerbsSync } from '@ipvs-ts/ipvs/verbs-sync';
import { ipvsadm } from 'ipvs-ts';
import { CostlessKernel } from './costless-kernel.js';
import type { Sample } from './sample.js';
import { CHANGED, desiredOf, rulesOf, type Size, sizeName, type Task } from './workloads.js';

type MeasuredTask = Exclude<Task, 'export' | 'version' | 'objects'>;

const EMPTY: Size = { services: 0, destinations: 0 };
const PIPE = 65_536;

let printed = 0;
const digest = createHash('sha256');

/** The task, and what it needs; only the table of the kernel is made before. */
function prepared(task: MeasuredTask, size: Size): () => string {
  const program = (kernel: Size, argv: string[], input = ''): number =>
    ipvsadm(argv, {
      programName: 'ipvs-ts',
      env: {},
      stdout: (text) => {
        printed += text.length;
        digest.update(text);
      },
      stderr: (text) => {
        throw new Error(text);
      },
      *readStdin() {
        for (let at = 0; at < input.length; at += PIPE) yield input.slice(at, at + PIPE);
      },
      readFile: (path) => readFileSync(path, 'utf8'),
      open: () => IpvsVerbsSync.open({ checks: 'kernel', transport: new CostlessKernel(kernel) }),
      loadModule: () => false,
      names: () => {
        throw new Error('no name was to be looked up');
      },
    });
  const changes = (kernel: Size, state: DesiredState, apply: boolean): string => {
    using ipvs = IpvsSync.open({ transport: new CostlessKernel(kernel) });
    const plan = ipvs.plan(state);
    return apply ? `${plan.apply().changes.length} changes` : `${plan.length} changes`;
  };
  switch (task) {
    case 'restore': {
      const rules = rulesOf(size);
      return () => `status ${program(EMPTY, ['-R'], rules)}`;
    }
    case 'list':
      return () => `status ${program(size, ['-ln'])}, ${printed} characters`;
    case 'table':
      return () => {
        using ipvs = IpvsSync.open({ transport: new CostlessKernel(size) });
        const table = ipvs.table();
        return `${table.length} services ${table.reduce((sum, entry) => sum + entry.destinations.length, 0)} destinations`;
      };
    case 'plan':
    case 'apply-small':
    case 'apply-full': {
      const state = desiredOf(size, task === 'apply-small');
      return () => changes(task === 'apply-full' ? EMPTY : size, state, task !== 'plan');
    }
    case 'start':
    case 'list-stats':
    case 'list-rate':
    case 'list-thresholds':
    case 'list-persistent':
    case 'save':
    case 'add':
    case 'list-small':
      throw new TypeError(`${task} is no task of --scale`);
  }
}

/** The expected result. */
function expected(task: MeasuredTask, { services, destinations }: Size): RegExp {
  const counts: Partial<Record<MeasuredTask, string>> = {
    restore: 'status 0',
    list: 'status 0, \\d+ characters',
    table: `${services} services ${services * destinations} destinations`,
    plan: '0 changes',
    'apply-small': `${Math.min(CHANGED, services * destinations)} changes`,
    'apply-full': `${services * (1 + destinations)} changes`,
  };
  return new RegExp(`^${counts[task] ?? ''}$`);
}

const [task, services, destinations] = process.argv.slice(2) as [MeasuredTask, string, string];
const size: Size = { services: Number(services), destinations: Number(destinations) };
const work = prepared(task, size);
const [began, start] = [performance.now(), process.cpuUsage()];
const table = work();
const { user, system } = process.cpuUsage(start);
const sample: Sample = {
  workload: `${task}-${sizeName(size)}`,
  candidate: task === 'restore' || task === 'list' ? 'ipvs-ts' : 'library',
  user,
  system,
  wall: Math.round((performance.now() - began) * 1000),
  memory: process.resourceUsage().maxRSS,
  status: expected(task, size).test(table) ? 0 : 1,
  table,
  output: digest.digest('hex').slice(0, 16),
};
process.stdout.write(`${JSON.stringify(sample)}\n`);
