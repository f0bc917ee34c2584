import { ERRNO } from '../errno.js';
import { NetlinkError } from '../errors.js';
import { type Request, request } from './exchange.js';
import { type Family, operation } from './generic.js';
import { u16, u32 } from '../schema/codec.js';
import { attribute, list, type ReaderOf } from '../schema/definition.js';
import { attributeSet } from '../schema/attribute-set.js';
import { zstring } from '../schema/string.js';

/** `CTRL_ATTR_OP_*`: an operation of a family. */
const FAMILY_OPERATION = attributeSet('family-operation', {
  id: attribute(1, 'ID', u32, 'command number'),
  flags: attribute(2, 'FLAGS', u32, '1 admin, 2 do, 4 dump, 8 has a policy, 16 user-namespace admin'),
});

/** `CTRL_ATTR_MCAST_GRP_*`: a multicast group of a family. */
const MULTICAST_GROUP = attributeSet('multicast-group', {
  name: attribute(1, 'NAME', zstring(64), 'name of the group'),
  id: attribute(2, 'ID', u32, 'number to join'),
});

/** `CTRL_ATTR_*`: a family. */
export const FAMILY = attributeSet('family', {
  id: attribute(1, 'FAMILY_ID', u16, 'message type of the family'),
  name: attribute(2, 'FAMILY_NAME', zstring(15), 'name, at most 15 characters'),
  version: attribute(3, 'VERSION', u32, 'version of the family'),
  headerSize: attribute(4, 'HDRSIZE', u32, 'bytes of the family header, 0 for most'),
  maxAttribute: attribute(5, 'MAXATTR', u32, 'highest top-level attribute'),
  operations: attribute(6, 'OPS', list(FAMILY_OPERATION), 'operations'),
  multicastGroups: attribute(7, 'MCAST_GROUPS', list(MULTICAST_GROUP), 'multicast groups'),
});

/** The controller: the one family whose number is fixed. */
export const CONTROLLER: Family = { name: 'nlctrl', id: 16, version: 1 };

const reply = { command: 1, attributes: FAMILY } as const;

/** Looks up one family by name. Makes the kernel load the module of a family that it does not have yet. */
export const GETFAMILY = operation({
  name: 'GETFAMILY',
  command: 3,
  mode: 'do',
  slow: true,
  request: FAMILY,
  reply,
  doc: 'look up a family by name or number; loads its module',
});

/** Lists the families that the kernel has loaded. Loads nothing. */
export const DUMPFAMILIES = operation({
  ...GETFAMILY,
  mode: 'dump',
  slow: false,
  doc: 'list the families; loads nothing',
});

/** Reads a GETFAMILY reply. */
export function readFamily(reader: ReaderOf<(typeof FAMILY)['attributes']>): Family {
  return { id: reader.need('id'), name: reader.need('name'), version: reader.need('version') };
}

/** The request that looks up a family, which makes the kernel load its module. */
export function familyRequest(name: string): Request<Family> {
  return request(CONTROLLER, GETFAMILY, { name }, readFamily);
}

/** The request that lists the families, which loads nothing. */
export function familiesRequest(): Request<Family> {
  return request(CONTROLLER, DUMPFAMILIES, {}, readFamily);
}

/** ERR_NETLINK_FAMILY_NOT_FOUND for the kernel's ENOENT; other errors unchanged. */
export function familyError(name: string, error: unknown): unknown {
  if (!NetlinkError.is(error, 'ERR_NETLINK_KERNEL') || error.errno !== ERRNO.ENOENT) return error;
  return familyNotFound(name, error);
}

/** The error for a family that the kernel does not have. */
export function familyNotFound(name: string, cause?: unknown): NetlinkError {
  return new NetlinkError(
    'ERR_NETLINK_FAMILY_NOT_FOUND',
    `the kernel has no generic netlink family ${name}`,
    {
      errno: ERRNO.ENOENT,
      ...(cause !== undefined && { cause }),
    },
  );
}
