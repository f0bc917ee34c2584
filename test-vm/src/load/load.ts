import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Namespace } from '../namespace.js';
import type { Tally } from './tally.js';

/** HTTP requests that continue until they are stopped. */
export class Load {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts workers in a namespace: so many for each path. */
  static async start(
    client: Namespace,
    host: string,
    workers: Readonly<Record<string, number>>,
  ): Promise<Load> {
    const program = fileURLToPath(new URL('./client-program.js', import.meta.url));
    const loads = Object.entries(workers).map(([path, number]) => `${path}=${String(number)}`);
    const words = ['netns', 'exec', client.name, process.execPath, program, host, ...loads];
    const child = spawn('ip', words, { stdio: ['ignore', 2, 2, 'ipc'] });
    await once(child, 'message');
    return new Load(child);
  }

  /** Starts no more requests, waits for those in flight, and returns the results of all. */
  async stop(): Promise<Tally> {
    const tally = once(this.#child, 'message') as Promise<[Tally]>;
    this.#child.send('stop');
    return (await tally)[0];
  }

  /** Ends it at once. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
