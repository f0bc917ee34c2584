import { statSync } from 'node:fs';
import { CLONE_NEWNET, OPEN } from '../wire/constants.js';
import { ERRNO, errnoName, errnoText } from '../errno.js';
import { NetlinkError } from '../errors.js';
import { type Libc, loadLibc } from './libc.js';

/**
 * Runs `work` with the calling thread in the network namespace at `path` (`/run/netns/blue`, `/proc/42/ns/net`), and
 * comes back whatever happens. `work` must not wait: the thread is JavaScript's own.
 */
export function inNetworkNamespace<T>(libc: Libc, path: string, work: () => T): T {
  // A pipe would make the thread wait for its other end, and to open a device can have effects.
  if (isOtherThanFile(path)) throw openError(path, ERRNO.EINVAL);
  const target = openNamespace(libc, path);
  try {
    return inOpenNamespace(libc, target, path, work);
  } finally {
    libc.close(target);
  }
}

/**
 * Runs `work` with the calling thread in the network namespace at `path` (`/run/netns/blue`), and comes back whatever
 * happens: sockets that it opens belong there. `work` must not wait: what it begins and what ends later runs outside.
 * Throws ERR_NETLINK_NETNS (to enter one needs CAP_SYS_ADMIN), ERR_NETLINK_PLATFORM and ERR_NETLINK_NO_FFI.
 */
export function withNetworkNamespace<T>(path: string, work: () => T): T {
  return inNetworkNamespace(loadLibc(), path, work);
}

/** The same for a namespace that is open already; `name` is for messages. */
export function inOpenNamespace<T>(libc: Libc, target: number, name: string, work: () => T): T {
  const home = openNamespace(libc, '/proc/thread-self/ns/net');
  try {
    const entered = libc.setns(target, CLONE_NEWNET);
    if (entered < 0) throw netnsError(`cannot enter the network namespace ${name}`, -entered);
    try {
      return work();
    } finally {
      const back = libc.setns(home, CLONE_NEWNET);
      // There is no going on from here: every later socket of this process would be in the wrong namespace.
      if (back < 0) throw netnsError(`cannot come back from the network namespace ${name}`, -back);
    }
  } finally {
    libc.close(home);
  }
}

function openNamespace(libc: Libc, path: string): number {
  if (path.includes('\0')) throw new RangeError('the path of a network namespace cannot contain NUL');
  const fd = libc.open(path, OPEN.RDONLY | OPEN.CLOEXEC);
  if (fd < 0) throw openError(path, -fd);
  return fd;
}

/** Whether there is something that is no file: the kernel shows namespaces as files. */
function isOtherThanFile(path: string): boolean {
  try {
    return !statSync(path).isFile();
  } catch {
    // Opening it says why it cannot be looked at.
    return false;
  }
}

function openError(path: string, errno: number): NetlinkError {
  return netnsError(`cannot open the network namespace ${path}`, errno);
}

function netnsError(what: string, errno: number): NetlinkError {
  const hint =
    errno === ERRNO.EPERM
      ? '; entering a namespace needs CAP_SYS_ADMIN'
      : errno === ERRNO.EINVAL
        ? '; it is not a network namespace'
        : '';
  return new NetlinkError('ERR_NETLINK_NETNS', `${what}: ${errnoName(errno)} (${errnoText(errno)})${hint}`, {
    errno,
  });
}
