// usage: node requests-program.js ADDRESS… (with an IPC channel) — workers ask every address for /short and /long again
// and again, each time from a port of its own, until the message `stop`. Failed requests are reported at once, answers
// are counted and reported at the end.
import { request as open } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds of silence after which a request has failed. */
const SILENCE = 5000;
/** Workers of each address, and the milliseconds that each waits between its requests. */
const WORKERS = [
  { path: '/short', number: 4, pause: 60 },
  { path: '/long', number: 2, pause: 100 },
] as const;

/** What is reported of a request that failed. */
export interface Failure {
  readonly address: string;
  readonly path: string;
  /** The local port. */
  readonly port: number;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** Answers by address. */
export type Answered = Readonly<Record<string, number>>;

const answered: Record<string, number> = {};
let running = true;
let nextPort = 10_000;

function ask(host: string, path: string, localPort: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = open({ host, path, localPort, agent: false, timeout: SILENCE }, (response) => {
      let length = 0;
      response.on('data', (piece: Buffer) => (length += piece.length));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode !== 200) reject(new Error(`status ${String(response.statusCode)}`));
        else if (length !== Number(response.headers['content-length'])) reject(new Error('cut short'));
        else resolve();
      });
    });
    request.on('timeout', () => {
      request.socket?.resetAndDestroy();
      reject(new Error('silence'));
    });
    request.on('error', reject);
    request.end();
  });
}

async function work(address: string, path: string, pause: number): Promise<void> {
  while (running) {
    const port = nextPort;
    nextPort = nextPort === 65_000 ? 10_000 : nextPort + 1;
    const from = Date.now();
    try {
      await ask(address, path, port);
      answered[address] = (answered[address] ?? 0) + 1;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      process.send?.({
        address,
        path,
        port,
        from,
        to: Date.now(),
        reason: code ?? message,
      } satisfies Failure);
    }
    await delay(pause);
  }
}

process.once('message', () => {
  running = false;
});
process.send?.('ready');
await Promise.all(
  process.argv
    .slice(2)
    .flatMap((address) =>
      WORKERS.flatMap(({ path, number, pause }) =>
        Array.from({ length: number }, () => work(address, path, pause)),
      ),
    ),
);
process.send?.(answered);
process.disconnect();
