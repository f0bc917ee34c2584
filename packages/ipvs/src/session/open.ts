import { ERRNO, NetlinkError, type SocketOptions } from '@ipvs-ts/netlink';
import { IpvsError } from '../errors.js';
import { explain } from '../calls/explain.js';
import { checkChoice, checkOptions, type Checks, wrongType } from '../argument-checks.js';
import type { Call } from '../calls/call.js';

/** Options of opening a client; `Transport` is the type of transport that it accepts instead of a socket. */
export interface OpenOptions<Transport> {
  /** Path of the network namespace to manage, for instance `/run/netns/blue`; the process's own if absent. */
  readonly netns?: SocketOptions['netns'];
  /** A way to another kernel, such as a test double. */
  readonly transport?: Transport | undefined;
  /** With `transport`: the folder to use as `/proc`, for connections, totals and settings. */
  readonly proc?: string | undefined;
  /**
   * Whether to load the module ip_vs if it is not loaded. `true`, the default: by the kernel itself, or with `modprobe`
   * on kernels that do not (5.10). `'kernel'`: without `modprobe`. `false`: never, as in containers.
   */
  readonly autoload?: boolean | 'kernel' | undefined;
  /**
   * Who checks values that can be encoded: the `library`, before anything is sent (the default), or the `kernel`, with
   * its own errors in its own order, for programs that must behave like it.
   */
  readonly checks?: Checks | undefined;
}

/** Throws for unknown options: a misspelt `netns` must not open the host's table. */
export function checkOpenOptions(options: OpenOptions<unknown>): void {
  checkOptions('options', options, ['netns', 'transport', 'proc', 'autoload', 'checks']);
  const { netns, transport, proc, autoload = true, checks = 'library' } = options;
  if (transport !== undefined && !isTransport(transport))
    throw wrongType('options.transport', 'a transport, such as doubleTransport(kernel)', transport);
  for (const [name, value] of Object.entries({ netns, proc }))
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      throw wrongType(`options.${name}`, 'a path', value);
  if (![true, false, 'kernel'].includes(autoload))
    throw wrongType('options.autoload', "true, false or 'kernel'", autoload);
  checkChoice('options.checks', checks, ['library', 'kernel']);
}

function isTransport(value: unknown): boolean {
  const { send, receive, close } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return [send, receive, close].every((each) => typeof each === 'function');
}

/** The operation in errors of opening. */
const OPENING: Pick<Call, 'verb' | 'words'> = { verb: 'info', words: 'open IPVS' };

/** Whether the family look-up failed because the module is missing. */
function isMissing(error: unknown): boolean {
  return NetlinkError.is(error, 'ERR_NETLINK_FAMILY_NOT_FOUND');
}

/** Whether running `modprobe` may help after a family look-up failed. */
export function isModprobeNeeded(
  error: unknown,
  { transport, autoload = true }: OpenOptions<unknown>,
): boolean {
  return isMissing(error) && transport === undefined && autoload === true;
}

/** The IpvsError for a failure to open, which includes why `modprobe` did not help. */
export function openError(
  error: unknown,
  { autoload = true }: Pick<OpenOptions<unknown>, 'autoload'>,
  modprobe?: string,
): unknown {
  if (!isMissing(error)) return explain(OPENING as Call, error);
  const tried =
    autoload === false
      ? 'its module was not to be loaded (autoload: false); load it on the host: modprobe ip_vs'
      : `loading the module ip_vs did not help${modprobe === undefined ? '' : ` (${modprobe})`}; install a kernel that has it`;
  return new IpvsError(
    'ERR_IPVS_UNAVAILABLE',
    `cannot open IPVS: the kernel has no IP virtual server support, and ${tried}`,
    {
      operation: OPENING.words,
      errno: ERRNO.ENOENT,
      cause: error,
    },
  );
}

/** The program that loads modules, and its arguments. */
export const MODPROBE = { file: '/sbin/modprobe', args: ['-q', '--', 'ip_vs'] } as const;
