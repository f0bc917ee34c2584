/** A time series as promtool writes them: `0+10x5` is 0, 10, …, 50, `_` is no sample; a value each minute. */
export interface Case {
  readonly alert: string;
  readonly title: string;
  readonly series: Readonly<Record<string, string>>;
  /** When it is evaluated. */
  readonly at: string;
  /** The labels of the alerts that fire then, without those of the rule; none: it does not fire. */
  readonly fires: readonly Readonly<Record<string, string>>[];
}

const LB1 = { instance: 'lb1:9107', job: 'ipvs' };
const WEB = { ...LB1, service: 'tcp:192.0.2.10:80' };

function series(name: string, labels: Readonly<Record<string, string>>): string {
  return `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(',')}}`;
}

const states = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([state, each]) => [
      series('ipvs_agent_destinations', { ...WEB, state }),
      each,
    ]),
  );
const weight = (destination: string): string => series('ipvs_destination_weight', { ...WEB, destination });
const sync = (instance: string, daemon: string, id: string): string =>
  series('ipvs_sync_daemon_info', { job: 'ipvs', instance, daemon, interface: 'eth0', sync_id: id });
const running = (instance: string, daemon: string): string =>
  series('ipvs_sync_daemon_running', { job: 'ipvs', instance, daemon });
const entries = (instance: string): string =>
  series('ipvs_connection_table_entries', { job: 'ipvs', instance });
const LB2 = 'lb2:9107';
const BACKUP = { job: 'ipvs', instance: LB2, daemon: 'backup', interface: 'eth0', sync_id: '1' };
const PAIR = {
  [sync(LB1.instance, 'master', '1')]: '1x20',
  [running(LB1.instance, 'master')]: '1x20',
  [running(LB1.instance, 'backup')]: '0x20',
  [sync(LB2, 'backup', '1')]: '1x20',
  [running(LB2, 'master')]: '0x20',
  [running(LB2, 'backup')]: '1x20',
};

/** Each alert as it fires, and as it must not. */
export const CASES: readonly Case[] = [
  {
    alert: 'IpvsAllDown',
    title: 'all are down',
    series: states({ up: '2 0x10', down: '0 2x10', kept: '0x10' }),
    at: '2m',
    fires: [WEB],
  },
  {
    alert: 'IpvsAllDown',
    title: 'all are down and a guard keeps them',
    series: states({ up: '0x10', down: '0x10', kept: '2x10' }),
    at: '2m',
    fires: [WEB],
  },
  {
    alert: 'IpvsAllDown',
    title: 'one of three is up',
    series: states({ up: '1x10', down: '2x10', kept: '0x10' }),
    at: '9m',
    fires: [],
  },
  {
    alert: 'IpvsAllDown',
    title: 'all are in maintenance',
    series: states({ up: '0x10', down: '0x10', kept: '0x10', maintenance: '2x10' }),
    at: '9m',
    fires: [],
  },
  {
    alert: 'IpvsAllDown',
    title: 'only for a moment',
    series: states({ up: '2 0 2x10', down: '0 2 0x10', kept: '0x10' }),
    at: '1m',
    fires: [],
  },
  {
    alert: 'IpvsNothingInService',
    title: 'every weight is 0',
    series: { [weight('10.0.0.1:80')]: '1 0x10', [weight('10.0.0.2:80')]: '0x10' },
    at: '3m',
    fires: [WEB],
  },
  {
    alert: 'IpvsNothingInService',
    title: 'there is no destination',
    series: { [series('ipvs_destinations', WEB)]: '0x10' },
    at: '3m',
    fires: [WEB],
  },
  {
    alert: 'IpvsNothingInService',
    title: 'one weight is left',
    series: {
      [weight('10.0.0.1:80')]: '1x10',
      [weight('10.0.0.2:80')]: '0x10',
      [series('ipvs_destinations', WEB)]: '2x10',
    },
    at: '3m',
    fires: [],
  },
  {
    alert: 'IpvsNothingInService',
    title: 'by service: the sum is 0',
    series: { [series('ipvs_destination_weight', WEB)]: '0x10', [series('ipvs_destinations', WEB)]: '2x10' },
    at: '3m',
    fires: [WEB],
  },
  {
    alert: 'IpvsCapacityLow',
    title: 'below half',
    series: { [series('ipvs_agent_capacity_ratio', WEB)]: '1 0.49x10' },
    at: '3m',
    fires: [WEB],
  },
  {
    alert: 'IpvsCapacityLow',
    title: 'half',
    series: { [series('ipvs_agent_capacity_ratio', WEB)]: '0.5x10' },
    at: '9m',
    fires: [],
  },
  {
    alert: 'IpvsFlapping',
    title: 'one flaps',
    series: { [series('ipvs_agent_destinations_flapping', WEB)]: '0 1x10' },
    at: '1m',
    fires: [WEB],
  },
  {
    alert: 'IpvsFlapping',
    title: 'no more',
    series: { [series('ipvs_agent_destinations_flapping', WEB)]: '0 1 0x10' },
    at: '3m',
    fires: [],
  },
  {
    alert: 'IpvsAgentGone',
    title: 'it answers no more',
    series: { [series('ipvs_services', LB1)]: '3 3 3 stale' },
    at: '9m',
    fires: [LB1],
  },
  {
    alert: 'IpvsAgentGone',
    title: 'it was restarted',
    series: { [series('ipvs_services', LB1)]: '3 3 stale 3x10' },
    at: '9m',
    fires: [],
  },
  {
    alert: 'IpvsAgentGone',
    title: 'another one is gone',
    series: {
      [series('ipvs_services', LB1)]: '3x20',
      [series('ipvs_services', { ...LB1, instance: LB2 })]: '3 3 stale',
    },
    at: '9m',
    fires: [{ ...LB1, instance: LB2 }],
  },
  {
    alert: 'IpvsDocumentInvalid',
    title: 'for more than ten minutes',
    series: { [series('ipvs_agent_document_valid', LB1)]: '1 0x20' },
    at: '12m',
    fires: [LB1],
  },
  {
    alert: 'IpvsDocumentInvalid',
    title: 'for less than ten minutes',
    series: { [series('ipvs_agent_document_valid', LB1)]: '1 0x8 1x10' },
    at: '10m',
    fires: [],
  },
  {
    alert: 'IpvsConnectionTableFull',
    title: 'more than 80 % of the buckets',
    series: {
      [entries(LB1.instance)]: '3300x20',
      [series('ipvs_connection_table_buckets', LB1)]: '4096x20',
    },
    at: '6m',
    fires: [LB1],
  },
  {
    alert: 'IpvsConnectionTableFull',
    title: 'less than 80 % of the buckets',
    series: {
      [entries(LB1.instance)]: '3200x20',
      [series('ipvs_connection_table_buckets', LB1)]: '4096x20',
    },
    at: '9m',
    fires: [],
  },
  {
    alert: 'IpvsConnectionTableFull',
    title: 'more than 80 % of the limit, though there are buckets',
    series: {
      [entries(LB1.instance)]: '900x20',
      [series('ipvs_connection_table_buckets', LB1)]: '4096x20',
      [series('ipvs_connection_table_limit', LB1)]: '1000x20',
    },
    at: '6m',
    fires: [LB1],
  },
  {
    alert: 'IpvsConnectionTableFull',
    title: 'more entries than buckets, and far from the limit',
    series: {
      [entries(LB1.instance)]: '5000x20',
      [series('ipvs_connection_table_buckets', LB1)]: '4096x20',
      [series('ipvs_connection_table_limit', LB1)]: '1000000x20',
    },
    at: '9m',
    fires: [],
  },
  {
    alert: 'IpvsSyncSilent',
    title: 'the master has connections and the backup has none',
    series: { ...PAIR, [entries(LB1.instance)]: '5000x20', [entries(LB2)]: '0x20' },
    at: '6m',
    fires: [BACKUP],
  },
  {
    alert: 'IpvsSyncSilent',
    title: 'both have connections',
    series: { ...PAIR, [entries(LB1.instance)]: '5000x20', [entries(LB2)]: '4000x20' },
    at: '9m',
    fires: [],
  },
  {
    alert: 'IpvsSyncSilent',
    title: 'neither has connections',
    series: { ...PAIR, [entries(LB1.instance)]: '0x20', [entries(LB2)]: '0x20' },
    at: '9m',
    fires: [],
  },
  {
    alert: 'IpvsSyncSilent',
    title: 'the master of that ID is gone',
    series: {
      [sync(LB1.instance, 'master', '2')]: '1x20',
      [sync(LB2, 'backup', '1')]: '1x20',
      [entries(LB2)]: '4000x20',
    },
    at: '6m',
    fires: [BACKUP],
  },
  {
    alert: 'IpvsSyncSilent',
    title: 'the backup takes every ID (0)',
    series: {
      ...PAIR,
      [sync(LB2, 'backup', '1')]: '_x20',
      [sync(LB2, 'backup', '0')]: '1x20',
      [entries(LB1.instance)]: '5000x20',
      [entries(LB2)]: '4000x20',
    },
    at: '9m',
    fires: [],
  },
  {
    alert: 'IpvsSyncSilent',
    title: 'both directors run both daemons',
    series: {
      ...PAIR,
      [sync(LB1.instance, 'backup', '1')]: '1x20',
      [sync(LB2, 'master', '1')]: '1x20',
      [running(LB2, 'master')]: '1x20',
      [entries(LB1.instance)]: '5000x20',
      [entries(LB2)]: '4000x20',
    },
    at: '9m',
    fires: [],
  },
  {
    alert: 'IpvsDropsRising',
    title: 'they rise',
    series: { [series('ipvs_dropped_packets_total', { ...LB1, reason: 'backlog' })]: '0+60x20' },
    at: '12m',
    fires: [{ ...LB1, reason: 'backlog' }],
  },
  {
    alert: 'IpvsDropsRising',
    title: 'they were many, and stay',
    series: { [series('ipvs_dropped_packets_total', { ...LB1, reason: 'backlog' })]: '70000x20' },
    at: '12m',
    fires: [],
  },
  {
    alert: 'IpvsDefenceActive',
    title: 'one is on',
    series: { [series('ipvs_defence_active', { ...LB1, defence: 'drop_packet' })]: '0 1x10' },
    at: '3m',
    fires: [{ ...LB1, defence: 'drop_packet' }],
  },
  {
    alert: 'IpvsDefenceActive',
    title: 'all are off',
    series: { [series('ipvs_defence_active', { ...LB1, defence: 'drop_packet' })]: '0x10' },
    at: '9m',
    fires: [],
  },
];
