/** Whether cost grows as tables do: a straight line, and the power of a curve, through what each size cost. */
import type { Sample } from './sample.js';
import type { OwnTask, Size, Task, Workload } from './workloads.js';

/** Time of the program, of the kernel on its behalf, of both, and the program's memory. */
const FIGURES = {
  user: ({ user }: Sample) => user / 1000,
  kernel: ({ system }: Sample) => system / 1000,
  time: ({ user, system }: Sample) => (user + system) / 1000,
  memory: ({ memory }: Sample) => memory / 1024,
} as const;
export type Figure = keyof typeof FIGURES;

/**
 * What is looked at. User-mode Linux takes its own time for that of the program, so there the floor, which asks the
 * kernel for the same, tells what the kernel's share is.
 */
export const COUNTED: readonly Figure[] = ['user', 'kernel', 'memory'];
export const TIMED: readonly Figure[] = ['time', 'memory'];

/** Who is ours, and what of theirs must not grow faster than tables. */
const OURS: readonly string[] = ['ipvs-ts', 'library'];
const JUDGED: readonly Figure[] = ['user', 'time', 'memory'];

/** What the floor does that asks the kernel for as much. */
const COUNTERPART: Readonly<Partial<Record<Task, Task>>> = {
  restore: 'restore',
  'apply-full': 'restore',
  list: 'list',
  table: 'list',
  plan: 'list',
  'apply-small': 'list',
};

/** The power of growth that is no straight line any more: what is above 1 is noise of other work and of garbage. */
const MOST_EXPONENT = 1.15;

/** So many services with one destination each, or so many destinations of one service. */
type Shape = 'Nx1' | '1xN';

export interface Point {
  /** N. */
  readonly size: number;
  readonly value: number;
}

export interface Fit {
  /** Of the straight line, by least squares: the cost of one more. */
  readonly slope: number;
  /** How much of what differs the line explains: 1 is all. */
  readonly r2: number;
  /** Of N, in what is more than an empty table costs: 1 is linear, 2 quadratic. */
  readonly exponent: number;
}

export interface Growth extends Fit {
  readonly task: Task;
  readonly shape: Shape;
  readonly candidate: string;
  readonly figure: Figure;
  readonly points: readonly Point[];
}

/** A straight line and a power through points; `constant` is what an empty table costs. */
export function fit(points: readonly Point[], constant: number): Fit {
  const { slope, r2 } = line(points.map(({ size, value }) => [size, value]));
  const above = points.filter(({ value }) => value > constant);
  const logs = above.map(({ size, value }) => [Math.log(size), Math.log(value - constant)] as const);
  // What costs no more than an empty table does not grow.
  return { slope, r2, exponent: above.length < 2 ? 0 : line(logs).slope };
}

function line(points: readonly (readonly [x: number, y: number])[]): { slope: number; r2: number } {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, each) => sum + each, 0) / values.length;
  const [x, y] = [mean(points.map(([each]) => each)), mean(points.map(([, each]) => each))];
  const products = (of: (dx: number, dy: number) => number): number =>
    points.reduce((sum, [px, py]) => sum + of(px - x, py - y), 0);
  const [xx, xy, yy] = [
    products((dx) => dx * dx),
    products((dx, dy) => dx * dy),
    products((_, dy) => dy * dy),
  ];
  return { slope: xy / xx, r2: yy === 0 ? 1 : (xy * xy) / (xx * yy) };
}

/** The growth of each figure of each task, candidate and shape that was measured at two sizes or more. */
export function growth(
  samples: readonly Sample[],
  workloads: readonly Workload[],
  figures: readonly Figure[],
): Growth[] {
  const groups = new Map<string, { task: Task; shape: Shape; candidate: string; of: Map<number, Sample> }>();
  const empty = new Map<string, Sample>();
  for (const [sample, { task, size }] of withWorkloads(samples, workloads)) {
    const { candidate } = sample;
    if (size.services === 0) {
      empty.set(`${task} ${candidate}`, sample);
      continue;
    }
    const shape = size.services > 1 ? 'Nx1' : '1xN';
    const key = `${task} ${shape} ${candidate}`;
    const group = groups.get(key) ?? { task, shape, candidate, of: new Map<number, Sample>() };
    groups.set(key, group);
    const n = shapeSize(size);
    const least = group.of.get(n);
    if (least === undefined || cost(sample) < cost(least)) group.of.set(n, sample);
  }
  return [...groups.values()]
    .filter(({ of }) => of.size > 1)
    .flatMap(({ task, shape, candidate, of }) =>
      figures.map((figure) => {
        const points = [...of].map(([size, sample]) => ({ size, value: FIGURES[figure](sample) }));
        const constant = empty.get(`${task} ${candidate}`);
        const fitted = fit(points, constant === undefined ? 0 : FIGURES[figure](constant));
        return { task, shape, candidate, figure, points, ...fitted };
      }),
    );
}

function withWorkloads(
  samples: readonly Sample[],
  workloads: readonly Workload[],
): (readonly [Sample, Workload])[] {
  return samples.flatMap((sample) => {
    const found = workloads.find(({ name }) => name === sample.workload);
    return found === undefined ? [] : [[sample, found] as const];
  });
}

function shapeSize({ services, destinations }: Size): number {
  return Math.max(services, destinations);
}

function cost({ user, system }: Sample): number {
  return user + system;
}

/** What of ours grows faster than tables do, and faster than what the kernel does for it. */
export function outgrown(all: readonly Growth[]): string[] {
  const kernels = ({ task, shape, figure }: Growth): number =>
    figure !== 'time'
      ? 0
      : (all.find(
          (each) =>
            each.candidate === 'floor' &&
            each.task === COUNTERPART[task] &&
            each.shape === shape &&
            each.figure === figure,
        )?.exponent ?? 0);
  return all
    .filter(({ candidate, figure }) => OURS.includes(candidate) && JUDGED.includes(figure))
    .filter((each) => each.exponent > Math.max(MOST_EXPONENT, kernels(each)))
    .map(
      ({ task, shape, candidate, figure, exponent }) =>
        `${task} ${shape}: ${figure} of ${candidate} grows as N to the power of ${exponent.toFixed(2)}`,
    );
}

/** Tasks that leave the same table, and the one that does not. */
const SAME: readonly Task[] = ['restore', 'apply-full'];
const OTHER: OwnTask = 'apply-small';

/** Where tasks that should leave the same table do not, or the one that changes it left it as it was. */
export function unsteady(samples: readonly Sample[], workloads: readonly Workload[]): string[] {
  const tables = new Map<string, string>();
  const problems = new Set<string>();
  for (const [{ table, candidate }, { name, task, size }] of withWorkloads(samples, workloads)) {
    if (size.services === 0 || table === '') continue;
    const key = `${size.services}x${size.destinations}`;
    const usual = tables.get(key);
    if (SAME.includes(task)) {
      if (usual === undefined) tables.set(key, table);
      else if (table !== usual) problems.add(`${name}: ${candidate} leaves ${table}, others ${usual}`);
    } else if (task === OTHER && table === usual) problems.add(`${name}: ${candidate} changed nothing`);
  }
  return [...problems];
}

/** A row for each growth. */
export function growthTable(all: readonly Growth[], unit: string): string {
  const lines = [
    `${'task'.padEnd(12)}${'table'.padEnd(6)}${'candidate'.padEnd(10)}${'figure'.padEnd(8)}${'unit'.padEnd(7)}` +
      `${'at each size'.padStart(36)}${'of 1000 more'.padStart(14)}${'R²'.padStart(7)}${'power'.padStart(7)}`,
  ];
  for (const { task, shape, candidate, figure, points, slope, r2, exponent } of all) {
    const values = points.map(({ value }) => value.toFixed(0).padStart(9)).join('');
    lines.push(
      task.padEnd(12) +
        shape.padEnd(6) +
        candidate.padEnd(10) +
        figure.padEnd(8) +
        (figure === 'memory' ? 'MB' : unit).padEnd(7) +
        values.padStart(36) +
        (slope * 1000).toFixed(2).padStart(14) +
        r2.toFixed(3).padStart(7) +
        exponent.toFixed(2).padStart(7),
    );
  }
  return lines.map((each) => `${each}\n`).join('');
}
