import type { NetlinkErrorCode } from './errors.js';

/** Why an error comes, and what to do about it, in words for people. */
export interface Advice {
  /** Why it comes. */
  readonly cause: string;
  /** What to do next. */
  readonly cure: string;
}

/** The advice for each code of `NetlinkError`; docs/errors.md is made of it. */
export const NETLINK_ADVICE: Readonly<Record<NetlinkErrorCode, Advice>> = {
  ERR_NETLINK_KERNEL: {
    cause: 'The kernel answered the request with an errno; `extack` has its own words, where it sent any.',
    cure: 'Look at `errnoName`: what it means depends on the operation.',
  },
  ERR_NETLINK_MALFORMED: {
    cause: 'Bytes that break the rules of netlink: a wrong length, an attribute too short for its kind.',
    cure: 'Kernels do not send such bytes. Look at what stands between: a double, a recording. From a real kernel, report it with a trace (`DEBUG=ipvs-ts:netlink`).',
  },
  ERR_NETLINK_TRUNCATED: {
    cause: 'A datagram was larger than the receive buffer, and its rest is lost.',
    cure: 'Read again. If it stays, report it with the version of the kernel.',
  },
  ERR_NETLINK_OVERRUN: {
    cause:
      "The socket's receive buffer overflowed: answers are lost. The requests were executed all the same.",
    cure: 'Read the state again before sending anything twice.',
  },
  ERR_NETLINK_NO_ANSWER: {
    cause: 'The kernel has executed the request, and will not answer it.',
    cure: 'Read the state to see what came of it.',
  },
  ERR_NETLINK_DUMP_INTERRUPTED: {
    cause: 'The table changed while it was listed, and the kernel said so.',
    cure: 'Ask again.',
  },
  ERR_NETLINK_FAMILY_NOT_FOUND: {
    cause: 'The kernel has no such generic-netlink family: its module is not loaded, or not there.',
    cure: 'Load the module that has it (for IPVS: `modprobe ip_vs`).',
  },
  ERR_NETLINK_SYSCALL: {
    cause: 'A system call on the socket failed; `syscall` and `errnoName` say which, and how.',
    cure: 'Mend what the errno names: EMFILE is too many open files, EPERM or EACCES a sandbox that forbids the call, ENOBUFS too little memory.',
  },
  ERR_NETLINK_NETNS: {
    cause:
      'The network namespace could not be entered: there is no such file, it is none, or the privilege is missing.',
    cure: 'Check the path (`ip netns list`; `/run/netns/NAME` or `/proc/PID/ns/net`). Entering needs CAP_SYS_ADMIN.',
  },
  ERR_NETLINK_PLATFORM: {
    cause: 'This is not Linux: there is no netlink here.',
    cure: 'Run it on Linux. The codec and the doubles of `testing` work anywhere.',
  },
  ERR_NETLINK_NO_FFI: {
    cause:
      'The native library koffi could not be loaded: it was not installed, has no binary for this machine, or Node forbids add-ons.',
    cure: 'Install again without `--omit=optional`. Under `--permission`, give `--allow-addons`. `cause` has what the loader said.',
  },
  ERR_NETLINK_CLOSED: {
    cause: 'The client was closed before the request was answered.',
    cure: 'Wait for what is under way before closing, or take the error as the end of it.',
  },
};
