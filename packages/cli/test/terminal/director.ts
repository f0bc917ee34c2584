/** A network namespace with IPVS, a server, and clients whose connections stay open on request. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs inside: a server, and as many connected clients as each line says. */
const PROGRAM = `
import { connect, createServer } from 'node:net';
const open = [];
createServer((socket) => socket.pipe(socket).on('error', () => {})).listen(8080, '10.9.0.2');
process.on('message', async (count) => {
  for (const socket of open.splice(0)) socket.end();
  await Promise.all(Array.from({ length: count }, () => new Promise((resolve) => {
    open.push(connect(80, '10.9.0.1', resolve).on('error', resolve));
  })));
  process.send(count);
});
process.send('ready');
`;

/** A service that can be reached, its server, and the address of a server that does not exist. */
export const WEB = 'tcp:10.9.0.1:80';
export const SERVER = '10.9.0.2:8080';
export const OTHER = '10.9.0.3:8080';

/** The namespace. */
export class Director {
  readonly name = `ipvs-ts-terminal-${process.pid}`;
  readonly path = `/run/netns/${this.name}`;
  #child: ChildProcess | undefined;

  async start(): Promise<void> {
    execFileSync('ip', ['netns', 'add', this.name]);
    const ip = ['link set lo up', 'address add 10.9.0.1/32 dev lo', 'address add 10.9.0.2/32 dev lo'];
    execFileSync('ip', ['-n', this.name, '-batch', '-'], { input: `${ip.join('\n')}\n` });
    const words = ['netns', 'exec', this.name, process.execPath, '--input-type=module', '-e', PROGRAM];
    this.#child = spawn('ip', words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await once(this.#child, 'message');
  }

  /** Opens so many new connections. */
  async connections(count: number): Promise<void> {
    this.#child?.send(count);
    await once(this.#child as ChildProcess, 'message');
  }

  async stop(): Promise<void> {
    if (this.#child !== undefined) {
      this.#child.kill();
      await once(this.#child, 'exit');
    }
    execFileSync('ip', ['netns', 'delete', this.name]);
  }
}
