/** The errnos that the kernel's netlink code and IPVS answer with. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ERANGE: 34,
  ENODATA: 61,
  EOPNOTSUPP: 95,
  EAFNOSUPPORT: 97,
} as const;
