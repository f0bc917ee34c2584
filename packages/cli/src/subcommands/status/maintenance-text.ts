/** Maintenance as text. */
import type { ConnectionsLeft, MaintenanceStatus } from '@ipvs-ts/agent';
import { ago, fitted, type Page } from '../agent-client/rows.js';

/** The list of destinations in maintenance. */
export function maintenanceText(list: readonly MaintenanceStatus[], now: number, page: Page): string {
  if (list.length === 0) return 'nothing is in maintenance\n';
  return list
    .flatMap(({ service, destination, since, until, why, by }) => [
      ...fitted(`${service} ${destination}`, page, 0, 'bold'),
      ...fitted(
        [
          `for ${ago(since, now)}`,
          ...(by === null ? [] : [`by ${by}`]),
          until === null
            ? 'until it is ended'
            : `ends in ${ago(new Date(now).toISOString(), Date.parse(until))}`,
        ].join(', '),
        page,
        2,
      ),
      ...(why === null ? [] : fitted(why, page, 2)),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

/** The remaining connections of a destination: `waits for its connections: 3 active, 12 inactive`. */
export function leftText({
  waitingFor,
  activeConnections,
  inactiveConnections,
  persistentConnections,
}: ConnectionsLeft): string {
  if (waitingFor === 'weight') return 'waits for weight 0 in the table';
  const persistent = persistentConnections === 0 ? '' : `, ${persistentConnections} persistent`;
  return `waits for its connections: ${activeConnections} active, ${inactiveConnections} inactive${persistent}`;
}
