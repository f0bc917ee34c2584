import type { DirectorRecord } from '../report/director-record.js';
import { directorKey } from '../source/store-keys.js';
import { isRecord } from './gateway-json.js';
import type { Store } from './store.js';

/** Seconds for which the entry of a director stays after its last renewal. */
const LEASE_SECONDS = 15;

/** The entry of a director in the store: written when it changes, kept alive by a lease. */
export class DirectorEntry {
  readonly #store: Store;
  readonly #id: string;
  readonly #instance: string;
  #lease: string | undefined;
  #written: string | undefined;
  #working = false;

  constructor(store: Store, id: string, instance: string) {
    this.#store = store;
    this.#id = id;
    this.#instance = instance;
  }

  /**
   * Writes the record if it changed, and renews the lease. Returns a sentence if another director has the same id.
   * Rejects with StoreFailure. Calls during another one do nothing.
   */
  async update(record: DirectorRecord): Promise<string | undefined> {
    if (this.#working) return undefined;
    this.#working = true;
    try {
      return await this.#update(JSON.stringify(record));
    } catch (error) {
      // An expired token or lease causes failures of any kind: start again.
      this.#lease = undefined;
      this.#written = undefined;
      throw error;
    } finally {
      this.#working = false;
    }
  }

  async #update(text: string): Promise<string | undefined> {
    if (this.#lease !== undefined && !(await this.#store.renew(this.#lease))) {
      this.#lease = undefined;
      this.#written = undefined;
    }
    if (text === this.#written) return undefined;
    const key = directorKey(this.#store.keys, this.#id);
    const { entries } = await this.#store.range(key);
    const [other] = entries;
    if (other !== undefined && instanceOf(other.value) !== this.#instance)
      return `another director has the id ${this.#id}: each needs an agent.id of its own`;
    this.#lease ??= await this.#store.grant(LEASE_SECONDS);
    const written = await this.#store.transact(
      [{ key, modified: other?.modified ?? 0 }],
      [{ key, value: text, lease: this.#lease }],
    );
    if (written) this.#written = text;
    return undefined;
  }
}

function instanceOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value['instance'] : undefined;
  } catch {
    return undefined;
  }
}
