// usage: node page-server.js FILE — serve one page on port 80, one request a connection.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const page = readFileSync(process.argv[2] ?? '');

createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain', connection: 'close' }).end(page);
}).listen(80);
