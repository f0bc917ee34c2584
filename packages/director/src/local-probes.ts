import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { ENVIRONMENT } from './environment.js';
import type { ConnectResult, Probes } from './host.js';

/** Milliseconds after which a connection counts as hanging; long enough for a second SYN. */
const CONNECT_LIMIT = 3500;
/** Milliseconds to listen for sync messages: a master may delay one for two seconds. */
const LISTEN = 4500;

/** Probes from the network namespace of this process. */
export const localProbes: Probes = {
  // On a busy host an answer may have arrived but not been read yet, so a connection that seems to hang is tried again.
  connect: async (host, port) => {
    const first = await attempt(host, port);
    return first === 'timeout' ? attempt(host, port) : first;
  },

  taken: (device, address) =>
    new Promise((resolve) => {
      // Duplicate address detection. Its exit status is the answer: 0 for nobody, 1 if somebody answered.
      const words = ['-D', '-q', '-c', '2', '-w', '2', '-I', device, address];
      execFile('arping', words, { env: ENVIRONMENT }, (error) => {
        resolve(error === null ? false : error.code === 1 ? true : undefined);
      });
    }),

  syncIds: async ({ group = '224.0.0.81', port, interface: device }) => {
    const ids = new Set<number>();
    const socket = createSocket({ type: group.includes(':') ? 'udp6' : 'udp4', reuseAddr: true });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.on('message', (message) => {
          // `struct ip_vs_sync_mesg`: a zero byte, then the id.
          if (message.length >= 8 && message[0] === 0) ids.add(message[1] as number);
        });
        socket.bind(port, group, () => {
          socket.addMembership(group, group.includes(':') ? `::%${device}` : interfaceAddress(device));
          resolve();
        });
      });
      await delay(LISTEN);
    } finally {
      socket.close();
    }
    return [...ids];
  },
};

/** Tries to connect. At its limit the event loop is polled once more before the connection counts as hanging. */
function attempt(host: string, port: number): Promise<ConnectResult> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (result: ConnectResult): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => setImmediate(end, 'timeout'), CONNECT_LIMIT);
    socket.once('connect', () => {
      end('open');
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      end(code === 'ECONNREFUSED' ? 'refused' : code === 'ETIMEDOUT' ? 'timeout' : 'unreachable');
    });
  });
}

/** The first IPv4 address of an interface, which a socket needs to join a group there. */
function interfaceAddress(device: string): string | undefined {
  return networkInterfaces()[device]?.find(({ family }) => family === 'IPv4')?.address;
}
