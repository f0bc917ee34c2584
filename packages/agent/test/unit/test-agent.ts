import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ipvs } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { type Agent, type AgentServer, failed, passed, runAgent, serveAgent } from '@ipvs-ts/agent';

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
  readonly file = join(this.folder, 'director.json');
  readonly kernel = new IpvsKernel();
  /** Addresses of servers that fail checks of type `mine`. */
  readonly dead = new Set<string>();
  readonly #ends: (() => Promise<void>)[] = [];

  /** Replaces the document as a whole. */
  write(document: object | string): void {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    writeFileSync(`${this.file}.new`, text);
    renameSync(`${this.file}.new`, this.file);
  }

  /** Starts an agent; it ends with {@link remove}. */
  async start(): Promise<Agent> {
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
    });
    this.#ends.push(() => agent.close());
    return agent;
  }

  /** Serves what its socket and its TCP listeners answer; ends with {@link remove}. */
  async serve(agent: Agent): Promise<AgentServer> {
    const server = await serveAgent(agent, { socket: join(this.folder, 'agent.sock') });
    this.#ends.push(() => server.close());
    return server;
  }

  /** Another client of its kernel: the hand of somebody else. */
  open(): Promise<Ipvs> {
    return Ipvs.open({ transport: doubleTransport(this.kernel), proc: '/nonexistent' });
  }

  /** Ends what runs, and removes the folder. */
  async remove(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits for something that is to happen; the limit is on silence. A condition that throws does not hold yet. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 30_000;
  const holds = async (): Promise<boolean> => condition();
  while (!(await holds().catch(() => false))) {
    if (performance.now() > end) throw new Error(`it did not happen: ${what}`);
    await sleep(10);
  }
}

/** A TCP port of this host that nobody uses. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
