// usage: node page-server.js DIRECTORY RATE — serves its index.html, and its file `download` at RATE bytes a second, on
// port 80, with one request for each connection.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const [directory = '', rate = ''] = process.argv.slice(2);
const page = readFileSync(join(directory, 'index.html'));
const download = readFileSync(join(directory, 'download'));
/** Pieces of the download that are sent each second. */
const PIECES = 10;

createServer((request, response) => {
  void answer(request, response);
}).listen(80);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = request.url === '/download' ? download : page;
  response.writeHead(200, {
    'content-type': 'text/plain',
    'content-length': body.length,
    connection: 'close',
  });
  const size = body === page ? page.length : Math.ceil(Number(rate) / PIECES);
  for (let at = 0; at < body.length && !response.destroyed; at += size) {
    response.write(body.subarray(at, at + size));
    if (at + size < body.length) await delay(1_000 / PIECES);
  }
  response.end();
}
