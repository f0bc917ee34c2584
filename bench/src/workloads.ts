/** The workloads: a task on a table of some size. */
import type { DesiredService, DesiredState } from '@ipvs-ts/ipvs';

/** The tasks. A driver takes one of these words as its argument. */
export const TASKS = [
  ...(['start', 'restore', 'list', 'list-stats', 'list-rate', 'list-thresholds', 'list-persistent'] as const),
  ...(['save', 'add', 'list-small'] as const),
] as const;

/** The tasks of `--scale`, for our program and library only; some with rules on standard input. */
export const SCALE_TASKS = ['table', 'plan', 'apply-small', 'apply-full'] as const;

/** Tasks for our program and library only. */
export const OWN_TASKS = [...SCALE_TASKS, 'export', 'version', 'objects'] as const;
export type OwnTask = (typeof OWN_TASKS)[number];
export type Task = (typeof TASKS)[number] | OwnTask;

/** Tasks that are given the rules of the table; that of `apply-small` with a few weights changed. */
const RULED: readonly Task[] = ['restore', 'plan', 'apply-small', 'apply-full'];

/** Tasks that change the table. */
export const CHANGING: readonly Task[] = ['restore', 'add', 'apply-small', 'apply-full'];

/** Tasks that begin with an empty table. */
const FROM_NOTHING: readonly Task[] = ['start', 'version', 'restore', 'add', 'apply-full'];

/** The number of services, and of destinations of each. */
export interface Size {
  readonly services: number;
  readonly destinations: number;
  /** Whether all addresses are of IPv6. */
  readonly ipv6?: boolean;
}

export interface Workload {
  /** `restore-1000x4`. */
  readonly name: string;
  readonly task: Task;
  /** The table to restore or to list. */
  readonly size: Size;
}

const SIZES: readonly Size[] = [
  { services: 1000, destinations: 4 },
  { services: 100, destinations: 100 },
  { services: 1, destinations: 10_000 },
  { services: 10_000, destinations: 4 },
];

/** Those on which the other layouts and IPv6 are measured. */
const LAYOUT_SIZES: readonly Size[] = SIZES.filter(({ destinations }) => destinations === 4);

const SMALL: Size = { services: 2, destinations: 2 };
const EMPTY: Size = { services: 0, destinations: 0 };

/** Tables for `--scale`: time and memory must not grow faster. The empty table shows the fixed cost. */
function scaleSizes(part: number): Size[] {
  const eighths = [1, 2, 4, 8];
  return [
    EMPTY,
    ...eighths.map((each) => ({ services: Math.ceil((each * 12_500) / part), destinations: 1 })),
    ...eighths.map((each) => ({ services: 1, destinations: Math.ceil((each * 6250) / part) })),
  ];
}

/** Every workload, in the order in which they are run. */
export const WORKLOADS: readonly Workload[] = [
  { name: 'start', task: 'start', size: EMPTY },
  { name: 'add', task: 'add', size: EMPTY },
  { name: 'list-small', task: 'list-small', size: SMALL },
  { name: 'version', task: 'version', size: EMPTY },
  ...sized(['plan'], SMALL),
  ...SIZES.flatMap((size) => sized(['restore', 'list', 'list-stats', 'save'], size)),
  ...LAYOUT_SIZES.flatMap((size) => [
    ...sized(['list-rate', 'list-thresholds', 'list-persistent'], size),
    ...sized(['list', 'save'], { ...size, ipv6: true }),
    ...sized(['plan', 'export', 'apply-full'], size),
  ]),
  ...sized(['objects'], { services: 1000, destinations: 4 }),
  ...sized(['objects'], { services: 20_000, destinations: 1 }),
];

/** The workloads of `--scale`; all tables divided by `part`, for machines that are slow or busy. */
export function scaleWorkloads(part: number): Workload[] {
  return scaleSizes(part).flatMap((size) => sized(['restore', 'list', ...SCALE_TASKS], size));
}

function sized(tasks: readonly Task[], size: Size): Workload[] {
  return tasks.map((task) => ({ name: `${task}-${sizeName(size)}`, task, size }));
}

export function sizeName({ services, destinations, ipv6 = false }: Size): string {
  return `${services}x${destinations}${ipv6 ? '-ipv6' : ''}`;
}

/** The name of the file of rules for the standard input of a task; undefined for none. */
export function rulesFor({ task, size }: Pick<Workload, 'task' | 'size'>): string | undefined {
  if (!RULED.includes(task)) return undefined;
  return `${sizeName(size)}${task === 'apply-small' ? '-changed' : ''}.rules`;
}

/** The name of the file of rules that is loaded before a task begins; undefined for an empty table. */
export function rulesBefore({ task, size }: Pick<Workload, 'task' | 'size'>): string | undefined {
  return FROM_NOTHING.includes(task) || size.services === 0 ? undefined : `${sizeName(size)}.rules`;
}

/** How many weights `apply-small` changes. */
export const CHANGED = 10;
const OTHER_WEIGHT = 42;

/** The rules of a table, as `-S -n` writes them; `changed`, with other weights for a few destinations. */
export function rulesOf(size: Size, changed = false): string {
  const lines: string[] = [];
  for (const { service, destinations } of entriesOf(size, changed)) {
    const text = size.ipv6 === true ? bracketed : dotted;
    const name = `-t ${text(service)}:80`;
    lines.push(`-A ${name} -s wlc\n`);
    for (const { address, weight } of destinations)
      lines.push(`-a ${name} -r ${text(address)}:8080 -m -w ${weight}\n`);
  }
  return lines.join('');
}

/** The same table as a document. */
export function desiredOf(size: Size, changed = false): DesiredState {
  const entries = [...entriesOf(size, changed)].map(({ service, destinations }) => {
    const below = destinations.map(
      ({ address, weight }) => [`${dotted(address)}:8080`, { forwarding: 'masq', weight }] as const,
    );
    const desired: DesiredService = { scheduler: 'wlc', destinations: Object.fromEntries(below) };
    return [`tcp:${dotted(service)}:80`, desired] as const;
  });
  return { services: Object.fromEntries(entries) };
}

/** Addresses as numbers. */
interface Entry {
  readonly service: number;
  readonly destinations: { readonly address: number; readonly weight: number }[];
}

function* entriesOf({ services, destinations }: Size, changed: boolean): Generator<Entry, void, undefined> {
  const every = Math.ceil((services * destinations) / CHANGED);
  let count = 0;
  for (let service = 0; service < services; service++) {
    yield {
      service: serviceAddress(service),
      destinations: Array.from({ length: destinations }, (_, index) => ({
        address: destinationAddress(index + 1),
        weight: changed && count++ % every === 0 ? OTHER_WEIGHT : weightOf(index + 1),
      })),
    };
  }
}

/** 10.0.0.0 and on: the address of a service, counted from 0. */
export function serviceAddress(index: number): number {
  return (10 << 24) + index;
}

/** 172.16.0.1 and on: the address of a destination, counted from 1. */
export function destinationAddress(count: number): number {
  return 172 * 2 ** 24 + (16 << 16) + count;
}

/** The weight of a destination, counted from 1. */
export function weightOf(count: number): number {
  return count % 10;
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** 2001:db8::, with the number in its last 32 bits. */
function bracketed(address: number): string {
  const [high, low] = [(address >>> 16) & 0xffff, address & 0xffff];
  return `[2001:db8::${high.toString(16)}:${low.toString(16)}]`;
}
