import { setTimeout as delay } from 'node:timers/promises';
import { poll } from '../poll.js';
import type { Outage } from './accounts.js';
import type { Random } from './random.js';
import type { Server } from './servers.js';
import type { Director, Stage } from './stage.js';

/** Milliseconds between two deaths of the programs. */
const CRASH_EVERY = 15_000;
/** Servers that are dead or hung at a time. */
const MOST_OUTAGES = 2;
/** Milliseconds after which something that does not happen is given up. */
const PATIENCE = 120_000;

/** Does things to servers, documents and programs, as a seed decides. */
export class Play {
  readonly outages: Outage[] = [];
  /** What was done, and how often. */
  readonly done: Record<string, number> = {};
  readonly #stage: Stage;
  readonly #random: Random;
  readonly #tasks = new Set<Promise<void>>();
  #wanted: Record<string, number>;
  #over = false;

  constructor(stage: Stage, random: Random) {
    this.#stage = stage;
    this.#random = random;
    this.#wanted = Object.fromEntries(stage.servers.slice(0, 8).map(({ name }) => [name, 100]));
  }

  /** Plays for some time, then lets everything that was begun come to its end. */
  async run(milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    const crashes = this.#crash(end);
    while (performance.now() < end) {
      await delay(this.#random.between(1000, 3000));
      this.#act();
    }
    this.#over = true;
    await crashes;
    await Promise.all(this.#tasks);
  }

  get #directors(): readonly Director[] {
    return [this.#stage.ours, this.#stage.theirs];
  }

  /** Servers with weight in both tables to which nothing is being done. */
  #healthy(): Server[] {
    return this.#stage.servers.filter(
      ({ name, busy }) => !busy && this.#directors.every(({ watch }) => watch.weight(name) > 0),
    );
  }

  #act(): void {
    const healthy = this.#healthy();
    const out = this.outages.filter(({ answered }) => answered === Infinity).length;
    const what = this.#random.between(1, 100);
    const server = this.#random.one(healthy);
    if (server === undefined || healthy.length < 4) return;
    if (what <= 35) {
      if (out < MOST_OUTAGES) this.#begin('killed', server, () => this.#outage(server, 'killed'));
    } else if (what <= 70) {
      if (out < MOST_OUTAGES) this.#begin('hung', server, () => this.#outage(server, 'hung'));
    } else if (what <= 80) this.#begin('restarted', server, () => this.#restart(server));
    else if (what <= 92) this.#replace(server);
    else this.#reweight(server);
  }

  #begin(what: string, server: Server, task: () => Promise<void>): void {
    this.done[what] = (this.done[what] ?? 0) + 1;
    server.busy = true;
    const running = task().finally(() => {
      server.busy = false;
      this.#tasks.delete(running);
    });
    this.#tasks.add(running);
  }

  async #outage(server: Server, kind: 'killed' | 'hung'): Promise<void> {
    const outage = this.#note(server, kind);
    const pause = this.#random.between(500, 4000);
    const dies = this.#random.between(0, 1) === 1;
    if (kind === 'killed') await server.end('SIGKILL');
    else server.hang();
    await this.#until((director) => director.watch.weight(server.name) === 0);
    await delay(pause);
    if (kind === 'hung' && !dies) {
      outage.to = Date.now();
      server.resume();
      outage.answered = outage.to;
    } else {
      await server.end('SIGKILL');
      await this.#start(server, outage);
    }
    await this.#until((director) => director.watch.weight(server.name) > 0 || this.#over);
  }

  async #restart(server: Server): Promise<void> {
    const outage = this.#note(server, 'restarted');
    await server.end('SIGTERM');
    await this.#start(server, outage);
    // It may have been seen or not.
    await delay(5000);
  }

  #note({ name }: Server, kind: Outage['kind']): Outage {
    const outage = { server: name, kind, from: Date.now(), to: Infinity, answered: Infinity };
    this.outages.push(outage);
    return outage;
  }

  /** Ends an outage. A director may see the server answer before this program does. */
  async #start(server: Server, outage: Outage): Promise<void> {
    outage.to = Date.now();
    await server.start();
    outage.answered = Date.now();
  }

  /** A server leaves the documents and another joins; it ends when it has left both tables. */
  #replace(server: Server): void {
    const spare = this.#random.one(
      this.#stage.servers.filter(
        ({ name, busy }) =>
          !busy && !(name in this.#wanted) && this.#directors.every(({ watch }) => !watch.has(name)),
      ),
    );
    if (spare === undefined || !(server.name in this.#wanted)) return;
    this.#begin('replaced', server, async () => {
      this.#wanted = Object.fromEntries(
        Object.entries(this.#wanted).map(([name, weight]) =>
          name === server.name ? [spare.name, weight] : [name, weight],
        ),
      );
      await this.#want();
      await this.#until((director) => !director.watch.has(server.name));
      await server.end('SIGKILL');
      await server.start();
    });
  }

  #reweight(server: Server): void {
    this.#begin('reweighted', server, async () => {
      this.#wanted[server.name] = this.#wanted[server.name] === 100 ? 60 : 100;
      await this.#want();
    });
  }

  async #want(): Promise<void> {
    await Promise.all(this.#directors.map((director) => director.want(this.#wanted)));
  }

  async #crash(end: number): Promise<void> {
    for (let next = performance.now() + CRASH_EVERY; next < end; next += CRASH_EVERY) {
      await delay(Math.max(0, next - performance.now()));
      this.done['kill -9 of both'] = (this.done['kill -9 of both'] ?? 0) + 1;
      await Promise.all(this.#directors.map((director) => director.crash()));
      await delay(1000);
      await Promise.all(this.#directors.map((director) => director.start()));
    }
  }

  async #until(holds: (director: Director) => boolean): Promise<void> {
    await poll(
      async () => this.#directors.every(holds),
      (all) => all,
      { limit: PATIENCE, interval: 20 },
    );
  }
}
