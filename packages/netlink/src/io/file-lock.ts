import { argumentsOf } from '../argument-checks.js';
import { ERRNO, errnoName, errnoText } from '../errno.js';
import { NetlinkError } from '../errors.js';
import { loadLibc } from './libc.js';

/** `flock(2)`: exclusive, without waiting. */
const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * Takes the exclusive lock of an open file, which Node has no function for, without waiting; returns false if another
 * descriptor holds it. The lock is released when the descriptor is closed, or when the process ends in any way. Throws
 * ERR_NETLINK_SYSCALL with the errno if the file system has no locks, ERR_NETLINK_PLATFORM and ERR_NETLINK_NO_FFI.
 */
export function lockFile(fd: number): boolean {
  argumentsOf.integer('fd', fd, -1, 0x7fff_ffff);
  const result = loadLibc().flock(fd, LOCK_EX | LOCK_NB);
  if (result >= 0) return true;
  if (result === -ERRNO.EAGAIN) return false;
  throw new NetlinkError('ERR_NETLINK_SYSCALL', `flock: ${errnoName(-result)} (${errnoText(-result)})`, {
    errno: -result,
  });
}
