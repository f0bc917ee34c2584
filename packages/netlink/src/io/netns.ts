import { argumentsOf } from '../argument-checks.js';
import { statSync } from 'node:fs';
import { CLONE_NEWNET, OPEN } from '../wire/constants.js';
import { ERRNO, errnoName, errnoText } from '../errno.js';
import { NetlinkError } from '../errors.js';
import { type Libc, loadLibc } from './libc.js';

/**
 * Runs `work` with the calling thread in the network namespace at `path` (`/run/netns/blue`, `/proc/42/ns/net`), and
 * always returns to the old one. `work` must be synchronous: it is the thread that runs all JavaScript.
 */
export function inNetworkNamespace<T>(libc: Libc, path: string, work: () => T): T {
  argumentsOf.path('netns', path);
  argumentsOf.is('work', work, 'function');
  // Opening a pipe would block until its other end is opened, and opening a device can have side effects.
  if (isOtherThanFile(path)) throw openError(path, ERRNO.EINVAL);
  const target = openNamespace(libc, path);
  try {
    return inOpenNamespace(libc, target, path, work);
  } finally {
    libc.close(target);
  }
}

/**
 * Runs `work` with the calling thread in the network namespace at `path` (`/run/netns/blue`), and always returns to the
 * old one. Sockets that `work` opens belong to the namespace. `work` must be synchronous: callbacks that it schedules
 * run outside. Throws ERR_NETLINK_NETNS (entering a namespace needs CAP_SYS_ADMIN), ERR_NETLINK_PLATFORM and
 * ERR_NETLINK_NO_FFI.
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
      // The process cannot continue: every later socket would be in the wrong namespace.
      if (back < 0) throw netnsError(`cannot come back from the network namespace ${name}`, -back);
    }
  } finally {
    libc.close(home);
  }
}

function openNamespace(libc: Libc, path: string): number {
  const fd = libc.open(path, OPEN.RDONLY | OPEN.CLOEXEC);
  if (fd < 0) throw openError(path, -fd);
  return fd;
}

/** Whether the path exists and is not a regular file, as namespaces are. */
function isOtherThanFile(path: string): boolean {
  try {
    return !statSync(path).isFile();
  } catch {
    // Opening it reports why stat failed.
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
