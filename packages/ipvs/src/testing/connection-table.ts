import type { StoredService } from './stored-service.js';
import type { Traits } from './traits.js';

/** The size of the table of connections with the module's default parameters. */
const MAXIMUM = 4096;

/**
 * The number of buckets of the connection table. From 7.1 it is created with the first service and grows with
 * connections.
 */
export class ConnectionTable {
  #size: number;
  readonly #grows: boolean;

  constructor({ growingConnections }: Traits) {
    this.#grows = growingConnections;
    this.#size = growingConnections ? 0 : MAXIMUM;
  }

  get size(): number {
    return this.#size;
  }

  /** Grows it: 16 buckets for each connection, at least 256, in powers of two. It never shrinks. */
  fit(services: Iterable<StoredService>): void {
    if (!this.#grows) return;
    let needed = 0;
    for (const { destinations } of services) {
      this.#size ||= 256;
      for (const { connections } of destinations) needed += 16 * (connections.active + connections.inactive);
    }
    while (this.#size < Math.min(needed, MAXIMUM)) this.#size *= 2;
  }
}
