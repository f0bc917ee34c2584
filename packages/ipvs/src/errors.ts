import { errnoName } from '@ipvs-ts/netlink';
import type { IPVS_ADVICE } from './advice.js';

/**
 * What can go wrong with IPVS, stable across releases: match on these, never on messages. `IPVS_ADVICE` has the cause and
 * the fix of each.
 */
export type IpvsErrorCode = Exclude<keyof typeof IPVS_ADVICE, 'ERR_IPVS_ARGUMENT'>;

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
