import type { TableEntry } from '../calls/read-table.js';

/** The level of detail. A series for each destination of each service is a lot on a large director. */
export interface MetricsOptions {
  /** `service` adds up the destinations of a service; `destination`, the default, has a series for each. */
  readonly by?: 'service' | 'destination' | undefined;
}

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly labels: Labels;
  readonly value: bigint | number;
}

/** A metric: its name without `_total`, what it is, and its value for a service or a destination. */
interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: (entry: TableEntry, by: 'service' | 'destination') => readonly Sample[];
}

function counter(name: string, help: string, key: keyof TableEntry['service']['stats']): Metric {
  return {
    name,
    type: 'counter',
    help,
    samples: ({ service }) => [{ labels: serviceLabels(service), value: service.stats[key] }],
  };
}

function gauge(
  name: string,
  help: string,
  key: 'weight' | 'activeConnections' | 'inactiveConnections' | 'persistentConnections',
): Metric {
  return {
    name,
    type: 'gauge',
    help,
    samples: ({ service, destinations }, by) =>
      by === 'service'
        ? [{ labels: serviceLabels(service), value: destinations.reduce((sum, each) => sum + each[key], 0) }]
        : destinations.map((each) => ({
            labels: { ...serviceLabels(service), destination: each.key },
            value: each[key],
          })),
  };
}

const METRICS: readonly Metric[] = [
  counter('ipvs_connections', 'Connections scheduled to the service.', 'connections'),
  counter('ipvs_incoming_packets', 'Packets from clients.', 'inPackets'),
  counter('ipvs_outgoing_packets', 'Packets to clients.', 'outPackets'),
  counter('ipvs_incoming_bytes', 'Bytes from clients.', 'inBytes'),
  counter('ipvs_outgoing_bytes', 'Bytes to clients.', 'outBytes'),
  gauge('ipvs_destination_weight', 'Weight; 0 takes no new connections.', 'weight'),
  gauge('ipvs_destination_active_connections', 'Connections in an active state.', 'activeConnections'),
  gauge('ipvs_destination_inactive_connections', 'Connections in any other state.', 'inactiveConnections'),
  gauge('ipvs_destination_persistent_connections', 'Persistence templates.', 'persistentConnections'),
  {
    name: 'ipvs_destinations',
    type: 'gauge',
    help: 'Destinations of the service.',
    samples: ({ service, destinations }) => [{ labels: serviceLabels(service), value: destinations.length }],
  },
];

/**
 * A reading of the table as text in the OpenMetrics format, which Prometheus scrapes. Services are labelled by their
 * key, which is unique; all totals are integers of 64 bits. Read the table at the scrape: the kernel updates counters
 * every two seconds.
 */
export function metricsText(
  table: readonly TableEntry[],
  { by = 'destination' }: MetricsOptions = {},
): string {
  const lines = METRICS.flatMap(({ name, type, help, samples }) => [
    `# TYPE ${name} ${type}`,
    `# HELP ${name} ${help}`,
    ...table.flatMap((entry) =>
      samples(entry, by).map((sample) => line(`${name}${type === 'counter' ? '_total' : ''}`, sample)),
    ),
  ]);
  return [...lines, '# EOF', ''].join('\n');
}

function serviceLabels({ key, scheduler }: TableEntry['service']): Labels {
  return { service: key, scheduler };
}

function line(name: string, { labels, value }: Sample): string {
  const text = Object.entries(labels).map(
    ([label, content]) => `${label}="${content.replace(/[\\"\n]/g, escape)}"`,
  );
  return `${name}{${text.join(',')}} ${value}`;
}

function escape(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`;
}
