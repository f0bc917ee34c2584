import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Lab } from '../lab.js';
import { startLongPages } from '../load/long-pages.js';
import type { Namespace } from '../namespace.js';

/** nginx on a host of its own, to be killed and hung. */
export class Server {
  /** Its destination: `192.0.2.31:80`. */
  readonly name: string;
  /** Whether something is being done to it. */
  busy = false;
  readonly #host: Namespace;
  readonly #lab: Lab;
  #process: ChildProcess | undefined;

  constructor(lab: Lab, host: Namespace, name: string) {
    this.#lab = lab;
    this.#host = host;
    this.name = name;
  }

  /** Starts it, and waits until it answers. */
  async start(): Promise<void> {
    const { process } = await startLongPages(this.#host, this.name, this.#lab.cleanup);
    this.#process = process;
  }

  /** Ends it with a signal, and waits for that. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const server = this.#process;
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill(signal);
    await gone;
  }

  /** Stops it: the kernel still accepts connections for it, and nothing answers. */
  hang(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }
}
