import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
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

/** A file with the last document of a store, for a start without the store. */
export class DocumentCache {
  readonly #path: string;
  #last: CachedDocument | undefined;

  constructor(path: string) {
    this.#path = path;
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

  /** Writes it atomically. Throws ERR_AGENT_FILE. */
  save(document: CachedDocument): void {
    const { revision, storeRevision } = document;
    if (this.#last?.revision === revision && this.#last.storeRevision === storeRevision) return;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
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
