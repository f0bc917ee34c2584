import { argumentsOf } from '../argument-checks.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { ERRNO, errnoName } from '../errno.js';
import { loadLibc } from './libc.js';

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK = { tcp: 1, udp: 2 } as const;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
/** Milliseconds between two checks of a connection: the first pause, which doubles each time, and the longest. */
const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 64;

/** What {@link connectError} connects to. */
export interface ConnectTarget {
  /** A datagram socket sends nothing, so only errors of this host are found. */
  readonly protocol: 'tcp' | 'udp';
  /** The address: 4 or 16 bytes in network order. */
  readonly address: Uint8Array;
  /** 1 to 65535. */
  readonly port: number;
  /** Stops waiting; the result is undefined then. */
  readonly signal: AbortSignal;
}

/**
 * Returns the name of the errno with which the kernel refuses to connect a socket to an address, such as `ENETUNREACH`;
 * undefined if it connects, or if `signal` is aborted first. For runtimes that do not report the kernel's errno: Bun
 * reports ECONNREFUSED for most errors. The connection is closed at once. Throws ERR_NETLINK_PLATFORM and
 * ERR_NETLINK_NO_FFI.
 */
export async function connectError(input: ConnectTarget): Promise<string | undefined> {
  argumentsOf.object('target', input, { address: 'bytes', signal: 'object' });
  const { protocol, address, port, signal } = input;
  if (!Object.hasOwn(SOCK, protocol)) throw argumentsOf.error('target.protocol', 'tcp or udp', protocol);
  if (address.length !== 4 && address.length !== 16)
    throw argumentsOf.error('target.address', '4 or 16 bytes', address.length, 'range');
  argumentsOf.integer('target.port', port, 1, 0xffff);
  const libc = loadLibc();
  const target = internetAddress(address, port);
  const family = address.length === 4 ? AF_INET : AF_INET6;
  const fd = libc.socket(family, SOCK[protocol] | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return errnoName(-fd);
  try {
    for (let pause = FIRST_PAUSE; !signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      // A second connect(2) returns the result of the first.
      const errno = -libc.connect(fd, target);
      if (errno <= 0 || errno === ERRNO.EISCONN) return undefined;
      if (errno !== ERRNO.EINPROGRESS && errno !== ERRNO.EALREADY) return errnoName(errno);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  } finally {
    libc.close(fd);
  }
}

/** A `sockaddr_in` or `sockaddr_in6`. */
function internetAddress(address: Uint8Array, port: number): Uint8Array {
  const isV4 = address.length === 4;
  const bytes = new Uint8Array(isV4 ? 16 : 28);
  new Uint16Array(bytes.buffer, 0, 1)[0] = isV4 ? AF_INET : AF_INET6;
  new DataView(bytes.buffer).setUint16(2, port);
  bytes.set(address, isV4 ? 4 : 8);
  return bytes;
}
