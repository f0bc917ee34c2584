import { setTimeout as sleep } from 'node:timers/promises';
import { ERRNO, errnoName } from '../errno.js';
import { loadLibc } from './libc.js';

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK = { tcp: 1, udp: 2 } as const;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
/** Milliseconds between two looks at a connection: the first ones, doubled each time, and the last. */
const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 64;

/** What {@link connectError} connects to. */
export interface ConnectTarget {
  /** A datagram socket sends nothing: only this host's own objections are seen. */
  readonly protocol: 'tcp' | 'udp';
  /** The address: 4 or 16 bytes in network order. */
  readonly address: Uint8Array;
  /** 1 to 65535. */
  readonly port: number;
  /** Stops the waiting; the result is then undefined. */
  readonly signal: AbortSignal;
}

/**
 * Why the kernel does not connect a socket to an address: the name of the errno, such as `ENETUNREACH`. Undefined: it
 * does, or `signal` came first. For engines that report another error than the kernel's: Bun says ECONNREFUSED for most.
 * The connection is closed at once. Throws ERR_NETLINK_PLATFORM and ERR_NETLINK_NO_FFI.
 */
export async function connectError({
  protocol,
  address,
  port,
  signal,
}: ConnectTarget): Promise<string | undefined> {
  const libc = loadLibc();
  const target = internetAddress(address, port);
  const family = address.length === 4 ? AF_INET : AF_INET6;
  const fd = libc.socket(family, SOCK[protocol] | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return errnoName(-fd);
  try {
    for (let pause = FIRST_PAUSE; !signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      // Asked again, the kernel says how the connection that was begun came out.
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
