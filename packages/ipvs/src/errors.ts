import { errnoName } from '@ipvs-ts/netlink';
import type { IPVS_ADVICE } from './advice.js';

/**
 * The error codes of this package, stable across releases: match on these, never on messages. `IPVS_ADVICE` has the
 * cause and the fix of each.
 */
export type IpvsErrorCode = Exclude<keyof typeof IPVS_ADVICE, 'ERR_IPVS_ARGUMENT'>;

/** The details of an {@link IpvsError}. */
export interface IpvsErrorDetails {
  /** The operation that failed, as text: `add service tcp:192.0.2.10:443`. */
  readonly operation: string;
  readonly service?: string | undefined;
  readonly destination?: string | undefined;
  readonly errno?: number | undefined;
  readonly cause?: unknown;
}

const BRAND = Symbol.for('ipvs-ts.IpvsError');

/** Every error of this package except mistakes in arguments, which are `TypeError` and `RangeError`. */
export class IpvsError extends Error {
  override readonly name = 'IpvsError';
  readonly code: IpvsErrorCode;
  /** The operation that failed, as text: `add service tcp:192.0.2.10:443`. */
  readonly operation: string;
  /** The service concerned, as text. */
  readonly service: string | undefined;
  /** The destination concerned, as text. */
  readonly destination: string | undefined;
  /** Positive Linux errno, if the kernel returned one. */
  readonly errno: number | undefined;
  /** `ENOENT` and the like, if there is an errno. */
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
    // Errors of every copy of this package have this mark. On the prototype, it is not printed with them.
    Object.defineProperty(this.prototype, BRAND, { value: true });
  }

  /** Whether `error` is an IpvsError (of any copy of this package) and, if `code` is present, has that code. */
  static is(error: unknown, code?: IpvsErrorCode): error is IpvsError {
    return (
      error instanceof Error &&
      BRAND in error &&
      (code === undefined || (error as unknown as IpvsError).code === code)
    );
  }
}
