/** The kernel's table, without an agent. */
import type { Ipvs } from '@ipvs-ts/ipvs';
import { fitted, type Page } from '../agent-client/rows.js';

/** A service of the table with its destinations. */
export interface TableService {
  readonly service: string;
  readonly destinations: readonly {
    readonly destination: string;
    readonly weight: number;
    readonly activeConnections: number;
    readonly inactiveConnections: number;
  }[];
}

/** Reads the table. Rejects as `Ipvs.table`. */
export async function readTable(ipvs: Ipvs): Promise<TableService[]> {
  const table = await ipvs.table({ counters: false });
  return table.map(({ service, destinations }) => ({
    service: service.key,
    destinations: destinations.map(({ key, weight, activeConnections, inactiveConnections }) => ({
      destination: key,
      weight,
      activeConnections,
      inactiveConnections,
    })),
  }));
}

/** The table as text. */
export function tableText(services: readonly TableService[], page: Page): string {
  if (services.length === 0) return 'the table is empty\n';
  const lines = services.flatMap(({ service, destinations }) => [
    '',
    ...fitted(service, page, 0, 'bold'),
    ...destinations.flatMap(({ destination, weight, activeConnections, inactiveConnections }) =>
      fitted(
        `${destination}  weight ${weight}  ${activeConnections} active, ${inactiveConnections} inactive`,
        page,
        2,
      ),
    ),
  ]);
  return `${lines.slice(1).join('\n')}\n`;
}
