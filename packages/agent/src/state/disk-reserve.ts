import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AgentError } from '../errors.js';

/** Bytes of the smallest reserve. */
const LEAST = 65_536;

/**
 * Space on the disk of a directory that is kept for the day when others have filled it: without it an agent could not
 * record what it does, and after a crash would take its own zeros for somebody else's.
 */
export class DiskReserve {
  readonly #path: string;
  #bytes = 0;
  #usedFor: string | undefined;

  /** `path`: a file whose only content is space. */
  constructor(path: string) {
    this.#path = path;
  }

  /** That the reserve is in use; undefined: it is not. */
  get warning(): string | undefined {
    return this.#usedFor === undefined
      ? undefined
      : `the disk of ${this.#usedFor} is full (ENOSPC); the space that was kept for this is in use, make room`;
  }

  /** Replaces a file as a whole, so that readers never see half of it. Throws ERR_AGENT_FILE. */
  write(path: string, text: string): void {
    try {
      replace(path, text);
    } catch (error) {
      if (!isFull(error) || this.#bytes === 0) throw fileError(path, error);
      this.#usedFor = path;
      this.#bytes = 0;
      try {
        rmSync(this.#path, { force: true });
        replace(path, text);
      } catch (again) {
        throw fileError(path, again);
      }
    }
  }

  /** Keeps this many bytes at least, if the disk has them. */
  keep(bytes: number): void {
    // Its directory may have been removed.
    if (this.#bytes >= bytes && this.#bytes > 0 && existsSync(this.#path)) return;
    const size = Math.max(LEAST, bytes);
    try {
      writeFileSync(this.#path, Buffer.alloc(size, ' '), { mode: 0o640 });
      this.#bytes = size;
      this.#usedFor = undefined;
    } catch {
      // What is there of it is no use, and may be needed by others.
      this.#bytes = 0;
      rmSync(this.#path, { force: true });
    }
  }
}

function replace(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(`${path}.new`, text, { mode: 0o640 });
  } catch (error) {
    // Half a file takes up the space that is missing.
    if (isFull(error)) rmSync(`${path}.new`, { force: true });
    throw error;
  }
  renameSync(`${path}.new`, path);
}

function isFull(error: unknown): boolean {
  return (error as { readonly code?: string }).code === 'ENOSPC';
}

function fileError(path: string, cause: unknown): AgentError {
  const { code = 'unknown error' } = cause as { readonly code?: string };
  return new AgentError(
    'ERR_AGENT_FILE',
    `cannot write ${path} (${code}); check its directory and free space`,
    { cause },
  );
}
