import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Ipvs } from '@ipvs-ts/ipvs';
import type { Namespace } from '../namespace.js';
import type { FailedRequest } from './accounts.js';
import type { Answered, Failure } from './requests-program.js';

/** Milliseconds in which failures are collected, so that the connections are read once for many. */
const COLLECT = 300;
/** The most readings of the connections for one failure. */
const READINGS = 10;

/** Requests to the virtual addresses of directors, and where those that failed had been scheduled to. */
export class Requests {
  /** The failed ones, by virtual address. */
  readonly failed = new Map<string, FailedRequest[]>();
  readonly #child: ChildProcess;
  readonly #directors: ReadonlyMap<string, Ipvs>;
  #waiting: Failure[] = [];
  #turn: Promise<void> | undefined;

  private constructor(child: ChildProcess, directors: ReadonlyMap<string, Ipvs>) {
    this.#child = child;
    this.#directors = directors;
    for (const address of directors.keys()) this.failed.set(address, []);
  }

  /** Starts them. `directors`: the one of each virtual address. */
  static async start(client: Namespace, directors: ReadonlyMap<string, Ipvs>): Promise<Requests> {
    const program = fileURLToPath(new URL('./requests-program.js', import.meta.url));
    const words = ['netns', 'exec', client.name, process.execPath, program, ...directors.keys()];
    const child = spawn('ip', words, { stdio: ['ignore', 2, 2, 'ipc'] });
    await once(child, 'message');
    const requests = new Requests(child, directors);
    child.on('message', (message: Failure | Answered) => {
      if ('reason' in message) requests.#note(message as Failure);
    });
    return requests;
  }

  /** Starts no more, waits for those under way, and returns how many were answered, by virtual address. */
  async stop(): Promise<Answered> {
    const answered = new Promise<Answered>((resolve) => {
      this.#child.on('message', (message: Failure | Answered) => {
        if (!('reason' in message)) resolve(message);
      });
    });
    this.#child.send('stop');
    const result = await answered;
    await this.#turn;
    return result;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #note(failure: Failure): void {
    this.#waiting.push(failure);
    this.#turn ??= new Promise((resolve) => setTimeout(resolve, COLLECT)).then(async () => {
      this.#turn = undefined;
      await this.#lookUp(this.#waiting.splice(0));
    });
  }

  async #lookUp(failures: readonly Failure[]): Promise<void> {
    for (const [address, ipvs] of this.#directors) {
      const own = failures.filter((each) => each.address === address);
      if (own.length === 0) continue;
      const scheduled = new Map<number, string>();
      // The entry of a connection stays for ten seconds at least; a reading misses some when others go meanwhile.
      for (let time = 0; time < READINGS && own.some(({ port }) => !scheduled.has(port)); time++)
        for await (const { client, destination } of ipvs.connections())
          scheduled.set(client.port, `${destination.address}:${String(destination.port)}`);
      for (const { port, path, from, to, reason } of own)
        this.failed.get(address)?.push({ path, from, to, reason, server: scheduled.get(port) });
    }
  }
}
