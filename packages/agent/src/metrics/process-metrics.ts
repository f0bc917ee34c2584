import { collectDefaultMetrics, Registry } from 'prom-client';

/** Gauges whose names end like those of counters. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

let registry: Registry | undefined;

/** Registers the metrics of this process, `process_…` and `nodejs_…`; call it once, since they measure from then on. */
export function processRegistry(): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
    for (const name of MISNAMED) registry.removeSingleMetric(name);
  }
  return registry;
}
