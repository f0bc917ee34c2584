/** Whether cost grows as tables do: fits a straight line and a power law to the cost of each size. */
import type { Sample } from './sample.js';
import type { OwnTask, Size, Task, Workload } from './workloads.js';

/** Time of the program, of the kernel on its behalf, of both, and the memory of the program. */
const FIGURES = {
  user: ({ user }: Sample) => user / 1000,
  kernel: ({ system }: Sample) => system / 1000,
  time: ({ user, system }: Sample) => (user + system) / 1000,
  memory: ({ memory }: Sample) => memory / 1024,
} as const;
export type Figure = keyof typeof FIGURES;

/**
 * The figures to compare. User-mode Linux counts its own time as that of the program; there the floor, which makes
 * the same requests, shows the share of the kernel.
 */
export const COUNTED: readonly Figure[] = ['user', 'kernel', 'memory'];
export const TIMED: readonly Figure[] = ['time', 'memory'];

/** Our candidates, and the figures that must not grow faster than tables. */
const OURS: readonly string[] = ['ipvs-ts', 'library'];
const JUDGED: readonly Figure[] = ['user', 'time', 'memory'];

/** The task of the floor that makes the same requests. */
const COUNTERPART: Readonly<Partial<Record<Task, Task>>> = {
  restore: 'restore',
  'apply-full': 'restore',
  list: 'list',
  table: 'list',
  plan: 'list',
  'apply-small': 'list',
};

/**
 * The power from which growth no longer counts as linear; between 1 and this, it is noise of other work and of
 * garbage collection.
 */
const MOST_EXPONENT = 1.15;

/** So many services with one destination each, or so many destinations of one service. */
type Shape = 'Nx1' | '1xN';

export interface Point {
  /** N. */
  readonly size: number;
  readonly value: number;
}

export interface Fit {
  /** Slope of the line, by least squares: the cost of one more. */
  readonly slope: number;
  /** R² of the line: 1 explains all of the variation. */
  readonly r2: number;
  /** Power of N, in the cost above that of an empty table: 1 is linear, 2 quadratic. */
  readonly exponent: number;
}

export interface Growth extends Fit {
  readonly task: Task;
  readonly shape: Shape;
  readonly candidate: string;
  readonly figure: Figure;
  readonly points: readonly Point[];
}

/** Fits a line and a power law to points; `constant` is the cost of an empty table. */
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

/** Our figures that grow faster than the tables, and faster than the work of the kernel for them. */
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

/** Tasks that should have left the same table and did not, or a task that should have changed it and did not. */
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
