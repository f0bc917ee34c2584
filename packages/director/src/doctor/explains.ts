import type { Finding } from './facts/check.js';

/** Whether one of these findings explains problems of a service. */
export function explains(
  findings: readonly Pick<Finding, 'severity' | 'services'>[],
  service: string,
): boolean {
  return findings.some(
    ({ severity, services }) => severity === 'error' && (services.length === 0 || services.includes(service)),
  );
}
