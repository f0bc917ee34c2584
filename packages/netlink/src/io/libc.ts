import { createRequire } from 'node:module';
import { arch, platform } from 'node:process';
import type * as koffi from 'koffi';
import { NetlinkError } from '../errors.js';
import type { NameService } from './name-service.js';

/**
 * The functions of the C library that this package needs. They return what the C function returns, or the negative
 * errno. Only this file knows how C is called.
 */
export interface Libc {
  /** A new descriptor, or the negative errno, as for all that follow. */
  socket(domain: number, type: number, protocol: number): number;
  /** Closes a descriptor. */
  close(fd: number): number;
  /** Binds a socket to a port of its own, and connects it to an address. */
  connect(fd: number, address: Uint8Array): number;
  /** Fills `address` with the address that the socket is bound to. */
  getsockname(fd: number, address: Uint8Array): number;
  /** Sets an option whose value is an integer. */
  setsockopt(fd: number, level: number, option: number, value: number): number;
  /** The value of an option, or the negative errno. */
  getsockopt(fd: number, level: number, option: number): number;
  /** Sends a datagram; returns the number of bytes that were taken. */
  send(fd: number, bytes: Uint8Array, flags: number): number;
  /** Sends from another thread: the kernel does all its work inside `send`. */
  sendAsync(fd: number, bytes: Uint8Array, flags: number): Promise<number>;
  /** Receives a datagram; returns its length. */
  recv(fd: number, buffer: Uint8Array, flags: number): number;
  /** Receives on another thread: the kernel makes the next part of a dump inside `recv`. */
  recvAsync(fd: number, buffer: Uint8Array, flags: number): Promise<number>;
  /** Fills `buffer` with random bytes. */
  getrandom(buffer: Uint8Array): number;
  /** Opens a file. */
  open(path: string, flags: number): number;
  /** Takes or releases the lock of an open file. */
  flock(fd: number, operation: number): number;
  /** An `ioctl(2)` without an argument. */
  ioctl(fd: number, request: number): number;
  /** Moves the calling thread to the namespace behind `fd`. */
  setns(fd: number, type: number): number;
}

/** The version that the package depends on; its binary works with no other. */
const KOFFI_VERSION = '3.3.4';

let koffiModule: typeof koffi | undefined;
let library: koffi.LibraryHandle | undefined;
let libc: Libc | undefined;

/**
 * Loads the machine's C library at the first call. Throws ERR_NETLINK_PLATFORM if there is no netlink and
 * ERR_NETLINK_NO_FFI if koffi cannot be loaded.
 */
export function loadLibc(): Libc {
  return (libc ??= bindLibc(loadLibrary()));
}

function loadLibrary(): koffi.LibraryHandle {
  if (platform !== 'linux') {
    throw new NetlinkError(
      'ERR_NETLINK_PLATFORM',
      `netlink exists on Linux only, and this is ${platform}; the codec and the test doubles work here`,
    );
  }
  if (library !== undefined) return library;
  try {
    koffiModule = loadKoffi();
    library = koffiModule.load(null);
    return library;
  } catch (cause) {
    throw new NetlinkError('ERR_NETLINK_NO_FFI', noFfiMessage(cause), { cause });
  }
}

/**
 * Required, not imported: opening a socket must be possible synchronously, and programs that open none do not load it.
 * The binary is required directly first: koffi's own JavaScript, which searches for it, costs three times as much,
 * which is noticeable in a short program. If the binary is not found this way, koffi searches for it.
 */
function loadKoffi(): typeof koffi {
  const require = createRequire(import.meta.url);
  try {
    const binary = require(`@koromix/koffi-linux-${arch}/linux_${arch}/koffi.node`) as typeof koffi;
    if (binary.version === KOFFI_VERSION) return binary;
  } catch {
    // Another C library, or a tree of packages where koffi's dependencies are not visible from here.
  }
  return require('koffi') as typeof koffi;
}

function noFfiMessage(cause: unknown): string {
  // A program that bundles koffi's binary in its own way says what to do.
  const { code, fix } = (cause ?? {}) as { code?: unknown; fix?: string };
  const advice =
    code === 'ERR_DLOPEN_DISABLED'
      ? 'start Node with --allow-addons'
      : (fix ?? 'reinstall without --omit=optional, which leaves out the binary of koffi');
  return `the foreign-function library koffi cannot be loaded on ${platform}-${arch}: ${String(cause)}; ${advice}`;
}

function bindLibc(lib: koffi.LibraryHandle): Libc {
  const call = binder(lib);
  const setsockopt = call('int setsockopt(int fd, int level, int name, const int *value, uint32_t length)');
  const getsockopt = call(
    'int getsockopt(int fd, int level, int name, _Out_ int *value, _Inout_ uint32_t *length)',
  );
  const connect = call('int connect(int fd, const uint8_t *address, uint32_t length)');
  const getrandom = call('int64_t getrandom(uint8_t *buffer, size_t length, uint32_t flags)');
  const getsockname = call('int getsockname(int fd, uint8_t *address, _Inout_ uint32_t *length)');
  const send = call('int64_t send(int fd, const uint8_t *bytes, size_t length, int flags)');
  const recv = call('int64_t recv(int fd, uint8_t *buffer, size_t length, int flags)');
  // Most programs call none of these, and binding one costs as much as fifty calls.
  const later = (prototype: string, bound?: Call['sync']): Call['sync'] => {
    return (...values) => (bound ??= call(prototype).sync)(...values);
  };
  return {
    socket: call('int socket(int domain, int type, int protocol)').sync,
    close: call('int close(int fd)').sync,
    connect: (fd, address) => connect.sync(fd, address, address.length),
    getsockname: (fd, address) => getsockname.sync(fd, address, [address.length]),
    setsockopt: (fd, level, option, value) => setsockopt.sync(fd, level, option, [value], 4),
    getsockopt: (fd, level, option) => {
      const value = [0];
      const status = getsockopt.sync(fd, level, option, value, [4]);
      return status < 0 ? status : (value[0] as number);
    },
    send: (fd, bytes, flags) => result(send.native(fd, bytes, bytes.length, flags)),
    sendAsync: (fd, bytes, flags) => send.async(fd, bytes, bytes.length, flags),
    recv: (fd, buffer, flags) => result(recv.native(fd, buffer, buffer.length, flags)),
    recvAsync: (fd, buffer, flags) => recv.async(fd, buffer, buffer.length, flags),
    getrandom: (buffer) => getrandom.sync(buffer, buffer.length, 0),
    open: later('int open(const char *path, int flags)'),
    flock: later('int flock(int fd, int operation)'),
    ioctl: later('int ioctl(int fd, unsigned long request, ...)'),
    setns: later('int setns(int fd, int type)'),
  };
}

interface Call {
  /** What the C function returns; its error is in errno. */
  readonly native: (...values: unknown[]) => number;
  readonly sync: (...values: unknown[]) => number;
  readonly async: (...values: unknown[]) => Promise<number>;
}

/** Binds C functions that return −1 and set errno as functions that return the negative errno. */
function binder(lib: koffi.LibraryHandle): (prototype: string) => Call {
  return (prototype) => {
    const native = lib.func(prototype);
    return {
      native: native as Call['native'],
      sync: (...values) => result(native(...values) as number),
      async: (...values) =>
        new Promise((resolve, reject) => {
          // Read errno in the callback, not later: koffi restores the thread's value for the callback only.
          native.async(...values, (error: Error | null, value: number) => {
            if (error !== null) reject(error);
            else resolve(result(value));
          });
        }),
    };
  };
}

/** The negative errno in place of −1. */
function result(value: number): number {
  return value < 0 ? -(koffiModule as typeof koffi).errno() : value;
}

/**
 * Ends the process with a status from 0 to 255 by `_exit(2)`. Nothing else runs: no listener of `exit`, and none of what
 * Node and V8 do at their end, which costs as much as 5000 system calls. Returns, and does nothing, if this process has
 * not called the C library before.
 */
export function endProcess(status: number): void {
  bindIfLoaded('void _exit(int status)')?.(status);
}

/** Binds another function of the C library; undefined if this process has not called the library before. */
export function bindIfLoaded(prototype: string): ((...values: unknown[]) => unknown) | undefined {
  return library?.func(prototype);
}

const AF_INET = 2;
const AF_INET6 = 10;

/** Binds the look-ups of the C library. Throws as {@link loadLibc} does. */
export function openNameService(): NameService {
  const lib = loadLibrary();
  const { decode, struct } = koffiModule as typeof koffi;
  const hostent = struct({
    name: 'char *',
    aliases: 'void *',
    family: 'int',
    length: 'int',
    addresses: 'void *',
  });
  const servent = struct({ name: 'char *', aliases: 'void *', port: 'int', protocol: 'char *' });
  const gethostbyname = lib.func('void *gethostbyname(const char *name)');
  const gethostbyaddr = lib.func('void *gethostbyaddr(const uint8_t *address, uint32_t length, int family)');
  const getservbyname = lib.func('void *getservbyname(const char *name, const char *protocol)');
  const getservbyport = lib.func('void *getservbyport(int port, const char *protocol)');
  const swap = (port: number): number => new DataView(Uint16Array.of(port).buffer).getUint16(0);
  return {
    hostByName: (name) => {
      const found: unknown = gethostbyname(name);
      if (found === null) return undefined;
      const { addresses } = decode(found, hostent) as { addresses: unknown };
      const first: unknown = decode(addresses, 'void *');
      return first === null ? undefined : (decode(first, 'uint8_t', 4) as number[]).join('.');
    },
    hostByAddress: (address) => {
      const found: unknown = gethostbyaddr(
        address,
        address.length,
        address.length === 4 ? AF_INET : AF_INET6,
      );
      return found === null ? undefined : (decode(found, hostent) as { name: string }).name;
    },
    serviceByName: (name, protocol) => {
      const found: unknown = getservbyname(name, protocol);
      return found === null ? undefined : swap((decode(found, servent) as { port: number }).port);
    },
    serviceByPort: (port, protocol) => {
      const found: unknown = getservbyport(swap(port), protocol);
      return found === null ? undefined : (decode(found, servent) as { name: string }).name;
    },
  };
}
