import { errnoText, NetlinkError } from '@ipvs-ts/netlink';
import type { Call, Verb } from './call.js';
import { IpvsError, type IpvsErrorCode } from '../errors.js';
import { permissionProblem } from './permission.js';

/** What an errno means for a verb: the code, and a sentence with its fix. */
type Meaning = readonly [code: IpvsErrorCode, sentence: (call: Call) => string];

const noService: Meaning = [
  'ERR_IPVS_SERVICE_NOT_FOUND',
  ({ service }) => `there is no service ${service ?? ''}; add it first, or list what there is`,
];

const unknownScheduler: Meaning = [
  'ERR_IPVS_SCHEDULER_NOT_FOUND',
  ({ scheduler = '' }) =>
    `the kernel has no scheduler ${scheduler} and no module ip_vs_${scheduler} to load; check the spelling, or install the module`,
];

const unknownSchedulerOrEngine: Meaning = [
  'ERR_IPVS_SCHEDULER_OR_ENGINE_NOT_FOUND',
  ({ scheduler = '', engine = '' }) =>
    `the kernel has no scheduler ${scheduler}, or no persistence engine ${engine} (modules ip_vs_${scheduler}, ip_vs_pe_${engine})`,
];

/** What common errnos mean for one verb. The kernel sends no text with them, and ENOENT alone has three meanings. */
const BY_VERB: Partial<Record<Verb, Readonly<Record<string, Meaning>>>> = {
  addService: {
    EEXIST: [
      'ERR_IPVS_SERVICE_EXISTS',
      ({ service }) => `the service ${service ?? ''} exists already; set or update it instead`,
    ],
    EINVAL: ['ERR_IPVS_INVALID', () => 'the kernel refused its values'],
  },
  setService: { EINVAL: ['ERR_IPVS_INVALID', () => 'the kernel refused its values'] },
  addDestination: {
    EEXIST: [
      'ERR_IPVS_DESTINATION_EXISTS',
      ({ service, destination }) =>
        `the service ${service ?? ''} has the destination ${destination ?? ''} already; set or update it instead`,
    ],
    EINVAL: ['ERR_IPVS_INVALID', newDestinationRefused],
  },
  setDestination: {
    ENOENT: ['ERR_IPVS_DESTINATION_NOT_FOUND', noDestination],
    EINVAL: ['ERR_IPVS_INVALID', destinationRefused],
  },
  deleteDestination: { ENOENT: ['ERR_IPVS_DESTINATION_NOT_FOUND', noDestination] },
  startDaemon: {
    EEXIST: ['ERR_IPVS_DAEMON_EXISTS', () => 'such a daemon runs already; stop it first'],
    ENODEV: ['ERR_IPVS_INTERFACE_NOT_FOUND', () => 'this network namespace has no such interface'],
    EINVAL: [
      'ERR_IPVS_INVALID',
      () =>
        'the group is not multicast, or a service has a destination of the other address family, which sync daemons do not allow',
    ],
  },
  stopDaemon: { ESRCH: ['ERR_IPVS_DAEMON_NOT_FOUND', () => 'no such daemon is running'] },
  setTimeouts: { EINVAL: ['ERR_IPVS_INVALID', () => 'a timeout is longer than the kernel can count'] },
};

/** What errnos mean for any verb. */
const ALWAYS: Readonly<Record<string, Meaning>> = {
  ESRCH: noService,
  ERANGE: ['ERR_IPVS_INVALID', () => 'the weight is negative, or the lower threshold is above the upper one'],
  EAFNOSUPPORT: [
    'ERR_IPVS_FAMILY_UNSUPPORTED',
    () => 'the kernel has no such address family; is IPv6 disabled?',
  ],
  ENOPROTOOPT: ['ERR_IPVS_MODULE_LEAVING', () => 'the module ip_vs is being unloaded'],
};

/** Every line of both tables, for docs/errors.md: verb (undefined: any), errno, code, and the sentence about `call`. */
export function everyMeaning(
  call: Call,
): (readonly [verb: Verb | undefined, errno: string, code: IpvsErrorCode, sentence: string])[] {
  const lines = (
    verb: Verb | undefined,
    table: Readonly<Record<string, Meaning>>,
  ): ReturnType<typeof everyMeaning> =>
    Object.entries(table).map(([errno, [code, sentence]]) => [verb, errno, code, sentence(call)]);
  return [
    ...Object.entries(BY_VERB).flatMap(([verb, table]) => lines(verb as Verb, table)),
    ...lines(undefined, ALWAYS),
  ];
}

function noDestination({ service = '', destination = '' }: Call): string {
  return `the service ${service} has no destination ${destination}; add it first, or list what there is`;
}

function destinationRefused({ destination = '' }: Call): string {
  return `the address of ${destination} is not a unicast or local one here, or it is of the other address family and is not a tunnel, or a sync daemon runs beside it`;
}

/** The kernel checks the address of new destinations only, and needs an address in the namespace for IPv4 ones only. */
function newDestinationRefused(call: Call): string {
  const refused = destinationRefused(call);
  return call.destination?.startsWith('[') === true
    ? refused
    : `${refused}, or the network namespace has no address at all (run: ip link set lo up)`;
}

/** The IpvsError for the error of a call. Errors that are not netlink's are returned unchanged. */
export function explain(call: Call, error: unknown): unknown {
  if (!NetlinkError.is(error)) return error;
  if (error.code === 'ERR_NETLINK_CLOSED')
    return make(call, 'ERR_IPVS_CLOSED', 'the client is closed', error);
  if (error.code === 'ERR_NETLINK_KERNEL' && error.errnoName === 'EPERM') return permissionError(call, error);
  if (error.code !== 'ERR_NETLINK_KERNEL') return make(call, 'ERR_IPVS_NETLINK', error.message, error);
  const [code, sentence] = meaning(call, error.errnoName ?? '');
  return make(call, code, sentence(call), error);
}

function meaning(call: Call, errnoName: string): Meaning {
  const own = BY_VERB[call.verb]?.[errnoName] ?? ALWAYS[errnoName];
  if (own !== undefined) return own;
  if (errnoName === 'ENOENT' && call.scheduler !== undefined) {
    return call.engine === undefined ? unknownScheduler : unknownSchedulerOrEngine;
  }
  return ['ERR_IPVS_KERNEL', () => 'the kernel refused'];
}

/** ERR_IPVS_PERMISSION or ERR_IPVS_USER_NAMESPACE. */
function permissionError(
  call: Pick<Call, 'words' | 'service' | 'destination'>,
  error: NetlinkError,
): IpvsError {
  return permissionProblem() === 'user-namespace'
    ? make(
        call,
        'ERR_IPVS_USER_NAMESPACE',
        'CAP_NET_ADMIN in a user namespace (a rootless container) is not enough: IPVS wants it in the initial user namespace; run it there, with the network namespace of the container',
        error,
      )
    : make(
        call,
        'ERR_IPVS_PERMISSION',
        'this needs CAP_NET_ADMIN; run it as root, or give it that capability',
        error,
      );
}

function make(
  call: Pick<Call, 'words' | 'service' | 'destination'>,
  code: IpvsErrorCode,
  sentence: string,
  error: NetlinkError,
): IpvsError {
  const kernel =
    error.errno === undefined || error.code !== 'ERR_NETLINK_KERNEL'
      ? ''
      : ` (${error.errnoName ?? ''}: ${errnoText(error.errno)})`;
  return new IpvsError(code, `cannot ${call.words}: ${sentence}${kernel}`, {
    operation: call.words,
    service: call.service,
    destination: call.destination,
    errno: error.errno,
    cause: error,
  });
}

/** Whether the kernel took a request and sent no answer. */
export function isUnanswered(error: unknown): boolean {
  return (
    IpvsError.is(error, 'ERR_IPVS_NETLINK') &&
    (error.cause as { code?: unknown } | undefined)?.code === 'ERR_NETLINK_NO_ANSWER'
  );
}
