/** An alert: when it fires, and what it says. */
export interface Alert {
  readonly name: string;
  readonly expression: string;
  /** How long it must be true. */
  readonly for: string;
  readonly severity: 'critical' | 'warning';
  readonly summary: string;
  readonly description: string;
}

/** What tells directors apart. */
const DIRECTOR = 'job, instance';

/** The rules, most urgent first. */
export const ALERTS: readonly Alert[] = [
  {
    name: 'IpvsAllDown',
    expression: `sum by (${DIRECTOR}, service) (ipvs_agent_destinations{state="up"}) == 0
and
sum by (${DIRECTOR}, service) (ipvs_agent_destinations{state=~"down|kept"}) > 0`,
    for: '30s',
    severity: 'critical',
    summary: '{{ $labels.service }}: every destination is down',
    description:
      'No destination passes its checks. What becomes of clients is whenAllDown of the document. On the director: ipvs-ts explain {{ $labels.service }}',
  },
  {
    name: 'IpvsNothingInService',
    expression: `sum by (${DIRECTOR}, service) (ipvs_destination_weight) == 0
or
sum by (${DIRECTOR}, service) (ipvs_destinations) == 0`,
    for: '1m',
    severity: 'critical',
    summary: '{{ $labels.service }}: no destination takes new connections',
    description:
      'The service has no destination, or all have weight 0: new connections are refused. On the director: ipvs-ts -ln',
  },
  {
    name: 'IpvsCapacityLow',
    expression: 'ipvs_agent_capacity_ratio < 0.5',
    for: '1m',
    severity: 'warning',
    summary: '{{ $labels.service }}: {{ $value | humanizePercentage }} of the weight is in service',
    description:
      'Less than half of the declared weight is in service: destinations are down, in maintenance or at a manual 0. On the director: ipvs-ts status {{ $labels.service }}',
  },
  {
    name: 'IpvsFlapping',
    expression: 'ipvs_agent_destinations_flapping > 0',
    for: '0s',
    severity: 'warning',
    summary: '{{ $labels.service }}: {{ $value }} destination(s) flap',
    description:
      'A destination went down three times in ten minutes, and is held down longer each time. On the director: ipvs-ts events',
  },
  {
    name: 'IpvsAgentGone',
    expression: `max by (${DIRECTOR}) (max_over_time(ipvs_services[1d]))
unless on (${DIRECTOR})
max by (${DIRECTOR}) (ipvs_services)`,
    for: '2m',
    severity: 'critical',
    summary: '{{ $labels.instance }}: no metrics',
    description:
      'The agent (or ipvs-ts metrics) does not answer, or cannot read the table; nobody takes dead servers out there. The table in the kernel stays as it is. On the director: systemctl status ipvs-ts-agent',
  },
  {
    name: 'IpvsDocumentInvalid',
    expression: 'ipvs_agent_document_valid == 0',
    for: '10m',
    severity: 'warning',
    summary: '{{ $labels.instance }}: the document has mistakes',
    description:
      'It changes nothing: the document before stays in force. On the director: ipvs-ts status shows the mistakes with their places',
  },
  {
    name: 'IpvsConnectionTableFull',
    expression: `ipvs_connection_table_entries / (ipvs_connection_table_limit or ipvs_connection_table_buckets) > 0.8`,
    for: '5m',
    severity: 'warning',
    summary: '{{ $labels.instance }}: the connection table is {{ $value | humanizePercentage }} full',
    description:
      'Of its limit where the kernel has one (net.ipv4.vs.conn_max): then new connections will be refused. Else of its buckets: look-ups get slower with each entry, and a larger table needs the option conn_tab_bits of the module ip_vs',
  },
  {
    name: 'IpvsSyncSilent',
    expression: `ipvs_sync_daemon_info{daemon="backup", sync_id!="0"}
unless on (job, sync_id)
ipvs_sync_daemon_info{daemon="master"}
or
ipvs_sync_daemon_info{daemon="backup"}
and on (${DIRECTOR})
ipvs_connection_table_entries == 0
and on (job)
max by (job) (ipvs_connection_table_entries and on (${DIRECTOR}) ipvs_sync_daemon_running{daemon="master"} == 1) > 100`,
    for: '5m',
    severity: 'warning',
    summary: '{{ $labels.instance }}: the backup gets no connections',
    description:
      'No master with sync ID {{ $labels.sync_id }} runs among the directors of the job, or one has connections and this backup has none: a failover would drop them. On both: ipvs-ts -l --daemon, and whether multicast passes between them',
  },
  {
    name: 'IpvsDropsRising',
    expression: 'rate(ipvs_dropped_packets_total[5m]) > 0',
    for: '5m',
    severity: 'warning',
    summary:
      '{{ $labels.instance }}: {{ $value | humanize }} packets a second are dropped ({{ $labels.reason }})',
    description:
      'backlog: a CPU gets more packets than it can take (net.core.netdev_max_backlog, RSS, RPS). conntrack: its table is full (net.netfilter.nf_conntrack_max)',
  },
  {
    name: 'IpvsDefenceActive',
    expression: 'ipvs_defence_active == 1',
    for: '1m',
    severity: 'warning',
    summary: '{{ $labels.instance }}: the kernel defends itself ({{ $labels.defence }})',
    description:
      'Memory is short, or the defence is always on: the kernel drops half-open connections or packets, or shortens TCP timeouts (net.ipv4.vs)',
  },
];

/** The rules as a file for Prometheus. */
export function alertRules(): string {
  const rules = ALERTS.map(
    ({ name, expression, for: duration, severity, summary, description }) => `
      - alert: ${name}
        expr: |
${expression
  .split('\n')
  .map((line) => `          ${line}`)
  .join('\n')}
        for: ${duration}
        labels:
          severity: ${severity}
        annotations:
          summary: ${quoted(summary)}
          description: ${quoted(description)}
`,
  );
  return `# Alert rules for ipvs-ts, generated from its table of metrics: npm run pages
groups:
  - name: ipvs-ts
    rules:${rules.join('')}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
