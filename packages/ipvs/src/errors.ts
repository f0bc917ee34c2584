import { errnoName } from '@ipvs-ts/netlink';

/** What can go wrong with IPVS, stable across releases: match on these, never on messages. */
export type IpvsErrorCode =
  /** The kernel has no IPVS, and loading its module did not help or was not wanted. */
  | 'ERR_IPVS_UNAVAILABLE'
  /** The process lacks CAP_NET_ADMIN. */
  | 'ERR_IPVS_PERMISSION'
  /** The process has CAP_NET_ADMIN in a user namespace only, as in a rootless container: not enough for IPVS. */
  | 'ERR_IPVS_USER_NAMESPACE'
  | 'ERR_IPVS_SERVICE_EXISTS'
  | 'ERR_IPVS_SERVICE_NOT_FOUND'
  | 'ERR_IPVS_SCHEDULER_NOT_FOUND'
  /** The kernel does not tell which of the two it lacks. */
  | 'ERR_IPVS_SCHEDULER_OR_ENGINE_NOT_FOUND'
  | 'ERR_IPVS_DESTINATION_EXISTS'
  | 'ERR_IPVS_DESTINATION_NOT_FOUND'
  | 'ERR_IPVS_DAEMON_EXISTS'
  | 'ERR_IPVS_DAEMON_NOT_FOUND'
  | 'ERR_IPVS_INTERFACE_NOT_FOUND'
  /** The kernel refused the values (EINVAL, ERANGE). */
  | 'ERR_IPVS_INVALID'
  /** The address family is not there: IPv6 is disabled. */
  | 'ERR_IPVS_FAMILY_UNSUPPORTED'
  /** The module is being unloaded. */
  | 'ERR_IPVS_MODULE_LEAVING'
  /** Any other errno of the kernel. */
  | 'ERR_IPVS_KERNEL'
  /** The way to the kernel failed; `cause` is the NetlinkError. */
  | 'ERR_IPVS_NETLINK'
  /** A batch or a plan was aborted between two sends; `results` or `changes` has what ran. */
  | 'ERR_IPVS_ABORTED'
  /** A desired state has mistakes; `problems` of the `DocumentError` has all of them, and nothing was sent. */
  | 'ERR_IPVS_DOCUMENT'
  /** Not every change of a plan could be made; `changes` has what became of each. */
  | 'ERR_IPVS_APPLY_FAILED'
  /** A destination still had connections when the time for draining it was over. It keeps weight 0. */
  | 'ERR_IPVS_DRAIN_TIMEOUT'
  /** The destination to be drained is the last of its service with weight; nothing was done. */
  | 'ERR_IPVS_LAST_DESTINATION'
  /** The table changed each time it was read, so that no two readings agreed. */
  | 'ERR_IPVS_UNSTABLE'
  /** A file of /proc could not be read or written. */
  | 'ERR_IPVS_PROC'
  /** The client was closed before the call was answered. */
  | 'ERR_IPVS_CLOSED';

/** The details of an {@link IpvsError}. */
export interface IpvsErrorDetails {
  /** What was tried, in words: `add service tcp:192.0.2.10:443`. */
  readonly operation: string;
  readonly service?: string | undefined;
  readonly destination?: string | undefined;
  readonly errno?: number | undefined;
  readonly cause?: unknown;
}

const BRAND = Symbol.for('ipvs-ts.IpvsError');

/** Every failure of this package that is not a mistake in an argument (those are `TypeError` and `RangeError`). */
export class IpvsError extends Error {
  override readonly name = 'IpvsError';
  readonly code: IpvsErrorCode;
  /** What was tried, in words: `add service tcp:192.0.2.10:443`. */
  readonly operation: string;
  /** The service that it was about, as text. */
  readonly service: string | undefined;
  /** The destination that it was about, as text. */
  readonly destination: string | undefined;
  /** Positive Linux errno, where the kernel gave one. */
  readonly errno: number | undefined;
  /** `ENOENT` and the like, where there is an errno. */
  readonly errnoName: string | undefined;

  constructor(code: IpvsErrorCode, message: string, details: IpvsErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.operation = details.operation;
    this.service = details.service;
    this.destination = details.destination;
    this.errno = details.errno;
    this.errnoName = details.errno === undefined ? undefined : errnoName(details.errno);
  }

  static {
    // Errors of every copy of this package carry the mark; on the prototype it does not show when they are printed.
    Object.defineProperty(this.prototype, BRAND, { value: true });
  }

  /** Whether `error` is an IpvsError (of any copy of this package), and of `code` if one is given. */
  static is(error: unknown, code?: IpvsErrorCode): error is IpvsError {
    return (
      error instanceof Error &&
      BRAND in error &&
      (code === undefined || (error as unknown as IpvsError).code === code)
    );
  }
}
