import { type Decoded, NetlinkError } from '@ipvs-ts/netlink';
import type { Messages } from '@ipvs-ts/netlink/testing';
import { MESSAGE } from '../schema/message.js';

/** One request to an {@link IpvsKernel}. */
export interface LoggedRequest {
  /** The kernel's name of the operation, such as `NEW_SERVICE` or `GETFAMILY`; undefined for one that does not exist. */
  readonly operation: string | undefined;
  readonly mode: 'do' | 'dump';
  readonly flags: number;
  readonly seq: number;
  /** The attributes by the names of the schema; undefined where it is not a request to IPVS or cannot be read. */
  readonly values: Decoded<(typeof MESSAGE)['attributes']> | undefined;
  /** The errno of the answer, 0 for success. */
  readonly errno: number;
  readonly bytes: Uint8Array;
}

/** The attributes of a request to IPVS. */
export function valuesOf({ view, start, end }: Messages): LoggedRequest['values'] {
  try {
    return MESSAGE.reader()
      .load(view, start + 4, end)
      .decode();
  } catch (error) {
    if (NetlinkError.is(error)) return undefined;
    throw error;
  }
}
