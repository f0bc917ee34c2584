import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Certificate } from './certificates.js';

/** What a server does with a connection. */
export type Behaviour = (socket: Socket) => void;

/** Servers of a test, on free ports of 127.0.0.1, closed together. */
export class Servers {
  readonly #closers: (() => void)[] = [];

  /** Starts a server over TCP; returns its port. */
  async tcp(behaviour: Behaviour): Promise<number> {
    return this.#listen(createServer(behaviour));
  }

  /** Starts a server over TLS with `certificate`. */
  async tls(certificate: Certificate, behaviour: Behaviour): Promise<number> {
    return this.#listen(createTlsServer({ ...certificate, ALPNProtocols: ['http/1.1'] }, behaviour));
  }

  /** Starts a server over UDP that answers with what `reply` returns, if anything. */
  async udp(reply: (message: Buffer) => Uint8Array | undefined): Promise<number> {
    const socket = createSocket('udp4');
    socket.on('message', (message, { port, address }) => {
      const answer = reply(message);
      if (answer !== undefined) socket.send(answer, port, address);
    });
    this.#closers.push(() => socket.close());
    return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve(socket.address().port)));
  }

  /** A port of 127.0.0.1 on which nothing listens. */
  async closedPort(): Promise<number> {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
    await new Promise((resolve) => server.close(resolve));
    return port;
  }

  close(): void {
    for (const close of this.#closers.splice(0)) close();
  }

  #listen(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    server.on('secureConnection', (socket: Socket) => socket.on('error', () => undefined));
    server.on('tlsClientError', () => undefined);
    this.#closers.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
  }
}
