import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AgentError } from '../errors.js';

/** The smallest reserve, in bytes. */
const LEAST = 65_536;

/**
 * Reserves disk space for when others have filled the disk. Without it an agent could not record its changes, and after
 * a crash would mistake its own zeros for manual ones.
 */
export class DiskReserve {
  readonly #path: string;
  #bytes = 0;
  #usedFor: string | undefined;

  /** `path`: a file that only occupies space. */
  constructor(path: string) {
    this.#path = path;
  }

  /** A warning while the reserve is in use; undefined otherwise. */
  get warning(): string | undefined {
    return this.#usedFor === undefined
      ? undefined
      : `the disk of ${this.#usedFor} is full (ENOSPC); the space that was kept for this is in use, make room`;
  }

  /** Replaces a file atomically, so that readers never see a part of it. Throws ERR_AGENT_FILE. */
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

  /** Reserves at least this many bytes, if the disk has them. */
  keep(bytes: number): void {
    // Its directory may have been removed.
    if (this.#bytes >= bytes && this.#bytes > 0 && existsSync(this.#path)) return;
    const size = Math.max(LEAST, bytes);
    try {
      writeFileSync(this.#path, Buffer.alloc(size, ' '), { mode: 0o640 });
      this.#bytes = size;
      this.#usedFor = undefined;
    } catch {
      // A partial reserve is of no use, and others may need the space.
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
    // A partial file occupies space that is needed.
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
