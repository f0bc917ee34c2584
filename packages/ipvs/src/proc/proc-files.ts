import { closeSync, createReadStream, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { NetlinkError, type NetlinkSocket } from '@ipvs-ts/netlink';
import { IpvsError } from '../errors.js';

/**
 * The files of /proc with data that netlink lacks: connections, totals, settings. They show the network namespace in
 * which they are opened, even if another process reads them later.
 */
export interface ProcFiles {
  /** A descriptor of a file, which the caller closes. Throws with `errno` or `code`. */
  open(path: string, access: 'read' | 'write'): number;
  /** Whether they belong to the kernel that calls are sent to; false for a test double, which has no files. */
  readonly isOfKernel: boolean;
}

/** The files as the namespace of `socket` sees them. */
export function filesOf(socket: NetlinkSocket): ProcFiles {
  return { open: (path, access) => socket.openFile(path, access), isOfKernel: true };
}

/** Files below another root than `/proc`, such as recorded ones in tests. */
export function filesBelow(root?: string): ProcFiles {
  return {
    open: (path, access) => openSync(path.replace(/^\/proc/, root ?? '/proc'), access === 'read' ? 'r' : 'w'),
    isOfKernel: root !== undefined,
  };
}

const CHUNK = 65536;

/** Reads the whole text of a small file; `action` is the operation in errors. Throws ERR_IPVS_PROC. */
export function readProc(files: ProcFiles, path: string, action: string): string {
  return withFile(files, path, 'read', action, (fd) => readFileSync(fd, 'utf8'));
}

/** Writes a setting. Throws ERR_IPVS_PROC. */
export function writeProc(files: ProcFiles, path: string, text: string, action: string): void {
  withFile(files, path, 'write', action, (fd) => writeSync(fd, text));
}

/** The lines of a file, read in pieces. */
export function* procLines(
  files: ProcFiles,
  path: string,
  action: string,
): Generator<string, void, undefined> {
  const fd = openProc(files, path, 'read', action);
  try {
    const buffer = Buffer.alloc(CHUNK);
    let rest = '';
    for (let length: number; (length = readPiece(fd, buffer, path, action)) > 0;) {
      const lines = (rest + buffer.toString('latin1', 0, length)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(fd);
  }
}

function readPiece(fd: number, buffer: Uint8Array, path: string, action: string): number {
  try {
    return readSync(fd, buffer);
  } catch (cause) {
    throw procError(path, action, cause);
  }
}

/** The same on libuv's threads; it continues when the next line is requested. */
export async function* procLinesAsync(
  files: ProcFiles,
  path: string,
  action: string,
): AsyncGenerator<string, void, undefined> {
  const stream = createReadStream('', {
    fd: openProc(files, path, 'read', action),
    highWaterMark: CHUNK,
    encoding: 'latin1',
  });
  let rest = '';
  const chunks = (stream as AsyncIterable<string, undefined>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await nextPiece(chunks, path, action);
      if (done === true) break;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    stream.destroy();
  }
}

async function nextPiece(
  chunks: AsyncIterator<string, undefined>,
  path: string,
  action: string,
): Promise<IteratorResult<string, undefined>> {
  try {
    return await chunks.next();
  } catch (cause) {
    throw procError(path, action, cause);
  }
}

function withFile<T>(
  files: ProcFiles,
  path: string,
  access: 'read' | 'write',
  action: string,
  work: (fd: number) => T,
): T {
  const fd = openProc(files, path, access, action);
  try {
    return work(fd);
  } catch (cause) {
    throw procError(path, action, cause);
  } finally {
    closeSync(fd);
  }
}

function openProc(files: ProcFiles, path: string, access: 'read' | 'write', action: string): number {
  try {
    const fd = files.open(path, access);
    fstatSync(fd);
    return fd;
  } catch (cause) {
    throw procError(path, action, cause);
  }
}

function procError(path: string, action: string, cause: unknown): IpvsError {
  const errno = NetlinkError.is(cause)
    ? cause.errno
    : Math.abs((cause as { errno?: number }).errno ?? 0) || undefined;
  return new IpvsError(
    'ERR_IPVS_PROC',
    `cannot ${action}: ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      operation: action,
      errno,
      cause,
    },
  );
}
