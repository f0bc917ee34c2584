import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Namespace } from './namespace.js';

/** Where the servers of {@link Traffic} listen, and the address that services may have. */
export const SERVER = { tcp: '10.9.0.2:8080', udp: '10.9.0.2:5353', slow: '10.9.0.2:8081' };
export const VIRTUAL = { tcp: 'tcp:10.9.0.1:80', udp: 'udp:10.9.0.1:53' };

/** Runs inside the namespace: servers, and a client that executes one command word at a time. */
const PROGRAM = `
import { connect, createServer } from 'node:net';
import { createSocket } from 'node:dgram';
const open = [];
let talking;
let heard;
createServer((socket) => socket.on('data', (data) => socket.write(data)).on('error', () => {})).listen(8080, '10.9.0.2');
createServer({ allowHalfOpen: true }, (socket) => {
  let left = 50;
  const sending = setInterval(() => left-- > 0 ? socket.write(Buffer.alloc(20_000)) : clearInterval(sending, socket.end()), 100);
  socket.on('data', () => {}).on('error', () => clearInterval(sending));
}).listen(8081, '10.9.0.2');
createSocket('udp4').bind(5353, '10.9.0.2');
const udp = createSocket('udp4');
const acts = {
  open: () => new Promise((resolve) => {
    const socket = connect(80, '10.9.0.1', () => socket.write('x')).on('data', resolve).on('error', resolve);
    open.push(socket);
  }),
  close: () => { for (const socket of open.splice(0)) socket.end(); },
  listen: () => new Promise((resolve) => {
    let length = 0;
    const socket = connect(80, '10.9.0.1', () => { socket.end('x'); resolve(); });
    socket.on('data', (data) => { length += data.length; });
    heard = new Promise((resolve) => socket.on('end', () => resolve(length)).on('error', resolve));
    socket.setTimeout(5000, () => socket.destroy(new Error('nothing comes')));
  }),
  heard: () => heard,
  talk: () => { talking = setInterval(() => udp.send('x', 53, '10.9.0.1'), 200); },
  hush: () => clearInterval(talking),
};
process.on('message', async (word) => { process.send(String(await acts[word]())); });
process.send('ready');
`;

/** Servers and a client in a namespace, which gets their addresses. */
export class Traffic {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(netns: Namespace): Promise<Traffic> {
    for (const host of ['10.9.0.1/32', '10.9.0.2/32']) netns.ip('addr', 'add', host, 'dev', 'lo');
    const args = ['netns', 'exec', netns.name, process.execPath, '--input-type=module', '-e', PROGRAM];
    const child = spawn('ip', args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await once(child, 'message');
    return new Traffic(child);
  }

  /**
   * `open` a TCP connection, `close` all, `talk` by UDP five times a second, `hush`; `listen`: say all at once, close
   * that direction, and listen for five seconds; `heard`: how many bytes came. Gives what comes of it.
   */
  async tell(word: 'open' | 'close' | 'talk' | 'hush' | 'listen' | 'heard'): Promise<string> {
    this.#child.send(word);
    return ((await once(this.#child, 'message')) as [string])[0];
  }

  async stop(): Promise<void> {
    this.#child.kill();
    await once(this.#child, 'exit');
  }
}
