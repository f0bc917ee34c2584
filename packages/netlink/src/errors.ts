import type { NETLINK_ADVICE } from './advice.js';
import { errnoName, errnoText } from './errno.js';

/**
 * What can go wrong in netlink, stable across releases: match on these, never on messages. `NETLINK_ADVICE` has the cause
 * and the fix of each.
 */
export type NetlinkErrorCode = keyof typeof NETLINK_ADVICE;

/** The details of a {@link NetlinkError}. */
export interface NetlinkErrorDetails {
  /** Positive Linux errno, where the kernel or a system call gave one. */
  readonly errno?: number;
  /** The system call that failed. */
  readonly syscall?: string;
  /** The kernel's own words (extended acknowledgement), where it sent any. */
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

/** Every failure of this package that is not a mistake in an argument (those are `TypeError` and `RangeError`). */
export class NetlinkError extends Error {
  override readonly name = 'NetlinkError';
  readonly code: NetlinkErrorCode;
  readonly errno: number | undefined;
  /** `ENOENT` and the like, where there is an errno. */
  readonly errnoName: string | undefined;
  readonly syscall: string | undefined;
  readonly extack: ExtendedAck | undefined;

  constructor(code: NetlinkErrorCode, message: string, details: NetlinkErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.errno = details.errno;
    this.errnoName = details.errno === undefined ? undefined : errnoName(details.errno);
    this.syscall = details.syscall;
    this.extack = details.extack;
  }

  static {
    // Errors of every copy of this package carry the mark; on the prototype it does not show when they are printed.
    Object.defineProperty(this.prototype, BRAND, { value: true });
  }

  /** Whether `error` is a NetlinkError (of any copy of this package), and of `code` if one is given. */
  static is(error: unknown, code?: NetlinkErrorCode): error is NetlinkError {
    return (
      error instanceof Error &&
      BRAND in error &&
      (code === undefined || (error as unknown as NetlinkError).code === code)
    );
  }
}

/**
 * A failure as a fact, before anybody asks for the error that reports it: a batch may have thousands, and an error,
 * with its stack, costs a hundred times as much.
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

/** Says that `what` is closed. */
export function closedError(what: string): NetlinkError {
  return new NetlinkError('ERR_NETLINK_CLOSED', `the ${what} is closed`);
}

/** Bytes that break the rules of netlink; `what` says which rule. */
export function malformed(what: string): NetlinkError {
  return new NetlinkError('ERR_NETLINK_MALFORMED', `malformed netlink data: ${what}`);
}

/** The kernel's answer `errno` to a request. */
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

/** A system call that returned `-errno`. */
export function syscallError(syscall: string, errno: number): NetlinkError {
  return new NetlinkError('ERR_NETLINK_SYSCALL', `${syscall}: ${errnoName(errno)} (${errnoText(errno)})`, {
    errno,
    syscall,
  });
}
