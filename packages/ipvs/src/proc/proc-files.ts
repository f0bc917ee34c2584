import { closeSync, createReadStream, fstatSync, openSync, readFileSync, writeSync } from 'node:fs';
import { readSync } from 'node:fs';
import { NetlinkError, type NetlinkSocket } from '@ipvs-ts/netlink';
import { IpvsError } from '../errors.js';

/**
 * The files of /proc that hold what netlink does not give: connections, totals, settings. What they show depends on
 * the network namespace that they are opened in; reading them later does not.
 */
export interface ProcFiles {
  /** A descriptor of a file, which the caller closes. Throws with `errno` or `code`. */
  open(path: string, access: 'read' | 'write'): number;
}

/** The files as the namespace of `socket` sees them. */
export function filesOf(socket: NetlinkSocket): ProcFiles {
  return { open: (path, access) => socket.openFile(path, access) };
}

/** The files below another root than `/proc`: recorded ones, in tests. */
export function filesBelow(root = '/proc'): ProcFiles {
  return { open: (path, access) => openSync(path.replace(/^\/proc/, root), access === 'read' ? 'r' : 'w') };
}

const CHUNK = 65536;

/** The whole text of a small file. Throws ERR_IPVS_PROC. */
export function readProc(files: ProcFiles, path: string, words: string): string {
  return withFile(files, path, 'read', words, (fd) => readFileSync(fd, 'utf8'));
}

/** Writes a setting. Throws ERR_IPVS_PROC. */
export function writeProc(files: ProcFiles, path: string, text: string, words: string): void {
  withFile(files, path, 'write', words, (fd) => writeSync(fd, text));
}

/** The lines of a file, read piece by piece. */
export function* procLines(
  files: ProcFiles,
  path: string,
  words: string,
): Generator<string, void, undefined> {
  const fd = openProc(files, path, 'read', words);
  try {
    const buffer = Buffer.alloc(CHUNK);
    let rest = '';
    for (let length: number; (length = readSync(fd, buffer)) > 0;) {
      const lines = (rest + buffer.toString('latin1', 0, length)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(fd);
  }
}

/** The same on libuv's threads, as fast as they are asked for. */
export async function* procLinesAsync(
  files: ProcFiles,
  path: string,
  words: string,
): AsyncGenerator<string, void, undefined> {
  const stream = createReadStream('', {
    fd: openProc(files, path, 'read', words),
    highWaterMark: CHUNK,
    encoding: 'latin1',
  });
  let rest = '';
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function withFile<T>(
  files: ProcFiles,
  path: string,
  access: 'read' | 'write',
  words: string,
  work: (fd: number) => T,
): T {
  const fd = openProc(files, path, access, words);
  try {
    return work(fd);
  } catch (cause) {
    throw procError(path, words, cause);
  } finally {
    closeSync(fd);
  }
}

function openProc(files: ProcFiles, path: string, access: 'read' | 'write', words: string): number {
  try {
    const fd = files.open(path, access);
    fstatSync(fd);
    return fd;
  } catch (cause) {
    throw procError(path, words, cause);
  }
}

function procError(path: string, words: string, cause: unknown): IpvsError {
  const errno = NetlinkError.is(cause)
    ? cause.errno
    : Math.abs((cause as { errno?: number }).errno ?? 0) || undefined;
  return new IpvsError(
    'ERR_IPVS_PROC',
    `cannot ${words}: ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      operation: words,
      errno,
      cause,
    },
  );
}
