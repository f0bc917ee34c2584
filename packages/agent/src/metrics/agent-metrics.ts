import type { MetricsFormat } from '@ipvs-ts/ipvs';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CheckResult } from '../check/result.js';
import { type AgentView, FAMILIES, type Family } from './families.js';
import { processRegistry } from './process-metrics.js';

/** The histogram of how long checks took. */
export const DURATIONS = {
  name: 'ipvs_agent_check_duration_seconds',
  help: 'How long checks took that had a verdict.',
  labelNames: ['check'],
};
/** Upper bounds, in seconds. */
const BUCKETS = [0.001, 0.01, 0.05, 0.25, 1, 5];

/** The metrics of an agent and of its process. */
export class AgentMetrics {
  readonly #registry = new Registry();
  readonly #durations: Histogram;

  /** `view`: returns the state at a scrape. */
  constructor(view: () => AgentView) {
    for (const family of FAMILIES) register(family, view, this.#registry);
    this.#durations = new Histogram({ ...DURATIONS, buckets: BUCKETS, registers: [this.#registry] });
  }

  /** Counts a check that has ended. */
  checked(check: string, { outcome, milliseconds }: CheckResult): void {
    if (outcome !== 'no verdict' && milliseconds !== undefined)
      this.#durations.observe({ check }, milliseconds / 1000);
  }

  /** The metrics as text, without `# EOF`. */
  async text(format: MetricsFormat): Promise<string> {
    const texts = [await this.#registry.metrics(), await processRegistry().metrics()];
    const text = texts.map((each) => `${each.replace(/\n{2,}/g, '\n').trimEnd()}\n`).join('');
    // After a registry has written OpenMetrics once, it names its counters wrongly in the other format.
    return format === 'openmetrics' ? text.replace(/^(# (?:HELP|TYPE) \S+?)_total /gm, '$1 ') : text;
  }
}

/** Lets a registry read a metric at each scrape. */
function register(family: Family, view: () => AgentView, registry: Registry): void {
  const { name, type, help, labels, collect } = family;
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  const read = (metric: Gauge | Counter): void => {
    metric.reset();
    collect(view(), (each, value) => metric.inc(each, value));
  };
  if (type === 'gauge')
    new Gauge({
      ...options,
      collect() {
        read(this);
      },
    });
  else
    new Counter({
      ...options,
      collect() {
        read(this);
      },
    });
}
