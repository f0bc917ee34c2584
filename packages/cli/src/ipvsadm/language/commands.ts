/** The command table: the spelling of a command, its name in messages, and its options. */
import type { OptionClass } from './options.js';
import type { ArgumentKind } from './popt.js';

/** The rules of a command for its options; any other option is illegal with it. */
export interface CommandRule {
  /** The name of the command in messages. */
  readonly name: string;
  readonly required?: readonly OptionClass[];
  readonly allowed?: readonly OptionClass[];
  /** At most one of these is allowed. */
  readonly exclusive?: readonly OptionClass[];
}

/** A command of the language. */
export interface Command extends CommandRule {
  readonly kind: 'command';
  readonly long: string;
  readonly shorts: readonly string[];
  readonly argument: ArgumentKind;
  /** Operands in the help text. */
  readonly operands?: string;
  /** Absent: the help text does not list it. */
  readonly help?: string;
}

const SERVICE_OPTIONS = ['scheduler', 'persistent', 'netmask', 'ops', 'pe', 'sched-flags'] as const;
const TUNNEL_OPTIONS = ['tun-type', 'tun-port', 'tun-nocsum', 'tun-csum', 'tun-remcsum'] as const;
const SERVER_OPTIONS = [
  'forwarding-method',
  'weight',
  'u-threshold',
  'l-threshold',
  ...TUNNEL_OPTIONS,
] as const;
const SERVER = ['service-address', 'real-server'] as const;

const plain = { kind: 'command', argument: 'none' } as const;

const table = [
  {
    ...plain,
    long: 'add-service',
    shorts: ['A'],
    name: 'add-service',
    required: ['service-address'],
    allowed: SERVICE_OPTIONS,
    help: 'add virtual service with options',
  },
  {
    ...plain,
    long: 'edit-service',
    shorts: ['E'],
    name: 'edit-service',
    required: ['service-address'],
    allowed: SERVICE_OPTIONS,
    help: 'edit virtual service with options',
  },
  {
    ...plain,
    long: 'delete-service',
    shorts: ['D'],
    name: 'delete-service',
    required: ['service-address'],
    help: 'delete virtual service',
  },
  { ...plain, long: 'clear', shorts: ['C'], name: 'flush', help: 'clear the whole table' },
  { ...plain, long: 'restore', shorts: ['R'], name: 'restore', help: 'restore rules from stdin' },
  { ...plain, long: 'save', shorts: ['S'], name: 'save', allowed: ['numeric'], help: 'save rules to stdout' },
  {
    ...plain,
    long: 'add-server',
    shorts: ['a'],
    name: 'add-server',
    required: SERVER,
    allowed: SERVER_OPTIONS,
    help: 'add real server with options',
  },
  {
    ...plain,
    long: 'edit-server',
    shorts: ['e'],
    name: 'edit-server',
    required: SERVER,
    allowed: SERVER_OPTIONS,
    help: 'edit real server with options',
  },
  {
    ...plain,
    long: 'delete-server',
    shorts: ['d'],
    name: 'delete-server',
    required: SERVER,
    help: 'delete real server',
  },
  {
    ...plain,
    long: 'list',
    shorts: ['L', 'l'],
    name: 'list',
    allowed: [
      'numeric',
      'stats',
      'rate',
      'thresholds',
      'persistent-conn',
      'nosort',
      'syncid',
      'exact',
      'tun-info',
    ],
    exclusive: ['connection', 'service-address', 'timeout', 'daemon'],
    help: 'list the table',
  },
  {
    ...plain,
    long: 'zero',
    shorts: ['Z'],
    name: 'zero',
    allowed: ['service-address'],
    help: 'zero counters in a service or all services',
  },
  {
    ...plain,
    long: 'set',
    shorts: [],
    name: 'set',
    operands: 'tcp tcpfin udp',
    help: 'set connection timeout values',
  },
  {
    kind: 'command',
    argument: 'required',
    long: 'start-daemon',
    shorts: [],
    name: 'start-daemon',
    allowed: ['mcast-interface', 'syncid', 'mcast-group', 'mcast-port', 'mcast-ttl', 'sync-maxlen'],
    help: 'start connection sync daemon',
  },
  {
    kind: 'command',
    argument: 'required',
    long: 'stop-daemon',
    shorts: [],
    name: 'stop-daemon',
    allowed: ['syncid'],
    help: 'stop connection sync daemon',
  },
  { ...plain, long: 'help', shorts: ['h'], name: 'help', help: 'display this help message' },
  { ...plain, long: 'version', shorts: ['v'], name: 'version' },
] as const satisfies readonly Command[];

/** A command's long name. */
export type CommandName = (typeof table)[number]['long'];

/** The command table, in the help text's order. */
export const COMMANDS: readonly (Command & { readonly long: CommandName })[] = table;

/** The tunnel types and their options, checked like those of a command. */
export const TUNNEL_RULES = {
  ipip: { name: 'ipip', allowed: ['tun-type'] },
  gue: {
    name: 'gue',
    required: ['tun-port'],
    allowed: ['tun-type'],
    exclusive: ['tun-nocsum', 'tun-csum', 'tun-remcsum'],
  },
  gre: { name: 'gre', allowed: ['tun-type'], exclusive: ['tun-nocsum', 'tun-csum'] },
} as const satisfies Record<string, CommandRule>;

/** The options of tunnels. */
export const TUNNEL_CLASSES: readonly OptionClass[] = TUNNEL_OPTIONS;
