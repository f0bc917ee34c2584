import { type ServiceIdentity, serviceText, type StoredService } from './stored-service.js';
import type { Traits } from './traits.js';

/** Buckets of the table up to 7.0. */
const BUCKETS = 256;

/** The services of the namespace. A dump lists them in hash order, which has no meaning for clients. */
export class ServiceTable {
  readonly #services = new Map<string, StoredService>();
  readonly #oneTable: boolean;
  #salt = 0x811c9dc5;

  constructor({ oneTable }: Traits) {
    this.#oneTable = oneTable;
  }

  find(identity: ServiceIdentity): StoredService | undefined {
    return this.#services.get(serviceText(identity));
  }

  add(service: StoredService): void {
    this.#services.set(serviceText(service.identity), service);
  }

  remove(service: StoredService): void {
    this.#services.delete(serviceText(service.identity));
    // From 7.1 on an empty table is freed, and the next one has another hash key.
    if (this.#oneTable && this.#services.size === 0) this.#salt = Math.imul(this.#salt, 0x01000193) >>> 0;
  }

  /** All services, in no particular order. */
  all(): StoredService[] {
    return [...this.#services.values()];
  }

  /**
   * In the order of a dump. Up to 7.0: the address services, then the fwmark services, by bucket, the newest of a
   * bucket first. From 7.1: all mixed.
   */
  inDumpOrder(): StoredService[] {
    const newestFirst = [...this.#services].reverse();
    const keyed = newestFirst.map(([text, service]) => ({ service, key: this.#place(text, service) }));
    return keyed.sort((a, b) => a.key - b.key).map(({ service }) => service);
  }

  #place(text: string, { identity }: StoredService): number {
    const hash = this.#hash(text);
    if (this.#oneTable) return hash;
    return (hash % BUCKETS) + (identity.fwmark === 0 ? 0 : BUCKETS);
  }

  /** FNV-1a. */
  #hash(text: string): number {
    let hash = this.#salt;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
    return hash;
  }
}
