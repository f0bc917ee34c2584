import type { DeclaredDestination } from '../declared/declared.js';
import type { DestinationHealth } from '../health/destination-health.js';
import type { Verdict } from '../health/judge.js';
import type { Maintenance } from '../override/maintenance.js';

/** Why a destination is up, down or unknown, by its checks. */
export function healthReason({ checks }: DeclaredDestination, health: DestinationHealth): string {
  if (checks.length === 0) return 'no check';
  const of = (state: Verdict['state']): number =>
    health.verdicts.findIndex((verdict) => verdict.state === state);
  switch (health.state) {
    case 'up': {
      const failing = health.verdicts.findIndex(({ failures }) => failures > 0);
      if (failing !== -1) return `${said(checks, health, failing)}, still up`;
      return health.verdicts.some(({ last }) => last === undefined)
        ? 'in service when the agent started, not checked yet'
        : 'passes its checks';
    }
    case 'down':
      return said(checks, health, of('down'));
    case 'unknown':
      return said(checks, health, of('unknown'));
  }
}

/** The last result of a check. */
function said(checks: DeclaredDestination['checks'], { verdicts }: DestinationHealth, index: number): string {
  const name = checks[index]?.name ?? 'check';
  const verdict = verdicts[index];
  if (verdict?.last === undefined)
    return verdict?.state === 'down'
      ? 'out of service when the agent started, not checked yet'
      : 'not checked yet';
  const { last, failures, state } = verdict;
  if (last.outcome === 'failed') {
    const times = failures > 1 ? ` ${failures} times` : '';
    return `check ${name} failed${times}: ${last.reason}`;
  }
  if (last.outcome === 'no verdict') return `check ${name} cannot tell: ${last.reason}`;
  return state === 'down' ? `check ${name} passes again, and must do so once more` : `check ${name} passes`;
}

/** Why a destination is in maintenance. */
export function maintenanceReason({ why, by }: Maintenance): string {
  const said = [by === undefined ? undefined : `by ${by}`, why].filter((each) => each !== undefined);
  return said.length === 0 ? 'an operator took it out' : said.join(': ');
}
