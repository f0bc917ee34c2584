/** Numbers of `linux/netlink.h` and `linux/genetlink.h`, under their kernel names. */

/** `nlmsg_flags` of a request, a reply and a control message. */
export const NLM_F = {
  /** Without this flag the kernel executes nothing but still acknowledges success. */
  REQUEST: 0x1,
  /** More messages of the same answer follow, up to NLMSG_DONE. */
  MULTI: 0x2,
  /** Asks for an acknowledgement. */
  ACK: 0x4,
  ECHO: 0x8,
  /** The dump was interrupted by a change. Not every family sets it: IPVS never does. */
  DUMP_INTR: 0x10,
  ROOT: 0x100,
  MATCH: 0x200,
  /** Both bits are needed: one alone is an ordinary "do". */
  DUMP: 0x300,
  /** On NLMSG_ERROR: only the header of the request is echoed. */
  CAPPED: 0x100,
  /** On NLMSG_ERROR and NLMSG_DONE: extended-acknowledgement attributes follow. */
  ACK_TLVS: 0x200,
} as const;

/** Control message types; everything from `MIN_TYPE` up belongs to a family. */
export const NLMSG = { NOOP: 1, ERROR: 2, DONE: 3, OVERRUN: 4, MIN_TYPE: 16 } as const;

/** Bytes of `struct nlmsghdr`, `struct genlmsghdr` and `struct nlattr`. */
export const HEADER_BYTES = { MESSAGE: 16, GENERIC: 4, ATTRIBUTE: 4 } as const;

/** Offsets in `struct nlmsghdr`. */
export const LENGTH_AT = 0;
export const TYPE_AT = 4;
export const FLAGS_AT = 6;
export const SEQUENCE_AT = 8;
/** Offset of the port id in `struct nlmsghdr`. */
export const PORT_AT = 12;

/** Offsets in `struct genlmsghdr`, from its start. */
export const COMMAND_AT = 0;
export const VERSION_AT = 1;

/** Offset of the type in `struct nlattr`, after the length. */
export const ATTRIBUTE_TYPE_AT = 2;

/** Bytes of the status that an NLMSG_ERROR or NLMSG_DONE message begins with. */
export const STATUS_BYTES = 4;

/** Mask that leaves the number of an attribute: bits 14 and 15 are flags. */
export const ATTRIBUTE_TYPE_MASK = 0x3fff;

/** `nla_type` flag on an attribute that holds attributes. */
export const NLA_F_NESTED = 0x8000;

/** Address and protocol numbers for `socket(2)`. */
export const SOCKET = {
  AF_NETLINK: 16,
  SOCK_RAW: 3,
  SOCK_CLOEXEC: 0o2000000,
  NETLINK_ROUTE: 0,
  NETLINK_GENERIC: 16,
} as const;

/** Socket option levels and numbers. */
export const SOCKET_OPTION = {
  SOL_SOCKET: 1,
  SO_SNDBUF: 7,
  SO_RCVBUF: 8,
  /** Like SO_RCVBUF without the limit net.core.rmem_max; needs CAP_NET_ADMIN. */
  SO_RCVBUFFORCE: 33,
  SOL_NETLINK: 270,
  /** An error echoes only the header of its request (Linux 4.3). */
  NETLINK_CAP_ACK: 10,
  /** Errors may carry a text and the offset of the offending attribute (Linux 4.12). */
  NETLINK_EXT_ACK: 11,
} as const;

/** `recv(2)` flags. */
export const MSG = { DONTWAIT: 0x40, TRUNC: 0x20 } as const;

/** `CLONE_NEWNET` and `open(2)` flags, to enter a network namespace. */
export const CLONE_NEWNET = 0x40000000;
export const OPEN = { RDONLY: 0, WRONLY: 1, CLOEXEC: 0o2000000 } as const;

/** `ioctl(2)` that returns a descriptor of the network namespace of a socket (Linux 4.10). Needs CAP_NET_ADMIN. */
export const SIOCGSKNS = 0x894c;
