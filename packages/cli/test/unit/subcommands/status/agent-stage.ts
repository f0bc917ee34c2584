/** An agent on a kernel in memory, and commands that ask it over its socket. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Agent, type AgentServer, runAgent, serveAgent } from '@ipvs-ts/agent';
import { Ipvs } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { ran, type Ran, type World } from '../fake-subcommand-io.js';

/** The agent, its files and its kernel. */
export class AgentStage {
  readonly kernel = new IpvsKernel();
  readonly folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-status-'));
  readonly socket = join(this.folder, 'agent.sock');
  readonly file = join(this.folder, 'director.json');
  agent: Agent | undefined;
  #server: AgentServer | undefined;

  /** Starts the agent with a document, and waits until it has dealt with that. */
  async start(document: object, { observe = false } = {}): Promise<Agent> {
    this.write(document);
    this.agent = await runAgent({
      file: this.file,
      runtimeDirectory: join(this.folder, 'run'),
      stateDirectory: join(this.folder, 'state'),
      open: () => this.open(),
      observe,
    });
    this.#server = await serveAgent(this.agent, { socket: this.socket });
    await this.agent.settled();
    return this.agent;
  }

  write(document: object): void {
    writeFileSync(this.file, JSON.stringify(document));
  }

  open(): Promise<Ipvs> {
    return Ipvs.open({ transport: doubleTransport(this.kernel), proc: '/nonexistent' });
  }

  /** Runs a command against the agent. */
  run(words: readonly string[], world: World = {}): Promise<Ran> {
    return ran([...words, '--socket', this.socket], { kernel: this.kernel, ...world });
  }

  /** Waits for something that is to happen; the limit is on silence. */
  async until(what: string, condition: () => boolean): Promise<void> {
    for (let tries = 0; tries < 3000; tries++) {
      if (condition()) return;
      await sleep(10);
    }
    throw new Error(`it did not happen: ${what}`);
  }

  async close(): Promise<void> {
    await this.#server?.close();
    await this.agent?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
