// usage: node client-program.js HOST PATH=WORKERS… (with an IPC channel) — each worker requests its path again and
// again, over a new connection each time, until the message `stop`; then the tally is sent. Requests for `/upload`
// send a body in pieces.
import { type ClientRequest, request as open } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Tally } from './tally.js';

/** Milliseconds after which a request counts as lost. */
const LIMIT = 10_000;

/** Milliseconds that a short page takes at least if a packet had to be sent again. */
const SLOW = 900;

/** The body: pieces, bytes of each, and milliseconds between them. */
const BODY = { pieces: 20, bytes: 1000, pause: 100 };

const [host = '', ...loads] = process.argv.slice(2);
const tally: Tally = { answered: {}, lost: {}, slow: 0 };
let running = true;

function ask(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(LIMIT);
    const method = path === '/upload' ? 'POST' : 'GET';
    const request = open({ host, path, method, agent: false, signal }, (response) => {
      const wanted = Number(response.headers['content-length']);
      let length = 0;
      let first = '';
      response.on('data', (piece: Buffer) => {
        if (length === 0) first = piece.toString('latin1').split('\n')[0] ?? '';
        length += piece.length;
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode !== 200) reject(new Error(`status ${String(response.statusCode)}`));
        else if (length !== wanted) reject(new Error('cut short'));
        else resolve(first);
      });
    });
    request.on('error', (error) => {
      reject(signal.aborted ? new Error('timeout') : error);
    });
    if (method === 'POST') void upload(request);
    else request.end();
  });
}

async function upload(request: ClientRequest): Promise<void> {
  request.setHeader('content-length', BODY.pieces * BODY.bytes);
  for (let piece = 0; piece < BODY.pieces && !request.destroyed; piece += 1) {
    request.write(Buffer.alloc(BODY.bytes, '.'));
    await delay(BODY.pause);
  }
  request.end();
}

async function work(path: string): Promise<void> {
  while (running) {
    try {
      const start = performance.now();
      const server = `${path} of ${await ask(path)}`;
      if (path === '/short' && performance.now() - start > SLOW) tally.slow += 1;
      tally.answered[server] = (tally.answered[server] ?? 0) + 1;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = `${path}: ${code ?? message}`;
      tally.lost[reason] = (tally.lost[reason] ?? 0) + 1;
      // A refusal is immediate: without a pause there would be nothing but refusals.
      await delay(50);
    }
  }
}

process.once('message', () => {
  running = false;
});
process.send?.('ready');
await Promise.all(
  loads.flatMap((load) => {
    const [path = '', workers] = load.split('=');
    return Array.from({ length: Number(workers) }, () => work(path));
  }),
);
process.send?.(tally);
process.disconnect();
