import type { Advice } from '@ipvs-ts/netlink';
import type { ArgumentErrorDetails } from './argument-checks.js';
import type { IpvsErrorCode } from './errors.js';

/** The advice for each code of `IpvsError`, and for mistakes in arguments; docs/errors.md is made of it. */
export const IPVS_ADVICE: Readonly<Record<IpvsErrorCode | ArgumentErrorDetails['code'], Advice>> = {
  ERR_IPVS_ARGUMENT: {
    cause: 'A `TypeError` or `RangeError`: an argument is not what it may be. Nothing was sent.',
    cure: 'Mend the argument that `path` names; `allowed` says what it may be.',
  },
  ERR_IPVS_UNAVAILABLE: {
    cause: 'The kernel has no IPVS, and loading its module did not help or was not wanted.',
    cure: 'Load it on the host (`modprobe ip_vs`), or boot a kernel that has it. In a container the host has to do it.',
  },
  ERR_IPVS_PERMISSION: {
    cause: 'The process lacks CAP_NET_ADMIN. Reading needs it too.',
    cure: 'Run it as root, or give it that capability: [security](security.md) has three ways.',
  },
  ERR_IPVS_USER_NAMESPACE: {
    cause:
      'The process has CAP_NET_ADMIN in a user namespace only, as in a rootless container. IPVS wants it in the initial one.',
    cure: 'Run it outside, and open the network namespace of the container: `Ipvs.open({ netns })`.',
  },
  ERR_IPVS_SERVICE_EXISTS: {
    cause: 'A service of that key is there already.',
    cure: '`setService` or `updateService`, or declare what should be and `plan`.',
  },
  ERR_IPVS_SERVICE_NOT_FOUND: {
    cause: 'There is no service of that key. Protocol, address, port and firewall mark all belong to it.',
    cure: 'Add it first, or look at `services()` for how its key is spelled.',
  },
  ERR_IPVS_SCHEDULER_NOT_FOUND: {
    cause: 'The kernel has no such scheduler, and no module `ip_vs_NAME` to load.',
    cure: 'Check the spelling; install the module; `features({ probe: true })` tells which there are.',
  },
  ERR_IPVS_SCHEDULER_OR_ENGINE_NOT_FOUND: {
    cause: 'The kernel lacks the scheduler or the persistence engine; it does not tell which.',
    cure: 'Check both names; their modules are `ip_vs_NAME` and `ip_vs_pe_NAME`.',
  },
  ERR_IPVS_DESTINATION_EXISTS: {
    cause: 'The service has a destination of that address and port already.',
    cure: '`setDestination` or `updateDestination`, or declare what should be and `plan`.',
  },
  ERR_IPVS_DESTINATION_NOT_FOUND: {
    cause: 'The service is there and has no destination of that address and port.',
    cure: 'Add it first, or look at `destinations()`.',
  },
  ERR_IPVS_DAEMON_EXISTS: {
    cause: 'A sync daemon in that state runs already.',
    cure: 'Stop it first: the kernel cannot edit one.',
  },
  ERR_IPVS_DAEMON_NOT_FOUND: {
    cause: 'No sync daemon in that state is running.',
    cure: 'Nothing, if it was to be stopped.',
  },
  ERR_IPVS_INTERFACE_NOT_FOUND: {
    cause: 'The network namespace has no interface of that name.',
    cure: 'Check `ip link`, in that namespace.',
  },
  ERR_IPVS_INVALID: {
    cause:
      'The kernel refused the values (EINVAL, ERANGE); the message says what that can mean for the operation.',
    cure: 'Most often: the address of a destination is not a unicast one, it is of the other address family and not a tunnel, or a sync daemon runs beside it.',
  },
  ERR_IPVS_FAMILY_UNSUPPORTED: {
    cause: 'The kernel has no such address family: IPv6 is disabled.',
    cure: 'Enable IPv6, or use IPv4 addresses.',
  },
  ERR_IPVS_MODULE_LEAVING: {
    cause: 'The module ip_vs is being unloaded.',
    cure: 'Try again: the next look-up loads it anew. All services are gone.',
  },
  ERR_IPVS_KERNEL: {
    cause: 'The kernel refused with an errno that has no everyday meaning for the operation.',
    cure: 'Look at `errnoName`: ENOMEM is too little memory, EBUSY a listing that is not over.',
  },
  ERR_IPVS_NETLINK: {
    cause: 'The way to the kernel failed. `cause` is the `NetlinkError`.',
    cure: 'See the code of `cause` below.',
  },
  ERR_IPVS_ABORTED: {
    cause: 'A `signal` ended a batch or a plan between two sends.',
    cure: '`results` or `changes` has what ran. Applying a plan again finishes the work.',
  },
  ERR_IPVS_DOCUMENT: {
    cause: 'A declared state has mistakes. Nothing was sent.',
    cure: 'Mend what `problems` lists: a path and a sentence for each mistake.',
  },
  ERR_IPVS_APPLY_FAILED: {
    cause: 'Not every change of a plan could be made.',
    cure: '`changes` has what became of each, with its error. Mend the cause and apply again.',
  },
  ERR_IPVS_DRAIN_TIMEOUT: {
    cause: 'A destination still had connections when the time for draining it was over. It keeps weight 0.',
    cure: 'Drain again to go on; delete it to cut the rest off; set the weight to take it back.',
  },
  ERR_IPVS_LAST_DESTINATION: {
    cause: 'The destination to be drained is the last of its service with weight. Nothing was done.',
    cure: 'Add another first, or say `evenLast: true`.',
  },
  ERR_IPVS_UNSTABLE: {
    cause: 'A reading was to be verified, and no two readings agreed: others change the table all the time.',
    cure: "Try again when there is less change, or read without `consistency: 'verified'`.",
  },
  ERR_IPVS_PROC: {
    cause:
      'A file of /proc could not be read or written: the kernel lacks that setting or refuses the value, or /proc is not mounted or read-only.',
    cure: 'The message names the file. In a container, mount /proc with the settings writable, or set them on the host.',
  },
  ERR_IPVS_CLOSED: {
    cause: 'The client was closed before the call was answered.',
    cure: 'Wait for what is under way before closing, or take the error as the end of it.',
  },
};
