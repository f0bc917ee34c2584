import { createHash } from 'node:crypto';
import type { EtcdSettings } from '../declared/source-settings.js';
import { chunksOf, MOST_CHUNKS } from '../source/chunks.js';
import type { Rollout } from '../source/rollout.js';
import { readRollout, writeRollout } from '../source/rollout.js';
import { chunkKey, chunksPrefix, prefixRange, type StoreKeys, storeKeys } from '../source/store-keys.js';
import { Gateway } from './gateway.js';
import { StoreFailure } from './gateway-answer.js';
import { decode, encode, headerRevision, integer, isRecord, type Json, records } from './gateway-json.js';

/** A key of the store. */
export interface KeyValue {
  readonly key: string;
  readonly value: string;
  /** The revision of the store at its last change. */
  readonly modified: number;
}

/** Keys at one revision of the store. */
export interface Range {
  readonly revision: number;
  readonly entries: readonly KeyValue[];
}

/** A condition of a transaction: the revision of the last change of a key, 0 if it is absent. */
export interface Condition {
  readonly key: string;
  readonly modified: number;
}

/** A change in a transaction. `value`: undefined deletes the key, or all keys from it to before `end`. */
export interface Write {
  readonly key: string;
  readonly value: string | undefined;
  readonly end?: string | undefined;
  /** The key is deleted with this lease. */
  readonly lease?: string | undefined;
}

/** How many keys are read at a time. */
const PAGE = 8;

/** The store of a fleet: documents, the rollout, maintenance and directors as keys of etcd. */
export class Store {
  readonly keys: StoreKeys;
  readonly gateway: Gateway;

  /** Throws ERR_AGENT_FILE if a file of the settings cannot be read. */
  constructor(settings: EtcdSettings) {
    this.keys = storeKeys(settings.prefix);
    this.gateway = new Gateway(settings);
  }

  /** Reads the keys from `key` to before `end`, or a single key, linearizably. */
  async range(
    key: string,
    end?: string,
    options: { readonly limit?: number; readonly keysOnly?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<Range> {
    const answer = await this.gateway.call(
      'kv/range',
      {
        key: encode(key),
        range_end: end === undefined ? undefined : encode(end),
        limit: options.limit === undefined ? undefined : String(options.limit),
        keys_only: options.keysOnly,
      },
      options.signal,
    );
    return {
      revision: headerRevision(answer),
      entries: records(answer['kvs']).map((each) => ({
        key: decode(each['key']),
        value: decode(each['value']),
        modified: integer(each['mod_revision']),
      })),
    };
  }

  /** Makes the writes if all conditions hold; returns whether they did. */
  async transact(conditions: readonly Condition[], writes: readonly Write[]): Promise<boolean> {
    const answer = await this.gateway.call('kv/txn', {
      compare: conditions.map(({ key, modified }) => ({
        key: encode(key),
        target: 'MOD',
        result: 'EQUAL',
        mod_revision: String(modified),
      })),
      success: writes.map(writeJson),
    });
    return answer['succeeded'] === true;
  }

  async put(key: string, value: string, lease?: string): Promise<void> {
    await this.gateway.call('kv/put', { key: encode(key), value: encode(value), lease });
  }

  async delete(key: string): Promise<void> {
    await this.gateway.call('kv/deleterange', { key: encode(key) });
  }

  /** Creates a lease of some seconds. */
  async grant(seconds: number): Promise<string> {
    const { ID: id } = await this.gateway.call('lease/grant', { TTL: String(seconds) });
    if (typeof id === 'string') return id;
    throw new StoreFailure(`${this.gateway.endpoint} granted no lease`);
  }

  /** Renews a lease; returns whether it still exists. */
  async renew(lease: string): Promise<boolean> {
    // The answer of the gateway is a stream of one part.
    const answer = await this.gateway.call('lease/keepalive', { ID: lease });
    const result = isRecord(answer['result']) ? answer['result'] : answer;
    return integer(result['TTL']) > 0;
  }

  /** Reads the rollout; undefined if there is none, and a sentence if it is damaged. */
  async rollout(): Promise<{ readonly rollout: Rollout | string | undefined; readonly modified: number }> {
    const { entries } = await this.range(this.keys.rollout);
    const [entry] = entries;
    if (entry === undefined) return { rollout: undefined, modified: 0 };
    return { rollout: readRollout(entry.value), modified: entry.modified };
  }

  /** Replaces the rollout, unless it has changed since; returns whether it was replaced. */
  async setRollout(rollout: Rollout, modified: number): Promise<boolean> {
    const { rollout: key } = this.keys;
    return this.transact([{ key, modified }], [{ key, value: writeRollout(rollout) }]);
  }

  /** Reads the text of a document; undefined if chunks are missing or damaged. Its revision is its digest. */
  async document(revision: string, signal?: AbortSignal): Promise<string | undefined> {
    const { end } = prefixRange(chunksPrefix(this.keys, revision));
    let next = chunksPrefix(this.keys, revision);
    let text = '';
    for (let chunks = 0; chunks < MOST_CHUNKS;) {
      const { entries } = await this.range(next, end, { limit: PAGE, ...(signal && { signal }) });
      for (const { key, value } of entries) {
        if (key !== chunkKey(this.keys, revision, chunks)) return undefined;
        text += value;
        chunks += 1;
      }
      const last = entries.at(-1);
      if (last === undefined || entries.length < PAGE) break;
      next = `${last.key}\0`;
    }
    return digestOf(text) === revision ? text : undefined;
  }

  /** Writes a document, chunk by chunk. No director follows it before the rollout names it. */
  async putDocument(revision: string, text: string): Promise<void> {
    for (const [index, chunk] of chunksOf(text).entries())
      await this.put(chunkKey(this.keys, revision, index), chunk);
  }

  /**
   * Deletes a document, unless it is being written again since `chunks` were read: the first chunk is written first.
   */
  async deleteDocument(revision: string, chunks: readonly KeyValue[]): Promise<void> {
    const first = chunkKey(this.keys, revision, 0);
    const modified = chunks.find(({ key }) => key === first)?.modified ?? 0;
    const range = prefixRange(chunksPrefix(this.keys, revision));
    await this.transact([{ key: first, modified }], [{ ...range, value: undefined }]);
  }

  close(): void {
    this.gateway.close();
  }
}

/** Identifies a text: the first 12 digits of its SHA-256. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function writeJson({ key, value, end, lease }: Write): Json {
  return value === undefined
    ? { request_delete_range: { key: encode(key), range_end: end === undefined ? undefined : encode(end) } }
    : { request_put: { key: encode(key), value: encode(value), lease } };
}
