import type { TableEntry } from '../calls/read-table.js';
import type { Counters } from '../model/counters.js';
import type { Destination } from '../model/destination.js';
import type { Service } from '../model/service.js';
import type { IntegerSysctls } from '../proc/sysctls.js';
import { DAEMON_STATES } from '../model/sync-daemon.js';
import type { MetricsReading } from './metrics-reading.js';

/** Whether destinations have their own series, or are added up. */
export type MetricsBy = 'service' | 'destination';

/** Names and values that distinguish the series of a metric. */
export type Labels = Readonly<Record<string, string>>;

/** A series at one time. */
interface Sample {
  readonly labels: Labels;
  readonly value: bigint | number;
}

/** A metric: its name without the suffix of its type, what it is, and its series. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'info';
  readonly help: string;
  /** The labels of its series; by service, without `destination`. */
  readonly labels: readonly string[];
  readonly samples: (reading: MetricsReading, by: MetricsBy) => readonly Sample[];
}

type Counts = Counters<bigint>;
type Gauge = 'weight' | 'activeConnections' | 'inactiveConnections' | 'persistentConnections';

/** Counters by their names in metrics. */
const COUNTS: readonly (readonly [name: string, help: string, key: keyof Counts])[] = [
  ['connections', 'Connections scheduled', 'connections'],
  ['incoming_packets', 'Packets from clients', 'inPackets'],
  ['outgoing_packets', 'Packets to clients', 'outPackets'],
  ['incoming_bytes', 'Bytes from clients', 'inBytes'],
  ['outgoing_bytes', 'Bytes to clients', 'outBytes'],
];

/** The kernel's defences against overload; the values 2 and 3 mean active. */
const DEFENCES = ['drop_entry', 'drop_packet', 'secure_tcp'] as const satisfies (keyof IntegerSysctls)[];

const OF_SERVICE = ['service'];
const OF_DESTINATION = ['service', 'destination'];

/** Every metric of a table. */
export const METRICS: readonly Metric[] = [
  ...COUNTS.map(([name, help, key]): Metric => ({
    name: `ipvs_${name}`,
    type: 'counter',
    help: `${help}${name === 'connections' ? ' to' : ' of'} the service.`,
    labels: OF_SERVICE,
    samples: ({ table }) =>
      table.map(({ service }) => ({ labels: { service: service.key }, value: service.stats[key] })),
  })),
  ...COUNTS.map(([name, help, key]): Metric => ({
    name: `ipvs_destination_${name}`,
    type: 'counter',
    help: `${help}${name === 'connections' ? ' to' : ' of'} the destination.`,
    labels: OF_DESTINATION,
    samples: ({ table }, by) => (by === 'service' ? [] : ofDestinations(table, ({ stats }) => stats[key])),
  })),
  gauge('ipvs_destination_weight', 'Weight; 0 takes no new connections.', 'weight'),
  gauge('ipvs_destination_active_connections', 'Connections in an active state.', 'activeConnections'),
  gauge('ipvs_destination_inactive_connections', 'Connections in any other state.', 'inactiveConnections'),
  gauge('ipvs_destination_persistent_connections', 'Persistence templates.', 'persistentConnections'),
  {
    name: 'ipvs_destinations',
    type: 'gauge',
    help: 'Destinations of the service.',
    labels: OF_SERVICE,
    samples: ({ table }) =>
      table.map(({ service, destinations }) => ({
        labels: { service: service.key },
        value: destinations.length,
      })),
  },
  {
    name: 'ipvs_service',
    type: 'info',
    help: 'What the service is: for queries to join. Empty labels do not apply.',
    labels: ['service', 'protocol', 'address', 'port', 'fwmark', 'family', 'scheduler'],
    samples: ({ table }) => table.map(({ service }) => ({ labels: serviceInfo(service), value: 1 })),
  },
  {
    name: 'ipvs_destination',
    type: 'info',
    help: 'What the destination is: for queries to join.',
    labels: ['service', 'destination', 'address', 'port', 'forwarding'],
    samples: ({ table }, by) => (by === 'service' ? [] : destinationInfo(table)),
  },
  {
    name: 'ipvs_services',
    type: 'gauge',
    help: 'Services in the table.',
    labels: [],
    samples: ({ table }) => [{ labels: {}, value: table.length }],
  },
  {
    name: 'ipvs_connection_table_entries',
    type: 'gauge',
    help: 'Connections and persistence templates of all destinations in the table.',
    labels: [],
    samples: ({ table }) => [{ labels: {}, value: entries(table) }],
  },
  {
    name: 'ipvs_connection_table_buckets',
    type: 'gauge',
    help: 'Buckets of the connection table. Entries may be more: then look-ups get slower.',
    labels: [],
    samples: ({ info }) => (info === undefined ? [] : [{ labels: {}, value: info.connectionTableSize }]),
  },
  {
    name: 'ipvs_connection_table_limit',
    type: 'gauge',
    help: 'Most connections of the network namespace (net.ipv4.vs.conn_max, Linux 7.2).',
    labels: [],
    samples: ({ sysctls: { conn_max: limit = 0 } = {} }) => (limit > 0 ? [{ labels: {}, value: limit }] : []),
  },
  ...COUNTS.map(([name, help, key]): Metric => ({
    name: `ipvs_namespace_${name}`,
    type: 'counter',
    help: `${help} in the network namespace, with those of services that are deleted.`,
    labels: [],
    samples: ({ totals }) => (totals === undefined ? [] : [{ labels: {}, value: totals.stats[key] }]),
  })),
  {
    name: 'ipvs_sync_daemon_running',
    type: 'gauge',
    help: 'Whether the sync daemon runs.',
    labels: ['daemon'],
    samples: ({ daemons }) =>
      daemons === undefined
        ? []
        : DAEMON_STATES.map((state) => ({
            labels: { daemon: state },
            value: daemons.some((daemon) => daemon.state === state) ? 1 : 0,
          })),
  },
  {
    name: 'ipvs_sync_daemon',
    type: 'info',
    help: 'Where the sync daemon sends or listens: for queries to join.',
    labels: ['daemon', 'interface', 'sync_id'],
    samples: ({ daemons = [] }) =>
      daemons.map((daemon) => ({
        labels: { daemon: daemon.state, interface: daemon.interface, sync_id: String(daemon.syncId) },
        value: 1,
      })),
  },
  {
    name: 'ipvs_defence_active',
    type: 'gauge',
    help: 'Whether the kernel drops entries or packets, or shortens TCP timeouts, to save memory now.',
    labels: ['defence'],
    samples: ({ sysctls = {} }) =>
      DEFENCES.flatMap((defence) => {
        const state = sysctls[defence];
        return state === undefined ? [] : [{ labels: { defence }, value: state >= 2 ? 1 : 0 }];
      }),
  },
  {
    name: 'ipvs_dropped_packets',
    type: 'counter',
    help: 'Packets dropped before they could be balanced: full backlog of a CPU, or no room in conntrack.',
    labels: ['reason'],
    samples: ({ drops }) =>
      Object.entries(drops ?? {}).flatMap(([reason, value]: [string, bigint | undefined]) =>
        value === undefined ? [] : [{ labels: { reason }, value }],
      ),
  },
];

/** A metric of destinations; by service, their sum. */
function gauge(name: string, help: string, key: Gauge): Metric {
  return {
    name,
    type: 'gauge',
    help,
    labels: OF_DESTINATION,
    samples: ({ table }, by) =>
      by === 'destination'
        ? ofDestinations(table, (destination) => destination[key])
        : table.map(({ service, destinations }) => ({
            labels: { service: service.key },
            value: destinations.reduce((sum, each) => sum + each[key], 0),
          })),
  };
}

function ofDestinations(
  table: readonly TableEntry[],
  value: (destination: Destination) => bigint | number,
): Sample[] {
  return table.flatMap(({ service, destinations }) =>
    destinations.map((each) => ({
      labels: { service: service.key, destination: each.key },
      value: value(each),
    })),
  );
}

function serviceInfo(service: Service): Labels {
  const { key, family, scheduler } = service;
  const named =
    service.fwmark === undefined
      ? { protocol: service.protocol, address: service.address, port: String(service.port), fwmark: '' }
      : { protocol: '', address: '', port: '', fwmark: String(service.fwmark) };
  return { service: key, ...named, family, scheduler };
}

function destinationInfo(table: readonly TableEntry[]): Sample[] {
  return table.flatMap(({ service, destinations }) =>
    destinations.map(({ key, address, port, forwarding }) => ({
      labels: { service: service.key, destination: key, address, port: String(port), forwarding },
      value: 1,
    })),
  );
}

function entries(table: readonly TableEntry[]): number {
  let sum = 0;
  for (const { destinations } of table)
    for (const { activeConnections, inactiveConnections, persistentConnections } of destinations)
      sum += activeConnections + inactiveConnections + persistentConnections;
  return sum;
}
