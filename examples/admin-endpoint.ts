// The table over HTTP, for machines: TOKEN=… node admin-endpoint.js [PORT]
//
//   GET    /services                           every service with its destinations
//   PUT    /services/SERVICE/DESTINATION       { "weight": 0 }
//   DELETE /services/SERVICE/DESTINATION       drained, then deleted
//
// `handle` is a listener of node:http, of the kind that Express takes as well: app.use(handle).
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { Ipvs, IpvsError, isArgumentError, toJson } from '@ipvs-ts/ipvs';

const TOKEN = process.env['TOKEN'] ?? '';
if (TOKEN === '') throw new Error('set TOKEN: whoever knows it may change the table');

const ipvs = await Ipvs.open();
const server = createServer(handle);
server.listen(Number(process.argv[2] ?? 8081), '127.0.0.1', () => console.log('ready'));

function handle(request: IncomingMessage, response: ServerResponse): void {
  answer(request).then(
    ([status, body]) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    (error: unknown) =>
      response
        .writeHead(statusOf(error), { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) })),
  );
}

async function answer(request: IncomingMessage): Promise<[status: number, body: unknown]> {
  if (!authorized(request)) return [401, { error: 'the token is missing or wrong' }];
  const [collection, service, destination, ...more] = (request.url ?? '')
    .split('/')
    .slice(1)
    .map(decodeURIComponent);
  if (collection !== 'services' || more.length > 0) return [404, { error: 'there is only /services' }];
  if (request.method === 'GET' && service === undefined) return [200, toJson(await ipvs.table())];
  if (service === undefined || destination === undefined)
    return [404, { error: 'name a service and a destination' }];
  if (request.method === 'PUT') {
    const { weight } = (await json(request)) as { weight: number };
    await ipvs.updateDestination(service, destination, { weight });
    return [200, { weight }];
  }
  if (request.method === 'DELETE') return [200, await ipvs.drain(service, destination, { timeout: 60_000 })];
  return [405, { error: 'GET, PUT or DELETE' }];
}

function authorized({ headers }: IncomingMessage): boolean {
  const given = Buffer.from(headers.authorization ?? '');
  const due = Buffer.from(`Bearer ${TOKEN}`);
  return given.length === due.length && timingSafeEqual(given, due);
}

function statusOf(error: unknown): number {
  if (isArgumentError(error) || error instanceof SyntaxError || error instanceof TypeError) return 400;
  if (!IpvsError.is(error)) return 500;
  if (error.code.endsWith('_NOT_FOUND')) return 404;
  return error.code === 'ERR_IPVS_LAST_DESTINATION' ? 409 : 500;
}
