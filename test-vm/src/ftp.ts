import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Cleanup } from './cleanup.js';
import { dial } from './http-client.js';
import { inside } from './inside.js';
import type { Namespace } from './namespace.js';

/** Milliseconds that a client waits. */
const LIMIT = 5000;

/** A minimal FTP server: it can send one file over a passive connection. */
export function ftpServer(host: Namespace, address: string, cleanup: Cleanup): void {
  const open = new Set<Socket | Server>();
  const listen = (port: number, take: (socket: Socket) => void): Server => {
    const server = createServer((socket) => {
      open.add(socket.on('error', () => undefined));
      take(socket);
    });
    open.add(server);
    inside(host.path, () => server.listen({ port, host: undefined }));
    return server;
  };
  listen(21, (control) => {
    control.write('220 ready\r\n');
    control.on('data', (data) => {
      if (!data.toString().startsWith('PASV')) return;
      const server = listen(0, (socket) => socket.end('a file'));
      server.once('listening', () => {
        const { port } = server.address() as { port: number };
        const where = [...address.split('.'), port >> 8, port & 255].join(',');
        control.write(`227 Entering Passive Mode (${where}).\r\n`);
      });
    });
  });
  cleanup.add(`FTP server of ${host.name}`, async () => {
    for (const each of open) if ('destroy' in each) each.destroy();
    for (const each of open) if (!('destroy' in each)) each.close();
  });
}

/** Fetches the file through the address that the server names; `(no page: …)` if that fails. */
export async function ftpAsk(client: Namespace, address: string, cleanup: Cleanup): Promise<string> {
  const control = dial(client, address, 21);
  cleanup.add('FTP connection', async () => {
    control.destroy();
  });
  control.on('error', () => undefined);
  const said = async (): Promise<string> =>
    String(((await once(control, 'data', { signal: AbortSignal.timeout(LIMIT) })) as [Buffer])[0]);
  try {
    await said();
    control.write('PASV\r\n');
    const numbers = /\(([0-9,]+)\)/.exec(await said())?.[1]?.split(',') ?? [];
    const port = Number(numbers[4]) * 256 + Number(numbers[5]);
    const data = dial(client, numbers.slice(0, 4).join('.'), port);
    const [file] = (await once(data, 'data', { signal: AbortSignal.timeout(LIMIT) })) as [Buffer];
    data.destroy();
    return String(file);
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    return code === 'ENETUNREACH' || code === 'EHOSTUNREACH'
      ? '(no page: unreachable)'
      : `(no page: ${name === 'AbortError' ? 'timeout' : (code ?? name)})`;
  }
}
