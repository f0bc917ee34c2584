import type { Advice } from '@ipvs-ts/netlink';

/** The advice for each code of `IpvsError`, and for mistakes in arguments; docs/errors.md is made from it. */
export const IPVS_ADVICE = {
  ERR_IPVS_ARGUMENT: {
    cause:
      'A `TypeError` or `RangeError`: an argument has the wrong type or is out of range. Nothing was sent.',
    fix: 'Correct the argument that `path` names; `allowed` says what it may be.',
  },
  ERR_IPVS_UNAVAILABLE: {
    cause: 'The kernel has no IPVS, and its module could not be loaded or `autoload` is false.',
    fix: 'Load it on the host (`modprobe ip_vs`), or boot a kernel that has it. In a container, load it on the host.',
  },
  ERR_IPVS_PERMISSION: {
    cause: 'The process lacks CAP_NET_ADMIN. Reading needs it too.',
    fix: 'Run it as root, or grant it that capability: [security](security.md) shows three ways.',
  },
  ERR_IPVS_USER_NAMESPACE: {
    cause:
      'The process has CAP_NET_ADMIN in a user namespace only, as in a rootless container. IPVS needs it in the initial one.',
    fix: 'Run it outside, and open the network namespace of the container: `Ipvs.open({ netns })`.',
  },
  ERR_IPVS_SERVICE_EXISTS: {
    cause: 'A service with that key already exists.',
    fix: 'Call `setService` or `updateService`, or declare the desired state and use `plan`.',
  },
  ERR_IPVS_SERVICE_NOT_FOUND: {
    cause:
      'There is no service with that key. Protocol, address, port and firewall mark are all part of the key.',
    fix: 'Add it first, or compare the key with those that `services()` returns.',
  },
  ERR_IPVS_SCHEDULER_NOT_FOUND: {
    cause: 'The kernel has no such scheduler, and no module `ip_vs_NAME` to load.',
    fix: 'Check the spelling; install the module; `features({ probe: true })` lists those that the kernel has.',
  },
  ERR_IPVS_SCHEDULER_OR_ENGINE_NOT_FOUND: {
    cause: 'The kernel lacks the scheduler or the persistence engine; it does not say which.',
    fix: 'Check both names; their modules are `ip_vs_NAME` and `ip_vs_pe_NAME`.',
  },
  ERR_IPVS_DESTINATION_EXISTS: {
    cause: 'The service already has a destination with that address and port.',
    fix: 'Call `setDestination` or `updateDestination`, or declare the desired state and use `plan`.',
  },
  ERR_IPVS_DESTINATION_NOT_FOUND: {
    cause: 'The service exists but has no destination with that address and port.',
    fix: 'Add it first, or compare with what `destinations()` returns.',
  },
  ERR_IPVS_DAEMON_EXISTS: {
    cause: 'A sync daemon in that state is already running.',
    fix: 'Stop it first: the kernel cannot edit a running sync daemon.',
  },
  ERR_IPVS_DAEMON_NOT_FOUND: {
    cause: 'No sync daemon in that state is running.',
    fix: 'Ignore it if the daemon should be stopped.',
  },
  ERR_IPVS_INTERFACE_NOT_FOUND: {
    cause: 'The network namespace has no interface with that name.',
    fix: 'Check `ip link` in that namespace.',
  },
  ERR_IPVS_INVALID: {
    cause:
      'The kernel refused the values (EINVAL, ERANGE); the message says what that may mean for the operation.',
    fix: 'Usual causes: the address of a destination is not unicast; a destination of the other address family does not use tunnel forwarding, or a sync daemon is running; the network namespace is new and has no address (`ip link set lo up`).',
  },
  ERR_IPVS_FAMILY_UNSUPPORTED: {
    cause: 'The kernel does not support the address family: IPv6 is disabled.',
    fix: 'Enable IPv6, or use IPv4 addresses.',
  },
  ERR_IPVS_MODULE_LEAVING: {
    cause: 'The module ip_vs is being unloaded.',
    fix: 'Try again: the next look-up loads the module. All services are gone.',
  },
  ERR_IPVS_KERNEL: {
    cause: 'The kernel refused with an errno that has no specific meaning for the operation.',
    fix: 'Check `errnoName`. ENOMEM: too little memory. EBUSY: a listing is still running.',
  },
  ERR_IPVS_NETLINK: {
    cause: 'Communication with the kernel failed. `cause` is the `NetlinkError`.',
    fix: 'Look up the code of `cause` below.',
  },
  ERR_IPVS_ABORTED: {
    cause: 'A `signal` stopped a batch or a plan between two sends.',
    fix: '`results` or `changes` says what was done. Apply a plan again to finish the work.',
  },
  ERR_IPVS_DOCUMENT: {
    cause: 'A declared state has mistakes. Nothing was sent.',
    fix: 'Correct what `problems` lists: a path and a sentence for each mistake.',
  },
  ERR_IPVS_APPLY_FAILED: {
    cause: 'Not every change of a plan could be made.',
    fix: '`changes` has the outcome of each change, with its error. Fix the cause and apply again.',
  },
  ERR_IPVS_DRAIN_TIMEOUT: {
    cause: 'A destination still had connections when the timeout of its drain ended. It keeps weight 0.',
    fix: 'Drain again to continue, delete it to drop the remaining connections, or set its weight to cancel the drain.',
  },
  ERR_IPVS_LAST_DESTINATION: {
    cause: 'The destination to drain is the last one of its service with weight. Nothing was done.',
    fix: 'Add another first, or set `evenLast: true`.',
  },
  ERR_IPVS_UNSTABLE: {
    cause:
      'A verified reading was requested, and no two readings agreed: other programs keep changing the table.',
    fix: "Try again when fewer changes are made, or read without `consistency: 'verified'`.",
  },
  ERR_IPVS_PROC: {
    cause:
      'A file of /proc could not be read or written: the kernel lacks that setting or refuses the value, or /proc is not mounted or is read-only; or a line of it is not as the kernel writes it.',
    fix: 'The message names the file, and the line where one is malformed. In a container, mount /proc so that the settings are writable, or change them on the host.',
  },
  ERR_IPVS_LISTEN: {
    cause: 'Metrics cannot be served at the address: another program listens there, or no interface has it.',
    fix: 'Choose another address or port; the message has the reason of the kernel.',
  },
  ERR_IPVS_CLOSED: {
    cause: 'The client was closed before the call was answered.',
    fix: 'Await pending calls before closing, or treat this error as their end.',
  },
} satisfies Readonly<Record<string, Advice>>;
