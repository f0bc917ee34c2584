import { join } from 'node:path';
import { CHECKOUT } from '../source-files.js';

/** A metric as rules, dashboards and pages use it. */
export interface MetricRow {
  /** As its series are named. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'info' | 'histogram';
  readonly unit: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** A metric as the tables of the packages have it. */
interface Source {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'info';
  readonly labels: readonly string[];
  readonly help: string;
}

/** Imported by their paths, since they are not part of the public interfaces. */
const { METRICS } = (await import(join(CHECKOUT, 'packages/ipvs/dist/format/metrics.js'))) as {
  METRICS: readonly Source[];
};
const { FAMILIES } = (await import(join(CHECKOUT, 'packages/agent/dist/metrics/families.js'))) as {
  FAMILIES: readonly Source[];
};
const { DURATIONS } = (await import(join(CHECKOUT, 'packages/agent/dist/metrics/agent-metrics.js'))) as {
  DURATIONS: { readonly name: string; readonly help: string; readonly labelNames: readonly string[] };
};

const SUFFIXES = { counter: '_total', gauge: '', info: '_info' } as const;

/** Metrics of the table of IPVS: `ipvs-ts metrics`, and the agent. */
export const TABLE_METRICS: readonly MetricRow[] = METRICS.map((metric) =>
  row({ ...metric, name: `${metric.name}${SUFFIXES[metric.type]}` }),
);

/** Metrics of the agent. */
export const AGENT_METRICS: readonly MetricRow[] = [
  ...FAMILIES.map(row),
  {
    name: DURATIONS.name,
    type: 'histogram',
    unit: 'seconds',
    labels: DURATIONS.labelNames,
    help: DURATIONS.help,
  },
];

/** Every series that can be asked for, with its labels. */
export const SERIES: ReadonlyMap<string, readonly string[]> = new Map(
  [...TABLE_METRICS, ...AGENT_METRICS].flatMap(({ name, type, labels }) =>
    type === 'histogram'
      ? ['_bucket', '_count', '_sum'].map(
          (suffix) => [`${name}${suffix}`, suffix === '_bucket' ? [...labels, 'le'] : labels] as const,
        )
      : [[name, labels] as const],
  ),
);

function row({ name, type, labels, help }: Source): MetricRow {
  return { name, type, unit: unitOf(name), labels, help };
}

/** The unit, which is a part of the name. */
function unitOf(name: string): string {
  return /_(bytes|packets|seconds|ratio|connections|entries|buckets)(_total)?$/.exec(name)?.[1] ?? '';
}
