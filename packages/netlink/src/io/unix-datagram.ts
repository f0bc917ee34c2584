import { argumentsOf } from '../argument-checks.js';
import { ERRNO, errnoName, errnoText } from '../errno.js';
import { NetlinkError } from '../errors.js';
import { loadLibc } from './libc.js';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** Bytes of a path in an address, including its NUL. */
const LONGEST_PATH = 108;

/**
 * Sends one datagram to a Unix socket, which Node has no function for: `/run/systemd/notify`, or `@name` for a socket
 * of the abstract namespace. It never waits: if the receiver's queue is full, it throws ERR_NETLINK_SYSCALL with
 * EAGAIN. Each call opens its own socket, so it finds a receiver that was replaced. Throws RangeError for an invalid
 * address, ERR_NETLINK_SYSCALL with the errno, ERR_NETLINK_PLATFORM and ERR_NETLINK_NO_FFI.
 */
export function sendUnixDatagram(address: string, bytes: Uint8Array): void {
  argumentsOf.is('bytes', bytes, 'bytes');
  const name = unixAddress(address);
  const libc = loadLibc();
  const fd = checked('socket', address, libc.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  try {
    checked('connect', address, libc.connect(fd, name));
    checked('send', address, libc.send(fd, bytes, MSG_DONTWAIT | MSG_NOSIGNAL));
  } finally {
    libc.close(fd);
  }
}

/** A `sockaddr_un`. */
function unixAddress(address: string): Uint8Array {
  if (typeof address !== 'string' || !/^[/@]./.test(address) || address.includes('\0'))
    throw argumentsOf.error(
      'address',
      'the address of a Unix socket: a path from / on, or @ and a name',
      address,
      'range',
    );
  const abstract = address.startsWith('@');
  // The name of an abstract socket ends with the address; a path ends with NUL.
  const path = Buffer.from(abstract ? `\0${address.slice(1)}` : `${address}\0`, 'utf8');
  if (path.length > LONGEST_PATH)
    throw argumentsOf.error(
      'address',
      `the address of a Unix socket of at most ${LONGEST_PATH - 1} bytes`,
      address,
      'range',
    );
  const bytes = new Uint8Array(2 + path.length);
  new Uint16Array(bytes.buffer, 0, 1)[0] = AF_UNIX;
  bytes.set(path, 2);
  return bytes;
}

function checked(call: string, address: string, result: number): number {
  if (result >= 0) return result;
  const errno = -result;
  const advice = errno === ERRNO.ECONNREFUSED || errno === ERRNO.ENOENT ? '; nobody receives there' : '';
  throw new NetlinkError(
    'ERR_NETLINK_SYSCALL',
    `${call} to ${address}: ${errnoName(errno)} (${errnoText(errno)})${advice}`,
    { errno },
  );
}
