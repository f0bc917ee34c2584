import { alertRules } from './alerts.js';
import { dashboard } from './dashboard.js';

/** What the agent ships for monitoring: paths in the checkout, and texts. */
export const MONITORING_FILES: Readonly<Record<string, string>> = {
  'packages/agent/grafana/ipvs-ts.json': dashboard(),
  'packages/agent/prometheus/ipvs-ts.rules.yml': alertRules(),
};
