import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IpvsError } from '../errors.js';
import { type ListenAddress, listenAddressText } from './listen-address.js';

const MOST_CONNECTIONS = 64;
const LONGEST_HEADER = 8192;
/** A client that neither sends nor reads for so many milliseconds is disconnected. */
const LONGEST_SILENCE = 10_000;

/** Why the kernel rejected an address, and what to do. */
const REFUSALS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; “ss -ltnp” shows which',
  EADDRNOTAVAIL: 'no interface of this host has that address',
  EACCES: 'ports below 1024 need root or CAP_NET_BIND_SERVICE',
};

/**
 * Opens a TCP server that clients cannot exhaust: it keeps at most 64 connections (a new one replaces the oldest), and
 * limits headers to 8 KiB and silence to 10 s. Rejects with ERR_IPVS_LISTEN.
 */
export async function openGuardedServer(address: ListenAddress, respond: RequestListener): Promise<Server> {
  const server = createServer(
    {
      requestTimeout: LONGEST_SILENCE,
      headersTimeout: LONGEST_SILENCE / 2,
      connectionsCheckingInterval: 1000,
      maxHeaderSize: LONGEST_HEADER,
      requireHostHeader: false,
    },
    respond,
  );
  server.setTimeout(LONGEST_SILENCE);
  keepOutFlood(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(address, cause)));
    server.listen(address.port, address.host, resolve);
  });
  return server;
}

/** Stops listening and ends every connection. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** The address of a server, with the port that the kernel chose. */
export function addressOf(server: Server): ListenAddress {
  const { address, port } = server.address() as AddressInfo;
  return { host: address, port };
}

function listenError(address: ListenAddress, cause: NodeJS.ErrnoException): IpvsError {
  const { code = '', message } = cause;
  const reason = REFUSALS[code] === undefined ? message : `${code}: ${REFUSALS[code]}`;
  const text = listenAddressText(address);
  return new IpvsError('ERR_IPVS_LISTEN', `cannot listen at ${text}: ${reason}`, {
    operation: `listen at ${text}`,
    cause,
  });
}

/** At the limit the oldest connection is closed, so that idle clients cannot block others. */
function keepOutFlood(server: Server): void {
  const open = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const [oldest] = open;
    if (open.size > MOST_CONNECTIONS) oldest?.destroy();
  });
}
