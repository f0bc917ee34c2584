import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Limits the connections of a server. A new one replaces the oldest, those that follow events last, so that idle
 * clients cannot block others.
 */
export class ConnectionLimit {
  readonly #most: number;
  /** In the order in which they were opened. */
  readonly #open = new Set<Socket>();
  readonly #followers = new Set<Socket>();

  constructor(server: Server, most: number) {
    this.#most = most;
    server.on('connection', (socket: Socket) => this.#opened(socket));
  }

  /** Marks a connection that follows events, which may be silent for as long as nothing happens. */
  follows(socket: Socket): void {
    socket.setTimeout(0);
    this.#followers.add(socket);
  }

  #opened(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#followers.delete(socket);
    });
    if (this.#open.size <= this.#most) return;
    const [oldest] = [...this.#open].filter((each) => each !== socket && !this.#followers.has(each));
    const [follower] = this.#followers;
    (oldest ?? follower)?.destroy();
  }
}
