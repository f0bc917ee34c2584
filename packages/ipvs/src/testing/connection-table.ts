import type { StoredService } from './stored-service.js';
import type { Traits } from './traits.js';

/** The size of the table of connections with the module's default parameters. */
const MAXIMUM = 4096;

/** How many buckets the connection table has. From 7.1 it comes with the first service and grows with connections. */
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

  /** Makes room: 16 buckets a connection, at least 256, in powers of two. It never shrinks. */
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
