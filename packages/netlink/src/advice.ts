/** The cause of an error and what to do about it, in text for people. */
export interface Advice {
  /** Why it happens. */
  readonly cause: string;
  /** What to do next. */
  readonly fix: string;
}

/** The advice for each code of `NetlinkError`; docs/errors.md is made from it. */
export const NETLINK_ADVICE = {
  ERR_NETLINK_KERNEL: {
    cause: 'The kernel answered the request with an errno; `extack` has its message, if it sent one.',
    fix: 'Check `errnoName`; its meaning depends on the operation.',
  },
  ERR_NETLINK_MALFORMED: {
    cause: 'The bytes are not valid netlink: a wrong length, or an attribute too short for its type.',
    fix: 'Kernels do not send such bytes: check the test double or the recording that sent them. If they came from a real kernel, report it with a trace (`DEBUG=ipvs-ts:netlink`).',
  },
  ERR_NETLINK_TRUNCATED: {
    cause: 'A datagram was larger than the receive buffer, and the rest of it is lost.',
    fix: 'Read again. If it happens again, report it with the kernel version.',
  },
  ERR_NETLINK_OVERRUN: {
    cause:
      "The socket's receive buffer overflowed and answers were lost. The kernel still executed the requests.",
    fix: 'Read the state again before sending anything twice.',
  },
  ERR_NETLINK_NO_ANSWER: {
    cause: 'The kernel has executed the request and will not answer it.',
    fix: 'Read the state to see what the request did.',
  },
  ERR_NETLINK_DUMP_INTERRUPTED: {
    cause: 'The table changed while it was listed, and the kernel reported it.',
    fix: 'Read again.',
  },
  ERR_NETLINK_FAMILY_NOT_FOUND: {
    cause: 'The kernel has no such generic-netlink family: its module is not loaded or not installed.',
    fix: 'Load the module that provides it (for IPVS: `modprobe ip_vs`).',
  },
  ERR_NETLINK_SYSCALL: {
    cause: 'A system call on the socket failed; `syscall` and `errnoName` say which one and why.',
    fix: 'EMFILE: too many open files. EPERM or EACCES: a sandbox forbids the call. ENOBUFS: too little memory.',
  },
  ERR_NETLINK_NETNS: {
    cause:
      'The network namespace could not be entered: the file does not exist, it is not a namespace, or the process lacks the privilege.',
    fix: 'Check the path (`ip netns list`; `/run/netns/NAME` or `/proc/PID/ns/net`). Entering one needs CAP_SYS_ADMIN.',
  },
  ERR_NETLINK_PLATFORM: {
    cause: 'This system is not Linux and has no netlink.',
    fix: 'Run it on Linux. The codec and the test doubles of `testing` work on any system.',
  },
  ERR_NETLINK_NO_FFI: {
    cause:
      'The native library koffi could not be loaded: it was not installed, has no binary for this machine, or Node forbids add-ons.',
    fix: 'Install again without `--omit=optional`. With `--permission`, add `--allow-addons`. `cause` has the message of the loader.',
  },
  ERR_NETLINK_CLOSED: {
    cause: 'The client was closed before the request was answered.',
    fix: 'Await pending calls before closing, or treat this error as their end.',
  },
} satisfies Readonly<Record<string, Advice>>;
