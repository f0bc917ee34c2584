/** A panel of the dashboard. */
interface PanelSpec {
  readonly title: string;
  readonly about: string;
  readonly kind: 'stat' | 'timeseries' | 'table';
  /** Of 24 columns. */
  readonly width: number;
  readonly unit?: string;
  /** Expressions, and how their series are called. */
  readonly queries: readonly (readonly [expression: string, legend: string])[];
  /** 0 is red and 1 is green, or the other way round. */
  readonly colours?: 'one is good' | 'one is bad';
  readonly stacked?: boolean;
}

/** Panels under a heading. */
interface RowSpec {
  readonly title: string;
  readonly panels: readonly PanelSpec[];
}

const HERE = 'instance=~"$instance"';
const SERVICE = `${HERE}, service=~"$service"`;
const rate = (name: string): string => `rate(${name}{${SERVICE}}[$__rate_interval])`;
const lines = { kind: 'timeseries', width: 12 } as const;
const stat = { kind: 'stat', width: 4 } as const;

const ROWS: readonly RowSpec[] = [
  {
    title: 'Directors',
    panels: [
      {
        ...stat,
        title: 'Fit',
        about: 'A valid document is in force, and every service has a destination in service.',
        colours: 'one is good',
        queries: [[`ipvs_agent_fit{${HERE}}`, '{{instance}}']],
      },
      {
        ...stat,
        title: 'Document valid',
        about: 'Whether the newest document has no mistakes.',
        colours: 'one is good',
        queries: [[`ipvs_agent_document_valid{${HERE}}`, '{{instance}}']],
      },
      {
        ...stat,
        title: 'In doubt',
        about: 'So many failures at once that the checks are doubted: nothing is taken out meanwhile.',
        colours: 'one is bad',
        queries: [[`ipvs_agent_doubt{${HERE}}`, '{{instance}}']],
      },
      {
        ...stat,
        title: 'Services',
        about: 'Services in the table of the kernel.',
        queries: [[`ipvs_services{${HERE}}`, '{{instance}}']],
      },
      {
        ...stat,
        title: 'Maintenance',
        about: 'Destinations that operators took out.',
        queries: [[`ipvs_agent_maintenance{${HERE}}`, '{{instance}}']],
      },
      {
        ...stat,
        title: 'Connection table',
        about: 'Entries as a share of the limit, or of the buckets where the kernel has no limit.',
        unit: 'percentunit',
        queries: [
          [
            `ipvs_connection_table_entries{${HERE}} / (ipvs_connection_table_limit{${HERE}} or ipvs_connection_table_buckets{${HERE}})`,
            '{{instance}}',
          ],
        ],
      },
    ],
  },
  {
    title: 'Services',
    panels: [
      {
        ...lines,
        title: 'Capacity',
        about: 'Weight in service as a share of the declared weight.',
        unit: 'percentunit',
        queries: [[`ipvs_agent_capacity_ratio{${SERVICE}}`, '{{service}} on {{instance}}']],
      },
      {
        ...lines,
        title: 'Destinations by state',
        about: 'kept: down, but a guard keeps it in service.',
        stacked: true,
        queries: [[`sum by (state) (ipvs_agent_destinations{${SERVICE}})`, '{{state}}']],
      },
      {
        ...lines,
        title: 'New connections',
        about: 'Connections scheduled per second.',
        unit: 'cps',
        queries: [[`sum by (service) (${rate('ipvs_connections_total')})`, '{{service}}']],
      },
      {
        ...lines,
        title: 'Connections now',
        about: 'Active connections of all destinations.',
        queries: [[`sum by (service) (ipvs_destination_active_connections{${SERVICE}})`, '{{service}}']],
      },
      {
        ...lines,
        title: 'Bytes',
        about: 'From clients, and to clients as far as replies pass the director (masq).',
        unit: 'Bps',
        queries: [
          [`sum by (service) (${rate('ipvs_incoming_bytes_total')})`, '{{service}} in'],
          [`sum by (service) (${rate('ipvs_outgoing_bytes_total')})`, '{{service}} out'],
        ],
      },
      {
        ...lines,
        title: 'Packets',
        about: 'From clients, and to clients as far as replies pass the director (masq).',
        unit: 'pps',
        queries: [
          [`sum by (service) (${rate('ipvs_incoming_packets_total')})`, '{{service}} in'],
          [`sum by (service) (${rate('ipvs_outgoing_packets_total')})`, '{{service}} out'],
        ],
      },
      {
        ...lines,
        title: 'New connections by scheduler',
        about: 'Joined with what the services are.',
        unit: 'cps',
        queries: [
          [
            `sum by (scheduler) (${rate('ipvs_connections_total')} * on (job, instance, service) group_left (scheduler) ipvs_service_info{${SERVICE}})`,
            '{{scheduler}}',
          ],
        ],
      },
      {
        ...lines,
        title: 'Guards',
        about: 'Guards that keep destinations in service although they are down, and destinations that flap.',
        queries: [
          [`sum by (service, guard) (ipvs_agent_guard_active{${SERVICE}}) > 0`, '{{service}} {{guard}}'],
          [`sum by (service) (ipvs_agent_destinations_flapping{${SERVICE}}) > 0`, '{{service}} flapping'],
        ],
      },
    ],
  },
  {
    title: 'Destinations (with metrics by destination)',
    panels: [
      {
        ...lines,
        title: 'Busiest destinations',
        about: 'Active connections, the highest twenty.',
        queries: [
          [`topk(20, ipvs_destination_active_connections{${SERVICE}})`, '{{destination}} of {{service}}'],
        ],
      },
      {
        ...lines,
        title: 'New connections',
        about: 'Connections scheduled per second, the highest twenty.',
        unit: 'cps',
        queries: [
          [`topk(20, ${rate('ipvs_destination_connections_total')})`, '{{destination}} of {{service}}'],
        ],
      },
      {
        kind: 'table',
        width: 24,
        title: 'Down or without weight',
        about: 'Destinations that fail their checks, and those with weight 0.',
        queries: [
          [`ipvs_agent_destination_up{${SERVICE}} == 0`, 'down'],
          [`ipvs_destination_weight{${SERVICE}} == 0`, 'weight 0'],
        ],
      },
    ],
  },
  {
    title: 'Kernel',
    panels: [
      {
        ...lines,
        title: 'Connection table',
        about: 'Look-ups get slower where entries are more than buckets.',
        queries: [
          [`ipvs_connection_table_entries{${HERE}}`, 'entries of {{instance}}'],
          [`ipvs_connection_table_buckets{${HERE}}`, 'buckets of {{instance}}'],
        ],
      },
      {
        ...lines,
        title: 'Drops and defences',
        about: 'Packets dropped per second before they could be balanced; defences that are on now.',
        queries: [
          [`rate(ipvs_dropped_packets_total{${HERE}}[$__rate_interval])`, '{{reason}} of {{instance}}'],
          [`ipvs_defence_active{${HERE}}`, '{{defence}} of {{instance}}'],
        ],
      },
      {
        ...lines,
        title: 'New connections of the namespace',
        about: 'With those of services that are deleted.',
        unit: 'cps',
        queries: [[`rate(ipvs_namespace_connections_total{${HERE}}[$__rate_interval])`, '{{instance}}']],
      },
      {
        ...lines,
        title: 'Sync daemons',
        about: 'Which daemons run.',
        queries: [[`ipvs_sync_daemon_running{${HERE}}`, '{{daemon}} of {{instance}}']],
      },
    ],
  },
  {
    title: 'Agent',
    panels: [
      {
        ...lines,
        title: 'Checks',
        about: 'Checks that ended, per second.',
        queries: [
          [
            `sum by (check, result) (rate(ipvs_agent_checks_total{${HERE}}[$__rate_interval]))`,
            '{{check}} {{result}}',
          ],
        ],
      },
      {
        ...lines,
        title: 'Duration of checks',
        about: 'Nineteen of twenty checks took less.',
        unit: 's',
        queries: [
          [
            `histogram_quantile(0.95, sum by (le, check) (rate(ipvs_agent_check_duration_seconds_bucket{${HERE}}[$__rate_interval])))`,
            '{{check}}',
          ],
        ],
      },
      {
        ...lines,
        title: 'Lag of checks',
        about: 'How late the next check is: the agent or its host is overloaded.',
        unit: 's',
        queries: [[`ipvs_agent_check_lag_seconds{${HERE}}`, '{{instance}}']],
      },
      {
        ...lines,
        title: 'Changes',
        about: 'Changes of the table that the agent sent, and changes of others that it saw.',
        queries: [
          [
            `sum by (kind, outcome) (increase(ipvs_agent_changes_total{${HERE}}[5m]))`,
            '{{kind}} {{outcome}}',
          ],
          [
            `sum by (action) (increase(ipvs_agent_foreign_changes_total{${SERVICE}}[5m]))`,
            'foreign {{action}}',
          ],
        ],
      },
    ],
  },
];

/** The expressions of every panel. */
export const PANEL_EXPRESSIONS: readonly string[] = ROWS.flatMap(({ panels }) =>
  panels.flatMap(({ queries }) => queries.map(([expression]) => expression)),
);

/** Panels by their titles, with their heights on the grid. */
const HEIGHTS = { stat: 4, timeseries: 8, table: 8 } as const;
const COLUMNS = 24;
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** The dashboard as a file for Grafana. */
export function dashboard(): string {
  const panels: object[] = [];
  let y = 0;
  for (const { title, panels: specs } of ROWS) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: grid(0, y, COLUMNS, 1),
    });
    y += 1;
    let x = 0;
    for (const spec of specs) {
      if (x + spec.width > COLUMNS) {
        x = 0;
        y += HEIGHTS[spec.kind];
      }
      panels.push({
        id: panels.length + 1,
        ...panel(spec),
        gridPos: grid(x, y, spec.width, HEIGHTS[spec.kind]),
      });
      x += spec.width;
    }
    y += HEIGHTS[specs.at(-1)?.kind ?? 'stat'];
  }
  return JSON.stringify({
    title: 'IPVS',
    uid: 'ipvs-ts',
    description:
      'Services and destinations of Linux IPVS, and the agent of ipvs-ts. Generated: npm run pages',
    tags: ['ipvs', 'lvs'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' },
        variable('instance', 'Director', 'label_values(ipvs_services, instance)'),
        variable('service', 'Service', 'label_values(ipvs_destinations{instance=~"$instance"}, service)'),
      ],
    },
    panels,
  });
}

function variable(name: string, label: string, query: string): object {
  const all = { includeAll: true, multi: true, allValue: '.*' };
  return { name, label, type: 'query', datasource: DATASOURCE, query, refresh: 2, sort: 1, ...all };
}

function panel({ title, about, kind, unit = 'short', queries, colours, stacked = false }: PanelSpec): object {
  const mappings = { 'one is good': ['red', 'green'], 'one is bad': ['green', 'red'] } as const;
  const [zero, one] = colours === undefined ? [] : mappings[colours];
  const values =
    zero === undefined
      ? []
      : [{ type: 'value', options: { 0: { text: 'no', color: zero }, 1: { text: 'yes', color: one } } }];
  return {
    type: kind,
    title,
    description: about,
    datasource: DATASOURCE,
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        mappings: values,
        ...(kind === 'timeseries' && {
          custom: stacked ? { fillOpacity: 30, stacking: { mode: 'normal' } } : { fillOpacity: 5 },
        }),
      },
      overrides: [],
    },
    options:
      kind === 'stat'
        ? { colorMode: colours === undefined ? 'none' : 'background', textMode: 'value_and_name' }
        : {},
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: DATASOURCE,
      expr,
      legendFormat,
      ...(kind === 'table' && { format: 'table', instant: true }),
    })),
  };
}

function grid(x: number, y: number, w: number, h: number): object {
  return { x, y, w, h };
}
