import { argumentsOf } from './argument-checks.js';
import type { NETLINK_ADVICE } from './advice.js';
import { errnoName, errnoText } from './errno.js';

/**
 * The error codes of this package, stable across releases: match on these, never on messages. `NETLINK_ADVICE` has the
 * cause and the fix of each.
 */
export type NetlinkErrorCode = keyof typeof NETLINK_ADVICE;

/** The details of a {@link NetlinkError}. */
export interface NetlinkErrorDetails {
  /** Positive Linux errno, if the kernel or a system call returned one. */
  readonly errno?: number;
  /** The system call that failed. */
  readonly syscall?: string;
  /** The kernel's own text (extended acknowledgement), if it sent one. */
  readonly extack?: ExtendedAck;
  readonly cause?: unknown;
}

/** What NETLINK_EXT_ACK adds to an error (Linux 4.12). */
export interface ExtendedAck {
  readonly message?: string;
  /** Offset of the offending attribute from the first byte of the request. */
  readonly offset?: number;
}

const BRAND = Symbol.for('ipvs-ts.NetlinkError');

/** Every error of this package except mistakes in arguments, which are `TypeError` and `RangeError`. */
export class NetlinkError extends Error {
  override readonly name = 'NetlinkError';
  readonly code: NetlinkErrorCode;
  readonly errno: number | undefined;
  /** `ENOENT` and the like, if there is an errno. */
  readonly errnoName: string | undefined;
  readonly syscall: string | undefined;
  readonly extack: ExtendedAck | undefined;

  constructor(code: NetlinkErrorCode, message: string, details: NetlinkErrorDetails = {}) {
    argumentsOf.is('message', message, 'text');
    argumentsOf.is('details', details, 'object');
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.errno = details.errno;
    this.errnoName = details.errno === undefined ? undefined : errnoName(details.errno);
    this.syscall = details.syscall;
    this.extack = details.extack;
  }

  static {
    // Errors of every copy of this package have this mark. On the prototype, it is not printed with them.
    Object.defineProperty(this.prototype, BRAND, { value: true });
  }

  /** Whether `error` is a NetlinkError (of any copy of this package) and, if `code` is present, has that code. */
  static is(error: unknown, code?: NetlinkErrorCode): error is NetlinkError {
    return (
      error instanceof Error &&
      BRAND in error &&
      (code === undefined || (error as unknown as NetlinkError).code === code)
    );
  }
}

/**
 * A failure without an `Error`: a batch may have thousands, and an `Error` with its stack costs a hundred times as
 * much.
 */
export interface Failure {
  readonly code: NetlinkErrorCode;
  readonly errno?: number;
  readonly extack?: ExtendedAck | undefined;
}

const FAILURES: Partial<Record<NetlinkErrorCode, string>> = {
  ERR_NETLINK_OVERRUN:
    'the receive buffer overflowed and answers were lost; the request was executed, its result is not known: read the state again',
  ERR_NETLINK_NO_ANSWER: 'the kernel took the request and gave no answer; none will come',
  ERR_NETLINK_DUMP_INTERRUPTED: 'the dump was disturbed by a change; ask again',
};

/** The error that reports a failure. */
export function failureError({ code, errno, extack }: Failure): NetlinkError {
  return errno === undefined ? new NetlinkError(code, FAILURES[code] ?? code) : kernelError(errno, extack);
}

/** The error for a call after `what` was closed. */
export function closedError(what: string): NetlinkError {
  return new NetlinkError('ERR_NETLINK_CLOSED', `the ${what} is closed`);
}

/** The error for bytes that break the rules of netlink; `what` says which rule. */
export function malformed(what: string): NetlinkError {
  return new NetlinkError('ERR_NETLINK_MALFORMED', `malformed netlink data: ${what}`);
}

/** The error for the kernel's answer `errno` to a request. */
function kernelError(errno: number, extack?: ExtendedAck): NetlinkError {
  const words = extack?.message === undefined ? '' : `: ${extack.message}`;
  return new NetlinkError(
    'ERR_NETLINK_KERNEL',
    `the kernel answered ${errnoName(errno)} (${errnoText(errno)})${words}`,
    {
      errno,
      ...(extack && { extack }),
    },
  );
}

/** The error for a system call that returned `-errno`. */
export function syscallError(syscall: string, errno: number): NetlinkError {
  return new NetlinkError('ERR_NETLINK_SYSCALL', `${syscall}: ${errnoName(errno)} (${errnoText(errno)})`, {
    errno,
    syscall,
  });
}
