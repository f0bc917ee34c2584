import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALERTS } from '../monitoring/alerts.js';
import { AGENT_METRICS, type MetricRow, TABLE_METRICS } from '../monitoring/metric-table.js';
import { CHECKOUT } from '../source-files.js';
import { withGenerated } from './command-pages.js';
import { code, table } from './table.js';

const PAGE = 'docs/observability.md';

/** The page with its tables of metrics and alerts. */
export function metricsPage(): string {
  const generated = [
    '### Of the table: `ipvs-ts metrics`, and the agent',
    metricsTable(TABLE_METRICS),
    '### Of the agent',
    metricsTable(AGENT_METRICS),
    'The agent also has `process_…` and `nodejs_…`: memory, CPU and event loop of its process.',
    '### Alerts',
    table(
      ['alert', 'when', 'for'],
      ALERTS.map(({ name, expression, for: duration }) => [
        code(name),
        code(expression.replaceAll(/\s+/g, ' ')),
        duration,
      ]),
    ).trimEnd(),
  ].join('\n\n');
  return withGenerated(readFileSync(join(CHECKOUT, PAGE), 'utf8'), generated);
}

function metricsTable(rows: readonly MetricRow[]): string {
  return table(
    ['name', 'type', 'unit', 'labels', 'meaning'],
    rows.map(({ name, type, unit, labels, help }) => [
      code(name),
      type,
      unit,
      labels.map(code).join(' '),
      help,
    ]),
  ).trimEnd();
}
