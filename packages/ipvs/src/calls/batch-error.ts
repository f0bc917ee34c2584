import { IpvsError, type IpvsErrorCode, type IpvsErrorDetails } from '../errors.js';

/** The outcome of one call of a batch. */
export type BatchResult<T = unknown> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: IpvsError };

/** An {@link IpvsError} of a batch that was aborted between two sends: ERR_IPVS_ABORTED. */
export class BatchError extends IpvsError {
  /** The results of the calls that ran, which were the first ones of the batch. */
  readonly results: readonly BatchResult[];

  constructor(
    message: string,
    { results, ...details }: IpvsErrorDetails & { readonly results: readonly BatchResult[] },
  ) {
    super('ERR_IPVS_ABORTED', message, details);
    this.results = results;
  }

  /** Whether `error` is a BatchError (of any copy of this package), and of `code` if one is passed. */
  static override is(error: unknown, code?: IpvsErrorCode): error is BatchError {
    return IpvsError.is(error, code) && 'results' in error;
  }
}
