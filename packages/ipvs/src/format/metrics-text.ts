import { checkChoice, checkOptions, checkText, wrongType } from '../argument-checks.js';
import type { TableEntry } from '../calls/read-table.js';
import { type Labels, type Metric, METRICS, type MetricsBy } from './metrics.js';
import type { MetricsReading } from './metrics-reading.js';

/** A format that Prometheus reads: its text format 0.0.4, or OpenMetrics 1.0. */
export type MetricsFormat = 'prometheus' | 'openmetrics';

/** Options of writing metrics. */
export interface MetricsOptions {
  /** `service` adds up the destinations of a service; `destination`, the default, has series for each. */
  readonly by?: MetricsBy | undefined;
  /** `prometheus`, the text format 0.0.4, by default. */
  readonly format?: MetricsFormat | undefined;
  /** Lines of other metrics in the same format, without `# EOF`. */
  readonly more?: string | undefined;
}

/** The content type of each format. */
export const METRICS_CONTENT_TYPES: Readonly<Record<MetricsFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** The format for a request with this `Accept` header: OpenMetrics only if the client prefers it. */
export function metricsFormat(accept: string | undefined): MetricsFormat {
  if (accept !== undefined) checkText('accept', accept);
  let best: { readonly format: MetricsFormat; readonly quality: number } | undefined;
  for (const range of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const format = formatOf(type, parameters);
    const quality = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1);
    if (format !== undefined && quality > (best?.quality ?? 0)) best = { format, quality };
  }
  return best?.format ?? 'prometheus';
}

function formatOf(type: string, parameters: readonly string[]): MetricsFormat | undefined {
  if (type === 'text/plain' || type === 'text/*' || type === '*/*') return 'prometheus';
  if (type !== 'application/openmetrics-text') return undefined;
  const version = parameters.find((each) => each.startsWith('version='))?.slice('version='.length);
  return version === undefined || version === '1.0.0' || version === '0.0.1' ? 'openmetrics' : undefined;
}

/**
 * A reading of the table as text that Prometheus scrapes; `readMetrics` reads all of it. Every series has the label
 * `service`, and `destination` where it is of one; address, port, protocol and scheduler are only in
 * `ipvs_service_info` and `ipvs_destination_info`, which queries join. All totals are integers of 64 bits.
 */
export function metricsText(
  reading: readonly TableEntry[] | MetricsReading,
  options: MetricsOptions = {},
): string {
  checkOptions('options', options, ['by', 'format', 'more']);
  const { by = 'destination', format = 'prometheus', more = '' } = options;
  checkChoice('options.by', by, ['service', 'destination']);
  checkChoice('options.format', format, ['prometheus', 'openmetrics']);
  checkText('options.more', more);
  const table: unknown = Array.isArray(reading)
    ? reading
    : (reading as Partial<MetricsReading> | null)?.table;
  if (!Array.isArray(table)) throw wrongType('reading', 'a table, or what readMetrics returns', reading);
  const whole: MetricsReading = 'table' in reading ? reading : { table: reading };
  const text = METRICS.map((metric) => metricText(metric, whole, by, format)).join('');
  const rest = more === '' || more.endsWith('\n') ? more : `${more}\n`;
  return `${text}${rest}${format === 'openmetrics' ? '# EOF\n' : ''}`;
}

function metricText(metric: Metric, reading: MetricsReading, by: MetricsBy, format: MetricsFormat): string {
  const { name, type, help, samples } = metric;
  const suffix = { counter: '_total', gauge: '', info: '_info' }[type];
  // In the text format a metric is named like its series, and there is no type info.
  const isOpen = format === 'openmetrics';
  const family = isOpen ? name : `${name}${suffix}`;
  const shownType = isOpen || type !== 'info' ? type : 'gauge';
  const lines = samples(reading, by).map(
    ({ labels, value }) => `${name}${suffix}${labelsText(labels)} ${value}\n`,
  );
  return `# HELP ${family} ${help}\n# TYPE ${family} ${shownType}\n${lines.join('')}`;
}

function labelsText(labels: Labels): string {
  const text = Object.entries(labels).map(
    ([label, content]) => `${label}="${content.replace(/[\\"\n]/g, escape)}"`,
  );
  return text.length === 0 ? '' : `{${text.join(',')}}`;
}

function escape(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`;
}
