// usage: node check-server.js KEY CERTIFICATE ADDRESS… — servers for checks of every type, on each address. Lines on
// standard input change one: `live ADDRESS`, `refuse ADDRESS` (its ports are closed), `mute ADDRESS` (connections are
// accepted and nothing comes), `page ADDRESS` (other pages, with status 500). It prints a line when it has done so.
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

const [key = '', cert = '', ...addresses] = process.argv.slice(2);
const TLS = { key: readFileSync(key), cert: readFileSync(cert) };

type Mode = 'live' | 'refuse' | 'mute' | 'page';

/** One address with its ports. */
class CheckServer {
  readonly #address: string;
  readonly #connections = new Set<Socket>();
  #servers: Server[] = [];
  #datagrams: DatagramSocket[] = [];
  #mode: Mode = 'live';

  constructor(address: string) {
    this.#address = address;
  }

  async open(): Promise<void> {
    const http = (): Server => createHttpServer((request, response) => this.#page(request, response));
    this.#servers = await Promise.all([
      this.#listen(80, http()),
      this.#listen(8080, http()),
      this.#listen(
        443,
        createHttpsServer(TLS, (request, response) => this.#page(request, response)),
      ),
      this.#listen(
        25,
        createServer((socket) => this.#mail(socket)),
      ),
    ]);
    this.#datagrams = await Promise.all([
      this.#bind(53, (socket, query, { address, port }) => socket.send(answerTo(query), port, address)),
      this.#bind(7, (socket, text, { address, port }) => socket.send(text, port, address)),
    ]);
  }

  async change(mode: Mode): Promise<void> {
    const wasClosed = this.#mode === 'refuse';
    this.#mode = mode;
    if (mode === 'refuse') await this.#close();
    else if (wasClosed) await this.open();
  }

  #page({ url = '/', headers }: IncomingMessage, response: ServerResponse): void {
    if (this.#mode === 'mute') return;
    const isBroken = this.#mode === 'page';
    const host = /^\/host\/(.*)/.exec(url)?.[1];
    const status = url === '/created' ? 201 : host !== undefined && host !== headers.host ? 404 : 200;
    response
      .writeHead(isBroken && url !== '/digest' ? 500 : status, { connection: 'close' })
      .end(isBroken ? 'broken\n' : 'alive\n');
  }

  #mail(socket: Socket): void {
    if (this.#mode === 'mute') return;
    socket.write('220 mail.example.org ESMTP\r\n');
    const lines = createInterface(socket).on('error', () => undefined);
    lines.on('line', (line) => {
      if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
      else socket.write('250 mail.example.org\r\n');
    });
  }

  async #listen(port: number, server: Server): Promise<Server> {
    server.on('connection', (socket: Socket) => {
      this.#connections.add(socket.on('error', () => undefined));
      socket.on('close', () => this.#connections.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject).listen(port, this.#address, resolve);
    });
    return server;
  }

  async #bind(
    port: number,
    reply: (socket: DatagramSocket, message: Buffer, from: { address: string; port: number }) => void,
  ): Promise<DatagramSocket> {
    const socket = createSocket('udp4');
    socket.on('error', () => undefined).on('message', (message, from) => reply(socket, message, from));
    await new Promise<void>((resolve) => socket.bind(port, this.#address, resolve));
    return socket;
  }

  async #close(): Promise<void> {
    const closed = [
      ...this.#servers.map((server) => new Promise((resolve) => server.close(resolve))),
      ...this.#datagrams.map((socket) => new Promise<void>((resolve) => socket.close(resolve))),
    ];
    for (const socket of this.#connections) socket.destroy();
    await Promise.all(closed);
  }
}

/** An address for every question: 192.0.2.80. */
function answerTo(query: Buffer): Buffer {
  const name = query.indexOf(0, 12);
  const question = query.subarray(12, name + 5);
  const header = Buffer.from([...query.subarray(0, 2), 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
  const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 80]);
  return Buffer.concat([header, question, answer]);
}

const servers = new Map(addresses.map((address) => [address, new CheckServer(address)]));
for (const server of servers.values()) await server.open();
process.stdout.write('ready\n');
for await (const line of createInterface(process.stdin)) {
  const [mode, address = ''] = line.split(' ');
  await servers.get(address)?.change(mode as Mode);
  process.stdout.write('done\n');
}
process.exit();
