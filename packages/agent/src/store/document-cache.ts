import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentError } from '../errors.js';
import { isRecord } from './gateway-json.js';
import { digestOf } from './store.js';

/** The last document of a store that took effect. */
export interface CachedDocument {
  /** Prefix of the store's keys. */
  readonly prefix: string;
  readonly revision: string;
  readonly text: string;
  /** Revision of the store when the document took effect. */
  readonly storeRevision: number;
}

/** The state directory of an agent. */
export interface OwnDirectory {
  readonly path: string;
  /**
   * Called before each write to it; throws ERR_AGENT_RUNNING if it is another agent's by now. Undefined: nothing is
   * written.
   */
  readonly claim: (() => void) | undefined;
}

/** A file with the last document of a store, for a start without the store. */
export class DocumentCache {
  readonly #path: string;
  readonly #claim: (() => void) | undefined;
  #last: CachedDocument | undefined;

  constructor({ path, claim }: OwnDirectory) {
    this.#path = join(path, 'store.json');
    this.#claim = claim;
  }

  /** The document; undefined if there is none, or if the file is damaged. */
  load(prefix: string): CachedDocument | undefined {
    let value: unknown;
    try {
      value = JSON.parse(readFileSync(this.#path, 'utf8'));
    } catch {
      return undefined;
    }
    if (!isRecord(value)) return undefined;
    const { prefix: of, revision, text, storeRevision } = value;
    if (of !== prefix || typeof text !== 'string' || !Number.isSafeInteger(storeRevision)) return undefined;
    if (revision !== digestOf(text)) return undefined;
    this.#last = { prefix, revision, text, storeRevision: storeRevision as number };
    return this.#last;
  }

  /** Writes it atomically. Throws ERR_AGENT_FILE, and ERR_AGENT_RUNNING if another agent has the directory. */
  save(document: CachedDocument): void {
    const { revision, storeRevision } = document;
    if (this.#claim === undefined) return;
    if (this.#last?.revision === revision && this.#last.storeRevision === storeRevision) return;
    this.#claim();
    try {
      mkdirSync(join(this.#path, '..'), { recursive: true });
      writeFileSync(`${this.#path}.new`, JSON.stringify({ version: 1, ...document }), { mode: 0o640 });
      renameSync(`${this.#path}.new`, this.#path);
    } catch (cause) {
      const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
      throw new AgentError(
        'ERR_AGENT_FILE',
        `cannot write ${this.#path} (${code}); check its directory and free space`,
        { cause },
      );
    }
    this.#last = document;
  }
}
