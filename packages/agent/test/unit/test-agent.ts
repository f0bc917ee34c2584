import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ipvs } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import {
  type Agent,
  type AgentOptions,
  type AgentServer,
  failed,
  passed,
  runAgent,
  serveAgent,
} from '@ipvs-ts/agent';

export const WEB = 'tcp:192.0.2.10:80';
export const ONE = '10.0.0.1:80';
export const TWO = '10.0.0.2:80';

/** A check of type `mine`, ten times a second; two failures take a destination down, one pass brings it up. */
export const MINE = {
  mine: {},
  interval: '100ms',
  failingInterval: '100ms',
  timeout: '1s',
  fall: 2,
  rise: 1,
};

/** The folder of an agent with its document, a kernel in memory, and servers that live or are dead as the test says. */
export class TestAgent {
  readonly folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-agent-'));
  readonly file = join(this.folder, 'director.yaml');
  readonly kernel = new IpvsKernel();
  /** Addresses of servers that fail checks of type `mine`. */
  readonly dead = new Set<string>();
  readonly #ends: (() => unknown)[] = [];

  /** Replaces the document as a whole. */
  write(document: object | string): void {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    writeFileSync(`${this.file}.new`, text);
    renameSync(`${this.file}.new`, this.file);
  }

  /** Starts an agent; it ends with {@link remove}. `options`: other than those of all tests. */
  async start(options: AgentOptions = {}): Promise<Agent> {
    const agent = await runAgent({
      file: this.file,
      runtimeDirectory: join(this.folder, 'run'),
      stateDirectory: join(this.folder, 'state'),
      checkTypes: {
        mine: {
          about: 'The test decides.',
          fields: {},
          needsPort: false,
          run: async ({ address }) =>
            this.dead.has(address)
              ? { ...failed('dead'), milliseconds: 3 }
              : { ...passed('alive'), milliseconds: 30 },
        },
      },
      open: () => this.open(),
      ...options,
    });
    this.end(() => agent.close());
    return agent;
  }

  /** Adds something to end with {@link remove}: what was started last ends first. */
  end(end: () => unknown): void {
    this.#ends.push(end);
  }

  /** Serves what its socket and its TCP listeners answer; ends with {@link remove}. */
  async serve(agent: Agent): Promise<AgentServer> {
    const server = await serveAgent(agent, { socket: join(this.folder, 'agent.sock') });
    this.end(() => server.close());
    return server;
  }

  /** Another client of its kernel, for changes by others. */
  open(): Promise<Ipvs> {
    return Ipvs.open({ transport: doubleTransport(this.kernel), proc: '/nonexistent' });
  }

  /** Ends all that runs, and removes the folder; then throws what the first end that failed threw. */
  async remove(): Promise<void> {
    const failures: unknown[] = [];
    for (const end of this.#ends.splice(0).reverse())
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    rmSync(this.folder, { recursive: true, force: true });
    if (failures.length > 0) throw failures[0];
  }
}

/** Waits for an expected condition; the limit is on silence. A condition that throws does not hold yet. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 30_000;
  const holds = async (): Promise<boolean> => condition();
  while (!(await holds().catch(() => false))) {
    if (performance.now() > end) throw new Error(`it did not happen: ${what}`);
    await sleep(10);
  }
}

/** A free TCP port of this host. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
