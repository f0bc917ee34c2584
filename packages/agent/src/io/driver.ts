import type { MetricsReading } from '@ipvs-ts/ipvs';
import type { CheckTypes } from '../check/read-check.js';
import { readDeclaredText } from '../declared/read-text.js';
import { AgentError } from '../errors.js';
import type { Effect, LoopEvent } from '../loop/events.js';
import { Loop } from '../loop/loop.js';
import type { LoopOptions } from '../loop/world.js';
import type { CheckEngine } from '../probes/engine.js';
import { Meter } from '../metrics/meter.js';
import { EventLog } from '../report/event-log.js';
import type { Clock } from './clock.js';
import type { DocumentSource, SourceText } from './document-file.js';
import { Fitness } from './fitness.js';
import type { KernelTable } from './kernel-table.js';
import type { StateStore } from './state-files.js';
import { findWriters } from './writers.js';

/** How long a change of the state may wait to be written, in milliseconds. */
const SAVE_DELAY = 100;
/** Node's longest timer. */
const LONGEST_TIMER = 0x7fff_ffff;

/** What a driver works with. */
export interface DriverParts {
  readonly clock: Clock;
  readonly engine: CheckEngine;
  readonly kernel: KernelTable;
  readonly source: DocumentSource;
  readonly store: StateStore;
  readonly types: CheckTypes;
  readonly loop: Omit<LoopOptions, 'saved' | 'maintenance'>;
}

/** Drives a loop: passes it what happens, and carries its effects out. */
export class Driver {
  readonly loop: Loop;
  readonly events = new EventLog();
  readonly meter = new Meter();
  readonly #parts: DriverParts;
  #wake: NodeJS.Timeout | undefined;
  #save: NodeJS.Timeout | undefined;
  #storeProblem: string | undefined;
  readonly #fitness: Fitness;
  #fitnessTurn: NodeJS.Immediate | undefined;
  #lookEnded: number;
  #closed = false;
  #documentRead = Promise.resolve();
  #turns = new Set<() => void>();

  constructor(parts: DriverParts) {
    this.#parts = parts;
    const now = parts.clock.now();
    this.#lookEnded = now;
    this.#fitness = new Fitness(parts.loop.observe !== true, (happening) =>
      this.events.add(happening, this.time(happening.at)),
    );
    const { store } = parts;
    this.loop = new Loop(
      { ...parts.loop, saved: store.loadState(), maintenance: store.loadMaintenance() },
      now,
    );
  }

  /** Begins. */
  start(): void {
    this.handle({ kind: 'tick' });
    this.#parts.source.start((text) => {
      this.#documentRead = this.#documentRead.then(() => this.#read(text));
    });
  }

  /** Something happened. */
  handle(event: LoopEvent): void {
    if (this.#closed) return;
    this.perform(this.loop.handle(event, this.now()));
    for (const turned of this.#turns) turned();
  }

  /** Resolves when `condition` holds after something happened, or the driver is closed. */
  async until(condition: () => boolean): Promise<void> {
    if (condition() || this.#closed) return;
    await new Promise<void>((resolve) => {
      const turned = (): void => {
        if (!condition() && !this.#closed) return;
        this.#turns.delete(turned);
        resolve();
      };
      this.#turns.add(turned);
    });
  }

  /** Reads the whole table now, unless a request to the kernel is under way. */
  lookNow(): void {
    this.loop.world.nextLook = -Infinity;
    this.handle({ kind: 'tick' });
  }

  now(): number {
    return this.#parts.clock.now();
  }

  /** The wall time of a monotonic time, ISO 8601. */
  readonly time = (at: number): string => new Date(this.#parts.clock.wall(at)).toISOString();

  /** A destination of the table with its counters. */
  async counted(service: string, destination: string): ReturnType<KernelTable['counted']> {
    return this.#parts.kernel.counted(service, destination);
  }

  /** What metrics of the table are made of. */
  async readMetrics(): Promise<MetricsReading> {
    return this.#parts.kernel.readMetrics();
  }

  /** When the kernel answered last, well or not: what a watchdog may be fed by. */
  get lookEndedAt(): number {
    return this.#lookEnded;
  }

  /** Reads the document now; resolves when it is known what becomes of it. */
  async reload(): Promise<void> {
    await this.#parts.source.reload();
    await this.#documentRead;
    await this.documentInForce();
  }

  /** The next document takes force at a look at the table; resolves when it has, or when the table cannot be read. */
  async documentInForce(): Promise<void> {
    const { world } = this.loop;
    await this.until(() => world.next === undefined || world.kernelProblem !== undefined);
  }

  /** Stops, and does not change the table. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#parts.source.stop();
    clearTimeout(this.#wake);
    this.#parts.kernel.drains.stopAll();
    this.#saveNow();
    this.#showFitness();
    this.#closed = true;
    for (const turned of this.#turns) turned();
    this.#parts.engine.close();
    await this.#parts.kernel.close();
  }

  /** Carries effects out, in their order. */
  perform(effects: readonly Effect[]): void {
    for (const effect of effects) this.#perform(effect);
    // Checks that change nothing change no fitness.
    if (effects.some(({ kind }) => kind !== 'check' && kind !== 'wake'))
      this.#fitnessTurn ??= setImmediate(() => this.#showFitness());
  }

  #perform(effect: Effect): void {
    const { engine, kernel, clock } = this.#parts;
    switch (effect.kind) {
      case 'check':
        void engine.run(effect.probe).then((result) => {
          this.meter.checked(effect.probe.check.name, result);
          this.handle({ kind: 'checked', probe: effect.probe.key, result });
        });
        return;
      case 'look':
        void kernel.look(effect).then((event) => {
          this.#lookEnded = clock.now();
          this.handle(event);
        });
        return;
      case 'send':
        void kernel.send(effect).then((event) => this.handle(event));
        return;
      case 'apply':
        void kernel.apply(effect).then((event) => {
          this.#lookEnded = clock.now();
          this.handle(event);
        });
        return;
      case 'drain':
        void kernel.drains
          .run(effect.service, effect.destination, effect.timeout)
          .then((event) => this.handle(event));
        return;
      case 'stop drain':
        kernel.drains.stop(effect.service, effect.destination);
        return;
      case 'save':
        if (effect.now) this.#saveNow();
        else this.#save ??= setTimeout(() => this.#saveNow(), SAVE_DELAY);
        return;
      case 'report':
        this.events.add(effect.happening, this.time(effect.happening.at));
        return;
      case 'count':
        this.meter.count(effect);
        return;
      case 'find writers':
        void findWriters().then((programs) => this.handle({ kind: 'writers', programs }));
        return;
      case 'wake':
        clearTimeout(this.#wake);
        this.#wake = setTimeout(
          () => this.handle({ kind: 'tick' }),
          Math.min(LONGEST_TIMER, Math.max(0, effect.at - clock.now())),
        );
    }
  }

  async #read(read: SourceText): Promise<void> {
    const { types, source } = this.#parts;
    const { revision } = read;
    this.meter.sourceRead(source.name, !('error' in read), this.now());
    if ('error' in read) {
      const problem = { path: 'document', allowed: 'a file that can be read', message: read.error };
      this.handle({ kind: 'document problems', revision, problems: [problem] });
      return;
    }
    const { declared, problems } = await readDeclaredText(read.text, source.name, revision, types);
    if (declared !== undefined) this.handle({ kind: 'document', declared });
    else this.handle({ kind: 'document problems', revision, problems });
  }

  /** Writes the state; a directory that cannot be written is reported once, and the agent goes on. */
  #saveNow(): void {
    clearTimeout(this.#save);
    this.#save = undefined;
    if (this.#closed || this.#parts.loop.observe === true) return;
    const now = this.now();
    try {
      this.#parts.store.saveState(this.loop.save(now));
      this.#parts.store.saveMaintenance(this.loop.world.overrides.all());
      if (this.#storeProblem !== undefined) this.#report('the state can be written again', now);
      this.#storeProblem = undefined;
    } catch (error) {
      if (!AgentError.is(error)) throw error;
      if (this.#storeProblem !== error.message) this.#report(error.message, now);
      this.#storeProblem = error.message;
    }
  }

  #showFitness(): void {
    clearImmediate(this.#fitnessTurn);
    this.#fitnessTurn = undefined;
    if (!this.#closed) this.#fitness.show(this.loop.world, this.now());
  }

  #report(text: string, at: number): void {
    this.events.add({ at, kind: 'warning', text }, this.time(at));
  }
}
