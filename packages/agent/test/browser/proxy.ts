import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './lab.js';

/** A network between a browser and an agent, that can fail. */
export class Proxy {
  /** The first line of each request. */
  readonly requests: string[] = [];
  readonly #target: () => number;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #server: Server | undefined;
  #port = 0;
  #isClosed = false;

  /** `target`: the port behind it. */
  constructor(target: () => number) {
    this.#target = target;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  async start(): Promise<void> {
    this.#port = await freePort();
    this.#server = createServer((client) => this.#connected(client));
    await new Promise<void>((resolve) => this.#server?.listen(this.#port, '127.0.0.1', resolve));
  }

  /** Ends every connection, and lets no new one through while `closed`. */
  cut(closed = false): void {
    this.#isClosed = closed;
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  /** Lets connections through again. */
  open(): void {
    this.#isClosed = false;
  }

  /** Delays everything, or lets it through again; neither side notices. */
  hold(held: boolean): void {
    for (const pair of this.#pairs)
      for (const socket of pair)
        if (held) socket.pause();
        else socket.resume();
  }

  async close(): Promise<void> {
    this.cut(true);
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  #connected(client: Socket): void {
    if (this.#isClosed) {
      client.destroy();
      return;
    }
    const server = connect(this.#target(), '127.0.0.1');
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    client.on('data', (chunk: Buffer) => {
      for (const [, line] of chunk.toString('latin1').matchAll(/^([A-Z]+ \S+) HTTP/gm))
        this.requests.push(line ?? '');
      server.write(chunk);
    });
    server.on('data', (chunk: Buffer) => client.write(chunk));
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#pairs.delete(pair);
        for (const each of pair) each.destroy();
      });
    }
  }
}
