// An HTTP server at every address of 127.0.0.0/8, and what its clients do: how even their requests come.
import { createServer } from 'node:net';

const REPLY = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n';

/** What the server saw since it was asked last. */
export interface Seen {
  readonly requests: number;
  /** The longest deviation of the time between two requests for one address from the interval, in milliseconds. */
  readonly uneven: number;
}

const last = new Map<string, number>();
let requests = 0;
let uneven = 0;

const server = createServer((socket) => {
  const { localAddress = '' } = socket;
  socket.on('error', () => undefined);
  socket.once('data', () => {
    const now = performance.now();
    const before = last.get(localAddress);
    last.set(localAddress, now);
    requests += 1;
    if (before !== undefined) uneven = Math.max(uneven, Math.abs(now - before - Number(process.argv[2])));
    socket.write(REPLY);
  });
});
server.listen({ port: 0, backlog: 4096 }, () => {
  process.send?.((server.address() as { readonly port: number }).port);
});
process.on('message', () => {
  process.send?.({ requests, uneven } satisfies Seen);
  requests = 0;
  uneven = 0;
});
process.on('disconnect', () => process.exit());
