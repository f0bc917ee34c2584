import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ipvs } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import {
  type Agent,
  type AgentServer,
  type CheckResult,
  failed,
  passed,
  runAgent,
  serveAgent,
} from '@ipvs-ts/agent';

/** An agent on a kernel in memory, with its page. */
export class Lab {
  readonly kernel = new IpvsKernel();
  /** The result of a check of type `mine` by address; it passes by default. */
  readonly results = new Map<string, CheckResult>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-page-'));
  readonly #servers: Server[] = [];
  #agent: Agent | undefined;
  #socket: AgentServer | undefined;
  #port = 0;

  get agent(): Agent {
    return this.#agent as Agent;
  }

  /** The address of the page. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** Starts the agent with a document, and waits until it has applied it. */
  async start(document: object): Promise<void> {
    this.#port = await freePort();
    this.write(document);
    await this.run();
  }

  /** Starts the agent, again. */
  async run(): Promise<void> {
    this.#agent = await runAgent({
      file: join(this.#folder, 'director.yaml'),
      runtimeDirectory: join(this.#folder, 'run'),
      stateDirectory: join(this.#folder, 'state'),
      checkTypes: {
        mine: {
          about: 'The test decides.',
          fields: {},
          needsPort: false,
          run: async ({ address }) => ({
            milliseconds: 1 + (Number(address.split('.').at(-1)) % 7) + Math.random() * 4,
            ...(this.results.get(address) ?? passed('status 200')),
          }),
        },
      },
      open: () => Ipvs.open({ transport: doubleTransport(this.kernel), proc: '/nonexistent' }),
    });
    this.#socket = await serveAgent(this.#agent, { socket: join(this.#folder, 'agent.sock') });
    await until('the page answers', async () => (await fetch(`${this.url}live`)).ok);
  }

  /** Replaces the document. */
  write(document: object | string): void {
    const whole = {
      ...(typeof document === 'string' ? {} : document),
      agent: { id: 'lb1', listen: { page: `127.0.0.1:${this.#port}` } },
    };
    const path = join(this.#folder, 'director.yaml');
    writeFileSync(`${path}.new`, typeof document === 'string' ? document : JSON.stringify(whole));
    renameSync(`${path}.new`, path);
  }

  /** A check fails from now on, or passes again. */
  fails(address: string, reason: string | undefined): void {
    if (reason === undefined) this.results.delete(address);
    else this.results.set(address, failed(reason));
  }

  /** Starts a web server on a loopback address. */
  async web(address: string, port: number): Promise<Server> {
    const server = createServer((_, response) => response.end('ok\n'));
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
    this.#servers.push(server);
    return server;
  }

  /** Stops the agent; the table and its files stay. */
  async stop(): Promise<void> {
    await this.#socket?.close();
    await this.#agent?.close();
  }

  async close(): Promise<void> {
    await this.stop();
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Waits for an expected condition; the limit is on silence. */
export async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + 60_000;
  for (;;) {
    try {
      if (await condition()) return;
    } catch {
      // Not yet.
    }
    if (performance.now() > end) throw new Error(`it did not happen: ${what}`);
    await sleep(20);
  }
}

/** A free port of this machine. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
