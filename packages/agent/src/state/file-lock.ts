import { closeSync, constants, fstatSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { lockFile } from '@ipvs-ts/netlink';

const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
/** Only the user of an agent may open the file: whoever can open it can lock it. */
const MODE = 0o600;
/** Others may remove the file between its opening and its locking. */
const MOST_TRIES = 100;

/** Why a file could not be locked. */
export type LockRefusal =
  /** Another process has the lock. `by`: its id, if /proc/locks shows it. */
  | { readonly kind: 'held'; readonly by: number | undefined }
  /** It is not known whether another process has it: the file system is read-only, full or without locks. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** The lock of a file that has no other purpose. It ends with the process, even after `kill -9`. */
export class FileLock {
  readonly #path: string;
  #fd: number | undefined;

  private constructor(path: string, fd: number) {
    this.#path = path;
    this.#fd = fd;
  }

  /** Locks a file, and creates it if it does not exist. A file that an ended process left behind is locked again. */
  static take(path: string): FileLock | LockRefusal {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const fd = opened(path);
      if (typeof fd !== 'number') return fd;
      let isLocked: boolean;
      try {
        isLocked = lockFile(fd);
      } catch (error) {
        closeSync(fd);
        return { kind: 'unknown', reason: reasonOf(error) };
      }
      const lock = new FileLock(path, fd);
      if (isLocked && lock.isInPlace) return lock;
      const by = isLocked ? undefined : holderOf(fstatSync(fd).ino);
      closeSync(fd);
      if (!isLocked) return { kind: 'held', by };
    }
    return { kind: 'unknown', reason: 'others remove it again and again' };
  }

  /** Whether the path still names the file that is locked. */
  get isInPlace(): boolean {
    if (this.#fd === undefined) return false;
    try {
      const found = statSync(this.#path, { throwIfNoEntry: false });
      const { dev, ino } = fstatSync(this.#fd);
      return found?.ino === ino && found.dev === dev;
    } catch {
      return false;
    }
  }

  /** Removes the file, unless it has been replaced, and releases the lock. A second call does nothing. */
  release(): void {
    if (this.#fd === undefined) return;
    try {
      if (this.isInPlace) rmSync(this.#path);
    } catch {
      // If the file remains, the next process locks it again.
    }
    closeSync(this.#fd);
    this.#fd = undefined;
  }
}

/**
 * Opens the file, or returns why not. A file of another user cannot be opened, but /proc/locks shows whether it is
 * locked.
 */
function opened(path: string): number | LockRefusal {
  try {
    // Not for writing: a file system could not be remounted read-only meanwhile.
    return openSync(path, O_RDONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, MODE);
  } catch (error) {
    const by = holderOf(inodeOf(path));
    return by === undefined ? { kind: 'unknown', reason: reasonOf(error) } : { kind: 'held', by };
  }
}

function inodeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.ino;
  } catch {
    return undefined;
  }
}

/** The process that has locked a file. */
function holderOf(inode: number | undefined): number | undefined {
  if (inode === undefined) return undefined;
  try {
    const locks = readFileSync('/proc/locks', 'utf8');
    const found = new RegExp(`FLOCK +ADVISORY +WRITE (\\d+) [0-9a-f]+:[0-9a-f]+:${String(inode)} `).exec(
      locks,
    );
    return found === null ? undefined : Number(found[1]);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return code?.startsWith('E') === true && !code.startsWith('ERR') ? code : String(message ?? error);
}
