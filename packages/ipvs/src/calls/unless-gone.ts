import { IpvsError } from '../errors.js';
import type { Procedure } from './procedure.js';

/** What `work` gives; undefined if its service is not there, or no longer. */
export function* unlessGone<T>(work: Procedure<T>): Procedure<T | undefined> {
  try {
    return yield* work;
  } catch (error) {
    if (IpvsError.is(error, 'ERR_IPVS_SERVICE_NOT_FOUND')) return undefined;
    throw error;
  }
}
