import { IpvsError, type IpvsErrorCode, type IpvsErrorDetails } from '../errors.js';
import type { Change } from './change.js';

/** The outcome of one change of a plan. */
export type ChangeResult =
  | { readonly change: Change; readonly outcome: 'done' }
  /**
   * Another writer changed the table first: the rest was planned again, and the changes that were still needed follow
   * in the list.
   */
  | { readonly change: Change; readonly outcome: 'moved'; readonly error: IpvsError }
  | { readonly change: Change; readonly outcome: 'failed'; readonly error: IpvsError }
  /** Not sent: the plan was aborted, or a change that it depends on failed. `reason` says which. */
  | { readonly change: Change; readonly outcome: 'unsent'; readonly reason: string };

/** An {@link IpvsError} of applying a plan: ERR_IPVS_APPLY_FAILED, or ERR_IPVS_ABORTED. */
export class ApplyError extends IpvsError {
  /** The outcome of each change. */
  readonly changes: readonly ChangeResult[];
  /** Whether applying again can succeed. False: the kernel rejects a change whenever it is sent. */
  readonly isRetryable: boolean;

  constructor(
    code: 'ERR_IPVS_APPLY_FAILED' | 'ERR_IPVS_ABORTED',
    message: string,
    { changes, isRetryable, ...details }: IpvsErrorDetails & Pick<ApplyError, 'changes' | 'isRetryable'>,
  ) {
    super(code, message, details);
    this.changes = changes;
    this.isRetryable = isRetryable;
  }

  /** Whether `error` is an ApplyError (of any copy of this package), and of `code` if one is passed. */
  static override is(error: unknown, code?: IpvsErrorCode): error is ApplyError {
    return IpvsError.is(error, code) && 'changes' in error;
  }
}
