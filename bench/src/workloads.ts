/** The workloads: what is done, on a table of what size. */

/** What a candidate is asked to do. The contract of drivers is these words, each an argument of the driver. */
export const TASKS = ['start', 'restore', 'list', 'list-stats', 'save', 'add', 'list-small'] as const;
export type Task = (typeof TASKS)[number];

/** So many services with so many destinations each. */
export interface Size {
  readonly services: number;
  readonly destinations: number;
}

export interface Workload {
  /** `restore-1000x4`. */
  readonly name: string;
  readonly task: Task;
  /** The table: what is restored, or what is there to be listed. */
  readonly size: Size;
}

const SIZES: readonly Size[] = [
  { services: 1000, destinations: 4 },
  { services: 100, destinations: 100 },
  { services: 1, destinations: 10_000 },
  { services: 10_000, destinations: 4 },
];

/** Tables for `--scale`: time and memory must grow as they do. */
const SCALE: readonly Size[] = [
  { services: 12_500, destinations: 1 },
  { services: 25_000, destinations: 1 },
  { services: 50_000, destinations: 1 },
  { services: 100_000, destinations: 1 },
  { services: 1, destinations: 12_500 },
  { services: 1, destinations: 25_000 },
  { services: 1, destinations: 50_000 },
];

const SMALL: Size = { services: 2, destinations: 2 };
const EMPTY: Size = { services: 0, destinations: 0 };

/** Every workload, in the order in which they are run. */
export const WORKLOADS: readonly Workload[] = [
  { name: 'start', task: 'start', size: EMPTY },
  { name: 'add', task: 'add', size: EMPTY },
  { name: 'list-small', task: 'list-small', size: SMALL },
  ...SIZES.flatMap((size) => sized(['restore', 'list', 'list-stats', 'save'], size)),
];

/** The workloads of `--scale`. */
export const SCALE_WORKLOADS: readonly Workload[] = SCALE.flatMap((size) => sized(['restore', 'list'], size));

function sized(tasks: readonly Task[], size: Size): Workload[] {
  return tasks.map((task) => ({ name: `${task}-${sizeName(size)}`, task, size }));
}

export function sizeName({ services, destinations }: Size): string {
  return `${services}x${destinations}`;
}

/** The rules of a table, as `-S -n` writes them. */
export function rulesOf({ services, destinations }: Size): string {
  const lines: string[] = [];
  for (let service = 0; service < services; service++) {
    const name = `-t 10.${dotted(service)}:80`;
    lines.push(`-A ${name} -s wlc\n`);
    for (let destination = 1; destination <= destinations; destination++)
      lines.push(`-a ${name} -r 172.${dotted(destination + (16 << 16))}:8080 -m -w ${destination % 10}\n`);
  }
  return lines.join('');
}

function dotted(number: number): string {
  return `${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
}
