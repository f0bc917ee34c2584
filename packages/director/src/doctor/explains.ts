import type { Finding } from './check.js';

/** Whether one of some problems explains trouble of a service, or of one destination of it. */
export function explains(
  findings: readonly Pick<Finding, 'severity' | 'service' | 'destination'>[],
  service: string,
  destination?: string,
): boolean {
  return findings.some(
    (finding) =>
      finding.severity === 'error' &&
      (finding.service === undefined || finding.service === service) &&
      (finding.destination === undefined || destination === undefined || finding.destination === destination),
  );
}
