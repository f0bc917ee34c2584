import { argumentsOf } from '../argument-checks.js';
import { LITTLE_ENDIAN } from '../wire/align.js';
import { MSG, OPEN, SIOCGSKNS, SOCKET, SOCKET_OPTION } from '../wire/constants.js';
import { ERRNO } from '../errno.js';
import { closedError, NetlinkError, syscallError } from '../errors.js';
import { type Libc, loadLibc } from './libc.js';
import { inNetworkNamespace, inOpenNamespace } from './netns.js';

/** How a socket is opened. */
export interface SocketOptions {
  /** Path of the network namespace to open it in, for instance `/run/netns/blue`; the process's own if absent. */
  readonly netns?: string | undefined;
  /** Netlink protocol: NETLINK_GENERIC (16, the default) or another, for instance NETLINK_ROUTE (0). */
  readonly protocol?: number | undefined;
  /** Bytes asked for the receive buffer, 4 MiB if absent. Memory is used only as answers queue up. */
  readonly receiveBuffer?: number | undefined;
  /** The C library; another one in tests. */
  readonly libc?: Libc | undefined;
}

/** `struct sockaddr_nl`: the family, and the port of the socket. */
const SOCKADDR = { BYTES: 12, FAMILY_AT: 0, PORT_AT: 4 } as const;
const DEFAULT_RECEIVE_BUFFER = 4 * 1024 * 1024;
/** Bytes of the receive buffer that the kernel may charge for one short answer: 768 on Linux 6.1, 960 on 6.12. */
const ANSWER_COST = 1024;
/** Twice the largest part of a dump that a kernel makes; a datagram that fills it may have been cut. */
const RECEIVE_BYTES = 65536;
const DONTWAIT_TRUNC = MSG.DONTWAIT | MSG.TRUNC;

const { SOL_SOCKET, SO_RCVBUF, SO_RCVBUFFORCE, SOL_NETLINK, NETLINK_CAP_ACK, NETLINK_EXT_ACK } =
  SOCKET_OPTION;

/**
 * A netlink socket. It belongs to the network namespace that it was opened in until it is closed. It is connected to
 * the kernel, so the kernel refuses messages that other processes send to it (ECONNREFUSED for them), whatever
 * capabilities they have in the user namespace that owns this network namespace.
 */
export class NetlinkSocket {
  /** The address of this socket, a number that is unique in its namespace and protocol. */
  readonly port: number;
  /** The sequence number that a client starts with: a random one, so that no other process can guess it. */
  readonly firstSeq: number;
  /** How many answers may be unread at once without one being dropped. */
  readonly capacity: number;
  readonly #libc: Libc;
  readonly #netns: string | undefined;
  readonly #buffer = new Uint8Array(RECEIVE_BYTES);
  #fd: number;

  constructor(options: SocketOptions = {}) {
    argumentsOf.object('options', options);
    const { netns, protocol = SOCKET.NETLINK_GENERIC, receiveBuffer, libc = loadLibc() } = options;
    argumentsOf.integer('options.protocol', protocol, 0, 255);
    if (receiveBuffer !== undefined)
      argumentsOf.integer('options.receiveBuffer', receiveBuffer, 0, 0x7fff_ffff);
    argumentsOf.object('options.libc', libc, { socket: 'function' });
    this.#libc = libc;
    this.#netns = netns;
    const open = (): number =>
      libc.socket(SOCKET.AF_NETLINK, SOCKET.SOCK_RAW | SOCKET.SOCK_CLOEXEC, protocol);
    this.#fd = check('socket', netns === undefined ? open() : inNetworkNamespace(libc, netns, open));
    try {
      this.port = connectToKernel(libc, this.#fd);
      this.firstSeq = randomSeq(libc);
      this.#discardQueued();
      this.capacity = this.#prepare(receiveBuffer ?? DEFAULT_RECEIVE_BUFFER);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The file descriptor; −1 once closed. */
  get fd(): number {
    return this.#fd;
  }

  /** Sends `bytes` to the kernel, which has executed all requests in them when this returns. */
  send(bytes: Uint8Array): void {
    if (!(bytes instanceof Uint8Array)) argumentsOf.is('bytes', bytes, 'bytes');
    // A listing sends a thousand times: nothing is called that is not needed.
    const { length } = bytes;
    const sent = this.#libc.send(this.#fd < 0 ? this.#open() : this.#fd, bytes, 0);
    if (sent !== length) checkSent(sent, length);
  }

  /** Like {@link NetlinkSocket.send}, with the kernel's work done on another thread. */
  async sendAsync(bytes: Uint8Array): Promise<void> {
    argumentsOf.is('bytes', bytes, 'bytes');
    checkSent(await this.#libc.sendAsync(this.#open(), bytes, 0), bytes.length);
  }

  /**
   * Returns the next queued datagram; undefined if there is none. It is in the socket's own buffer, valid until the
   * next call. Throws ERR_NETLINK_OVERRUN once if answers were dropped; the next calls return those still queued.
   */
  receive(): Uint8Array | undefined {
    const length = this.#received(this.#libc.recv(this.#open(), this.#buffer, DONTWAIT_TRUNC), RECEIVE_BYTES);
    return length === undefined ? undefined : this.#buffer.subarray(0, length);
  }

  /**
   * Like {@link NetlinkSocket.receive}, but stores the datagram at the start of `buffer` and returns its length. No datagram of a
   * kernel is longer than 65536 bytes; throws ERR_NETLINK_TRUNCATED for one that is longer than `buffer`, whose rest is lost.
   */
  receiveInto(buffer: Uint8Array): number | undefined {
    if (!(buffer instanceof Uint8Array)) argumentsOf.is('buffer', buffer, 'bytes');
    const { length: room } = buffer;
    const length = this.#libc.recv(this.#fd < 0 ? this.#open() : this.#fd, buffer, DONTWAIT_TRUNC);
    return length >= 0 && length <= room ? length : this.#received(length, room);
  }

  /** Like {@link NetlinkSocket.receive}, with the kernel's work (the next part of a dump) done on another thread. */
  async receiveAsync(): Promise<Uint8Array | undefined> {
    const length = this.#received(
      await this.#libc.recvAsync(this.#open(), this.#buffer, DONTWAIT_TRUNC),
      RECEIVE_BYTES,
    );
    return length === undefined ? undefined : this.#buffer.subarray(0, length);
  }

  /**
   * Opens a file of `/proc/thread-self/net` or `/proc/sys/net`, whose content depends on who opens it, as seen from the
   * namespace of this socket. Returns a descriptor, which the caller closes. Throws ERR_NETLINK_SYSCALL.
   */
  openFile(path: string, access: 'read' | 'write' = 'read'): number {
    argumentsOf.path('path', path);
    const libc = this.#libc;
    const flags = (access === 'read' ? OPEN.RDONLY : OPEN.WRONLY) | OPEN.CLOEXEC;
    if (this.#netns === undefined) return check('open', libc.open(path, flags));
    // Taken from the socket, not opened by name: the name may belong to another namespace by now.
    const namespace = check('ioctl', libc.ioctl(this.#open(), SIOCGSKNS));
    try {
      return check(
        'open',
        inOpenNamespace(libc, namespace, this.#netns, () => libc.open(path, flags)),
      );
    } finally {
      libc.close(namespace);
    }
  }

  /** Closes the descriptor. */
  close(): void {
    if (this.#fd >= 0) this.#libc.close(this.#fd);
    this.#fd = -1;
  }

  #open(): number {
    if (this.#fd < 0) throw closedError('netlink socket');
    return this.#fd;
  }

  /** Nothing was requested yet: anything queued is from a process that sent it before the socket was connected. */
  #discardQueued(): void {
    let length: number;
    do length = this.#libc.recv(this.#fd, this.#buffer, DONTWAIT_TRUNC);
    while (length >= 0 || length === -ERRNO.ENOBUFS);
  }

  #prepare(receiveBuffer: number): number {
    const libc = this.#libc;
    libc.setsockopt(this.#fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
    libc.setsockopt(this.#fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
    // Forcing needs CAP_NET_ADMIN; without it the kernel grants what net.core.rmem_max allows.
    if (libc.setsockopt(this.#fd, SOL_SOCKET, SO_RCVBUFFORCE, receiveBuffer) < 0) {
      libc.setsockopt(this.#fd, SOL_SOCKET, SO_RCVBUF, receiveBuffer);
    }
    const granted = check('getsockopt', libc.getsockopt(this.#fd, SOL_SOCKET, SO_RCVBUF));
    return Math.max(1, Math.floor(granted / ANSWER_COST));
  }

  /** The length of a datagram that was received into `room` bytes. */
  #received(length: number, room: number): number | undefined {
    if (length >= 0 && length <= room) return length;
    if (length === -ERRNO.EAGAIN) return undefined;
    if (length === -ERRNO.ENOBUFS)
      throw new NetlinkError('ERR_NETLINK_OVERRUN', 'the receive buffer overflowed; answers were lost', {
        errno: ERRNO.ENOBUFS,
      });
    check('recv', length);
    throw new NetlinkError(
      'ERR_NETLINK_TRUNCATED',
      `a datagram of ${length} bytes does not fit the receive buffer of ${room}; its rest is lost`,
    );
  }
}

/** Connects the socket to the kernel, whose port is 0, which also binds it; returns the port that it was bound to. */
function connectToKernel(libc: Libc, fd: number): number {
  const address = new Uint8Array(SOCKADDR.BYTES);
  const view = new DataView(address.buffer);
  view.setUint16(SOCKADDR.FAMILY_AT, SOCKET.AF_NETLINK, LITTLE_ENDIAN);
  check('connect', libc.connect(fd, address));
  check('getsockname', libc.getsockname(fd, address));
  return view.getUint32(SOCKADDR.PORT_AT, LITTLE_ENDIAN);
}

function randomSeq(libc: Libc): number {
  const bytes = new Uint8Array(4);
  check('getrandom', libc.getrandom(bytes));
  return new DataView(bytes.buffer).getUint32(0);
}

function check(syscall: string, result: number): number {
  if (result < 0) throw syscallError(syscall, -result);
  return result;
}

function checkSent(sent: number, length: number): void {
  check('send', sent);
  if (sent !== length) {
    throw new NetlinkError('ERR_NETLINK_SYSCALL', `send took ${sent} of ${length} bytes`, {
      syscall: 'send',
    });
  }
}
