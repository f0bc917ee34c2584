import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AgentError } from '../errors.js';
import { FileLock } from './file-lock.js';

const LOCK_FILE = 'agent.lock';

/** A directory of an agent. */
export interface OwnDirectory {
  readonly path: string;
  /** Its name in messages: `runtime directory`. */
  readonly name: string;
  /** The command-line option that sets it. */
  readonly option: string;
}

/** Locks the directories of an agent against other agents, which would overwrite its state. */
export class DirectoryLocks {
  readonly #directories: readonly OwnDirectory[];
  readonly #locks = new Map<string, FileLock>();
  #warning: string | undefined;

  /** Locks the directories. Throws ERR_AGENT_RUNNING if another agent has one of them. */
  constructor(directories: readonly OwnDirectory[]) {
    this.#directories = directories;
    try {
      this.keep();
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Why a directory could not be locked; undefined if all are locked. */
  get warning(): string | undefined {
    return this.#warning;
  }

  /**
   * Locks directories that are not locked yet, or that were removed and created again. A directory that cannot be
   * locked, because its file system is read-only or full, is left unlocked. Throws ERR_AGENT_RUNNING if another agent
   * has a directory.
   */
  keep(): void {
    const seen = new Set<string>();
    this.#warning = undefined;
    for (const directory of this.#directories) {
      const identity = made(directory.path);
      // Both may be the same directory.
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

/** Identifies a directory, and creates it if it does not exist; undefined if it cannot be created. */
function made(path: string): string | undefined {
  try {
    mkdirSync(path, { recursive: true });
    const { dev, ino } = statSync(path);
    return `${dev} ${ino}`;
  } catch {
    // Writing to it reports the reason.
    return undefined;
  }
}
