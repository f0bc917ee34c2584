import type { Family, NetlinkError, Request } from '@ipvs-ts/netlink';
import type { Call } from '../calls/call.js';

/** The netlink request of a call. */
export function toRequest(family: Family, { operation, values, read, encoded }: Call): Request {
  return {
    family,
    operation: operation as Request['operation'],
    values,
    read: read as Request['read'],
    encoded,
  };
}

/** The errno of a family number that is out of date, and of much else. */
export const ENOENT = 2;

/**
 * Whether an error can mean that the family's number is out of date. ENOENT is also the answer for schedulers and
 * destinations that are not there, so only a new look-up can tell.
 */
export function familyMayHaveMoved(error: NetlinkError): boolean {
  return error.code === 'ERR_NETLINK_KERNEL' && error.errno === ENOENT;
}
