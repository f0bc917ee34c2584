/** A fleet on one node of etcd, its directors in several processes, which is measured. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fleet } from '@ipvs-ts/agent';
import { put, settings } from '../directors.js';
import { Etcd, type EtcdNode } from '../etcd.js';
import { type EtcdCost, etcdCost } from './etcd-cost.js';
import type { Cost, Job, Question } from './job.js';

/** How large a fleet is. */
export interface FleetSize {
  readonly directors: number;
  readonly destinations: number;
}

/** What a step cost: the store, and all directors together. */
export interface StepCost extends EtcdCost {
  /** CPU of all directors, in milliseconds. */
  readonly directorsCpu: number;
}

/** Directors in one process: their tables and documents share its memory. */
const DIRECTORS_A_PROCESS = 10;
const DESTINATIONS_A_SERVICE = 100;

/** A running fleet. */
export class ScaleFleet {
  readonly size: FleetSize;
  readonly #etcd: Etcd;
  readonly #fleet: Fleet;
  readonly #processes: readonly ChildProcess[];
  readonly #folder: string;

  private constructor(size: FleetSize, etcd: Etcd, processes: readonly ChildProcess[], folder: string) {
    this.size = size;
    this.#etcd = etcd;
    this.#fleet = new Fleet(settings(etcd.endpoints));
    this.#processes = processes;
    this.#folder = folder;
  }

  static async start(size: FleetSize): Promise<ScaleFleet> {
    const etcd = await Etcd.start();
    const folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-scale-'));
    const ids = Array.from({ length: size.directors }, (_, index) => `lb${index}`);
    const processes: ChildProcess[] = [];
    for (let from = 0; from < ids.length; from += DIRECTORS_A_PROCESS) {
      const job: Job = {
        ids: ids.slice(from, from + DIRECTORS_A_PROCESS),
        etcd: settings(etcd.endpoints),
        folder,
      };
      const child = fork(new URL('./directors-process.js', import.meta.url), [JSON.stringify(job)]);
      processes.push(child);
      await replyOf(child);
    }
    return new ScaleFleet(size, etcd, processes, folder);
  }

  /** Puts the whole document, and waits until every director has it: what that cost. */
  async putAll(): Promise<StepCost> {
    const { destinations } = this.size;
    const changes = destinations + Math.ceil(destinations / DESTINATIONS_A_SERVICE);
    return this.#measured(async () => {
      await put(this.#fleet, documentText(destinations, 100));
      await this.#ask({ changes });
    });
  }

  /** Puts a document in which one weight is another. */
  async putOneChange(): Promise<StepCost> {
    return this.#measured(async () => {
      await put(this.#fleet, documentText(this.size.destinations, 50));
      await this.#ask({ changes: 1 });
    });
  }

  /** Does `work`, such as waiting: what the fleet cost meanwhile. */
  async meanwhile(work: () => Promise<unknown>): Promise<StepCost> {
    return this.#measured(work);
  }

  /** Length of the document, in bytes. */
  get documentBytes(): number {
    return documentText(this.size.destinations, 100).length;
  }

  /** Resident memory of all directors, in bytes. */
  async memory(): Promise<number> {
    return sumOf((await this.#ask('cost')) as Cost[], ({ memory }) => memory);
  }

  async stop(): Promise<void> {
    this.#fleet.close();
    const ends = this.#processes.map(async (child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of this.#processes) child.send('end' satisfies Question);
    await Promise.all(ends);
    await this.#etcd.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #measured(work: () => Promise<unknown>): Promise<StepCost> {
    const node = this.#etcd.nodes[0] as EtcdNode;
    const before = { ...(await etcdCost(node)), directorsCpu: await this.#cpu() };
    await work();
    const after = { ...(await etcdCost(node)), directorsCpu: await this.#cpu() };
    return {
      received: after.received - before.received,
      sent: after.sent - before.sent,
      bytes: after.bytes - before.bytes,
      cpu: after.cpu - before.cpu,
      directorsCpu: after.directorsCpu - before.directorsCpu,
    };
  }

  async #cpu(): Promise<number> {
    return sumOf((await this.#ask('cost')) as Cost[], ({ cpu }) => cpu);
  }

  async #ask(question: Question): Promise<unknown[]> {
    return Promise.all(
      this.#processes.map(async (child) => {
        const reply = replyOf(child);
        child.send(question);
        return reply;
      }),
    );
  }
}

/** The next message of a process. Rejects if it ends instead. */
async function replyOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`a process of directors ended with status ${code}`));
    };
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message);
    });
  });
}

function sumOf<T>(all: readonly T[], value: (each: T) => number): number {
  return all.reduce((sum, each) => sum + value(each), 0);
}

/** Services of a hundred destinations each. `weight`: of the first destination. */
function documentText(destinations: number, weight: number): string {
  const services: Record<string, { scheduler: string; destinations: Record<string, object> }> = {};
  for (let index = 0; index < destinations; index++) {
    const service = Math.floor(index / DESTINATIONS_A_SERVICE);
    const name = `tcp:192.0.${service >> 8}.${service & 255}:80`;
    services[name] ??= { scheduler: 'wlc', destinations: {} };
    const each = { forwarding: 'masq', weight: index === 0 ? weight : 100 };
    services[name].destinations[`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:8080`] = each;
  }
  return JSON.stringify({ services });
}
