import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Cleanup } from './cleanup.js';
import { inside } from './inside.js';
import type { Namespace } from './namespace.js';

/** A UDP socket in a namespace. */
export function udpSocket(host: Namespace, address: string, port: number, cleanup: Cleanup): UdpSocket {
  const type = address.includes(':') ? 'udp6' : 'udp4';
  const socket = createSocket({
    type,
    // A constant answer, so that the socket is created while this thread is in the namespace.
    lookup: (host, _options, callback) => {
      callback(null, host, type === 'udp6' ? 6 : 4);
    },
  });
  cleanup.add(`UDP socket of ${host.name}`, async () => {
    socket.close();
  });
  inside(host.path, () => socket.bind({ address, port, exclusive: true }));
  return socket;
}

/** Answers every datagram with `name`. */
export function udpServer(
  host: Namespace,
  address: string,
  port: number,
  name: string,
  cleanup: Cleanup,
): void {
  const socket = udpSocket(host, address, port, cleanup);
  socket.on('message', (_message, { address: from, port: to }) => {
    socket.send(name, to, from);
  });
}

/** Sends a request from a socket and waits for the answer from the same address; undefined if none arrives. */
export function udpAsk(
  socket: UdpSocket,
  address: string,
  port: number,
  limit = 5000,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const end = (answer?: string): void => {
      clearTimeout(timer);
      socket.off('message', listen);
      resolve(answer);
    };
    const listen = (message: Buffer, from: { address: string; port: number }): void => {
      if (from.address === address && from.port === port) end(message.toString());
    };
    const timer = setTimeout(end, limit);
    socket.on('message', listen);
    socket.send('?', port, address);
  });
}

/** A TCP server that keeps connections open and answers every piece of data with `name`. */
export function tcpServer(host: Namespace, port: number, name: string, cleanup: Cleanup): void {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('data', () => socket.write(name));
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  });
  inside(host.path, () => server.listen({ port, host: undefined }));
  cleanup.add(`TCP server of ${host.name}`, async () => {
    for (const socket of open) socket.destroy();
    server.close();
  });
}

/** Sends a word on an open connection and waits for the answer; undefined if none arrives. */
export function tcpAsk(socket: Socket, limit = 4000): Promise<string | undefined> {
  return new Promise((resolve) => {
    const end = (answer?: string): void => {
      clearTimeout(timer);
      socket.off('data', listen);
      resolve(answer);
    };
    const listen = (data: Buffer): void => {
      end(data.toString());
    };
    const timer = setTimeout(end, limit);
    socket.on('data', listen);
    socket.write('?');
  });
}
