import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AgentError } from '../errors.js';
import { FileLock } from './file-lock.js';

const LOCK_FILE = 'agent.lock';

/** A directory of an agent, as its user knows it. */
export interface OwnDirectory {
  readonly path: string;
  /** `runtime directory`. */
  readonly name: string;
  /** The option of the command that names another one. */
  readonly option: string;
}

/** Keeps other agents out of the directories of one: two that shared a directory would overwrite each other's state. */
export class DirectoryLocks {
  readonly #directories: readonly OwnDirectory[];
  readonly #locks = new Map<string, FileLock>();
  #warning: string | undefined;

  /** Locks the directories. Throws ERR_AGENT_RUNNING where another agent has one of them. */
  constructor(directories: readonly OwnDirectory[]) {
    this.#directories = directories;
    try {
      this.keep();
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** That a directory could not be locked, with the reason; undefined: all are. */
  get warning(): string | undefined {
    return this.#warning;
  }

  /**
   * Locks what is not locked yet, and what was removed and made again. A directory that cannot be locked, since its file
   * system is read-only or full, is left as it is. Throws ERR_AGENT_RUNNING where another agent has a directory.
   */
  keep(): void {
    const seen = new Set<string>();
    this.#warning = undefined;
    for (const directory of this.#directories) {
      const identity = made(directory.path);
      // One directory may serve as both.
      if (identity === undefined || seen.has(identity)) continue;
      seen.add(identity);
      this.#keep(directory);
    }
  }

  release(): void {
    for (const lock of this.#locks.values()) lock.release();
    this.#locks.clear();
  }

  #keep({ path, name, option }: OwnDirectory): void {
    const held = this.#locks.get(path);
    if (held?.isInPlace === true) return;
    const lock = FileLock.take(join(path, LOCK_FILE));
    if (lock instanceof FileLock) {
      held?.release();
      this.#locks.set(path, lock);
    } else if (lock.kind === 'held') {
      const by = lock.by === undefined ? '' : ` (process ${lock.by})`;
      throw new AgentError(
        'ERR_AGENT_RUNNING',
        `another agent${by} uses the ${name} ${path}; stop it first, or name another directory with ${option}`,
      );
    } else
      this.#warning ??= `cannot lock the ${name} ${path} (${lock.reason}); another agent that used it would not be noticed`;
  }
}

/** Identifies a directory, which is made where there is none; undefined: there is none. */
function made(path: string): string | undefined {
  try {
    mkdirSync(path, { recursive: true });
    const { dev, ino } = statSync(path);
    return `${dev} ${ino}`;
  } catch {
    // Writing to it says why not.
    return undefined;
  }
}
