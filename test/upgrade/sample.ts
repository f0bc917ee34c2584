/** An agent on a kernel in memory, whose directories a test makes or takes from a version that was released. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Agent, type AgentServer, runAgent, serveAgent } from '@ipvs-ts/agent';
import { Ipvs } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';

/** One service: a destination that is up, one that is down, one in maintenance, and one without a check. */
export const SERVICE = 'tcp:192.0.2.10:80';
export const UP = '10.0.0.11:80';
export const DOWN = '10.0.0.12:80';
export const MAINTAINED = '10.0.0.13:80';

/** What the socket is asked, and the file that has the answer. */
export const QUESTIONS: Readonly<Record<string, string>> = {
  'status.json': '/status',
  'explain.json': `/explain?service=${SERVICE}`,
  'explain-destination.json': `/explain?service=${SERVICE}&destination=${DOWN}`,
  'events.json': '/events',
  'maintenance.json': '/maintenance',
  'ready.json': '/ready',
  'live.json': '/live',
};

/** An agent in `folder`, with `runtime/`, `state/` and files that say which destinations are up. */
export class Sample {
  readonly kernel = new IpvsKernel();
  readonly #folder: string;
  #agent: Agent | undefined;
  #server: AgentServer | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(join(folder, 'fit'), { recursive: true });
    for (const [key, word] of [
      [UP, 'up'],
      [DOWN, 'down'],
      [MAINTAINED, 'up'],
    ] as const)
      writeFileSync(join(folder, 'fit', key.split(':')[0] as string), `${word}\n`);
    writeFileSync(join(folder, 'director.json'), JSON.stringify(this.#document()));
  }

  /** A client of the kernel. */
  ipvs(): Promise<Ipvs> {
    return Ipvs.open({ transport: doubleTransport(this.kernel), proc: '/nonexistent' });
  }

  async start(): Promise<Agent> {
    this.#agent = await runAgent({
      file: join(this.#folder, 'director.json'),
      runtimeDirectory: join(this.#folder, 'runtime'),
      stateDirectory: join(this.#folder, 'state'),
      open: () => this.ipvs(),
    });
    this.#server = await serveAgent(this.#agent, { socket: this.#socket });
    return this.#agent;
  }

  /** Waits until the destination that is down has been judged, and the table is true. */
  async judged(): Promise<void> {
    const state = (key: string): string | undefined =>
      this.#agent?.status().services[0]?.destinations.find(({ destination }) => destination === key)?.state;
    while (state(DOWN) !== 'down' || state(UP) !== 'up') await sleep(20);
    await this.#agent?.settled();
  }

  /** The agent's answer to a question of HTTP. */
  ask(path: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      request({ socketPath: this.#socket, path }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve(JSON.parse(text)));
      })
        .on('error', reject)
        .end();
    });
  }

  async close(): Promise<void> {
    await this.#server?.close();
    await this.#agent?.close();
  }

  get #socket(): string {
    return join(this.#folder, 'agent.sock');
  }

  #document(): object {
    const check = { file: { path: join(this.#folder, 'fit/{address}') }, interval: '200ms', fall: 1 };
    return {
      services: {
        [SERVICE]: {
          scheduler: 'wrr',
          check,
          destinations: Object.fromEntries([UP, DOWN, MAINTAINED].map((key) => [key, { weight: 10 }])),
        },
        'fwmark:7': { check: 'none', destinations: { '10.0.0.31:0': {} } },
      },
      agent: { id: 'lb1' },
    };
  }
}
