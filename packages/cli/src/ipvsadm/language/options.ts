/** The option table: every option of the language that is not a command, in the order of the help text. */
import type { PoptOption } from './popt.js';

/**
 * The names of options in messages, in the order in which a command's options are checked. Options that share a class
 * (`-t` and `-u`) cannot be combined.
 */
export const OPTION_CLASSES = [
  'numeric',
  'connection',
  'service-address',
  'scheduler',
  'persistent',
  'netmask',
  'real-server',
  'forwarding-method',
  'weight',
  'u-threshold',
  'l-threshold',
  'mcast-interface',
  'timeout',
  'daemon',
  'stats',
  'rate',
  'thresholds',
  'persistent-conn',
  'nosort',
  'syncid',
  'exact',
  'ops',
  'pe',
  'sched-flags',
  'mcast-group',
  'mcast-port',
  'mcast-ttl',
  'sync-maxlen',
  'tun-info',
  'tun-type',
  'tun-port',
  'tun-nocsum',
  'tun-csum',
  'tun-remcsum',
] as const;

/** The name of an option in messages. */
export type OptionClass = (typeof OPTION_CLASSES)[number];

/** The help text's headings above options. */
export type HelpSection = 'virtual-service' | 'options' | 'daemon';

/** An option of the language. */
export interface Option extends PoptOption {
  readonly kind: 'option';
  /** Absent: the option may be repeated and is never illegal. */
  readonly class?: OptionClass;
  /** Its section in the help text, the name of its argument there, and its lines. */
  readonly section: HelpSection;
  readonly operand?: string;
  readonly help: readonly string[];
  /** The help text leaves the short letter out. */
  readonly shortUnlisted?: true;
}

const table = [
  service('tcp-service', 't', 'service-address', 'service-address is host[:port]'),
  service('udp-service', 'u', 'service-address', 'service-address is host[:port]'),
  service('sctp-service', undefined, 'service-address', 'service-address is host[:port]'),
  service('fwmark-service', 'f', 'fwmark', 'fwmark is an integer greater than zero'),

  flag('ipv6', '6', undefined, 'fwmark entry uses IPv6'),
  value('scheduler', 's', 'scheduler', 'scheduler', [
    'one of rr|wrr|lc|wlc|lblc|lblcr|dh|sh|sed|nq|fo|ovf|mh,',
    'the default scheduler is wlc.',
  ]),
  value('pe', undefined, 'pe', 'engine', ['alternate persistence engine may be sip,', 'not set by default.']),
  { ...value('persistent', 'p', 'persistent', '[timeout]', ['persistent service']), argument: 'optional' },
  value('netmask', 'M', 'netmask', 'netmask', ['persistent granularity mask']),
  value('real-server', 'r', 'real-server', 'server-address', ['server-address is host (and port)']),
  flag('gatewaying', 'g', 'forwarding-method', 'gatewaying (direct routing) (default)'),
  flag('ipip', 'i', 'forwarding-method', 'ipip encapsulation (tunneling)'),
  flag('masquerading', 'm', 'forwarding-method', 'masquerading (NAT)'),
  value('tun-type', undefined, 'tun-type', 'type', [
    'one of ipip|gue|gre,',
    'the default tunnel type is ipip.',
  ]),
  value('tun-port', undefined, 'tun-port', 'port', ['tunnel destination port']),
  flag('tun-nocsum', undefined, 'tun-nocsum', 'tunnel encapsulation without checksum'),
  flag('tun-csum', undefined, 'tun-csum', 'tunnel encapsulation with checksum'),
  flag('tun-remcsum', undefined, 'tun-remcsum', 'tunnel encapsulation with remote checksum'),
  value('weight', 'w', 'weight', 'weight', ['capacity of real server']),
  value('u-threshold', 'x', 'u-threshold', 'uthreshold', ['upper threshold of connections']),
  value('l-threshold', 'y', 'l-threshold', 'lthreshold', ['lower threshold of connections']),
  flag('connection', 'c', 'connection', 'output of current IPVS connections'),
  flag('timeout', undefined, 'timeout', 'output of timeout (tcp tcpfin udp)'),
  flag('daemon', undefined, 'daemon', 'output of daemon information'),
  flag('stats', undefined, 'stats', 'output of statistics information'),
  flag('rate', undefined, 'rate', 'output of rate information'),
  { ...flag('exact', 'X', 'exact', 'expand numbers (display exact values)'), shortUnlisted: true },
  flag('thresholds', undefined, 'thresholds', 'output of thresholds information'),
  flag('persistent-conn', undefined, 'persistent-conn', 'output of persistent connection info'),
  flag('tun-info', undefined, 'tun-info', 'output of tunnel information'),
  flag('nosort', undefined, 'nosort', 'disable sorting output of service/server entries'),
  flag('sort', undefined, undefined, 'does nothing, for backwards compatibility'),
  flag('ops', 'o', 'ops', 'one-packet scheduling'),
  flag('numeric', 'n', 'numeric', 'numeric output of addresses and ports'),
  value('sched-flags', 'b', 'sched-flags', 'flags', ['scheduler flags (comma-separated)']),

  daemon('syncid', 'sid', 'syncid for connection sync (default=255)'),
  daemon('sync-maxlen', 'length', 'Max sync message length (default=1472)'),
  daemon('mcast-interface', 'interface', 'multicast interface for connection sync'),
  daemon('mcast-group', 'address', 'IPv4/IPv6 group (default=224.0.0.81)'),
  daemon('mcast-port', 'port', 'UDP port (default=8848)'),
  daemon('mcast-ttl', 'ttl', 'Multicast TTL (default=1)'),
] as const satisfies readonly Option[];

/** A long option name: the key under which a request's values are read. */
export type OptionName = (typeof table)[number]['long'];

/** The option table. */
export const OPTIONS: readonly (Option & { readonly long: OptionName })[] = table;

function service<const L extends string>(long: L, short: string | undefined, operand: string, help: string) {
  return {
    ...base(long, short),
    argument: 'required',
    class: 'service-address',
    section: 'virtual-service',
    operand,
    help: [help],
  } as const;
}

function flag<const L extends string>(
  long: L,
  short: string | undefined,
  cls: OptionClass | undefined,
  help: string,
) {
  const named = cls === undefined ? {} : { class: cls };
  return { ...base(long, short), argument: 'none', ...named, section: 'options', help: [help] } as const;
}

function value<const L extends string>(
  long: L,
  short: string | undefined,
  cls: OptionClass,
  operand: string,
  help: readonly string[],
) {
  return {
    ...base(long, short),
    argument: 'required',
    class: cls,
    section: 'options',
    operand,
    help,
  } as const;
}

function daemon<const L extends OptionClass>(long: L, operand: string, help: string) {
  return {
    ...base(long, undefined),
    argument: 'required',
    class: long,
    section: 'daemon',
    operand,
    help: [help],
  } as const;
}

function base<const L extends string>(long: L, short: string | undefined) {
  return { kind: 'option', long, ...(short === undefined ? {} : { short }) } as const;
}
