import type { CheckTypes } from '../check/read-check.js';
import { readDeclaredText } from '../declared/read-text.js';
import type { Effect, LoopEvent } from '../loop/events.js';
import { Loop } from '../loop/loop.js';
import type { LoopOptions } from '../loop/world.js';
import type { CheckEngine } from '../probes/engine.js';
import { Meter } from '../metrics/meter.js';
import { EventLog } from '../report/event-log.js';
import { type Clock, wallTimes } from '../state/clock.js';
import type { DocumentSource, SourceText } from './document-file.js';
import { Fitness } from './fitness.js';
import type { KernelTable } from './kernel-table.js';
import { StateSaver, type StateStore } from '../state/state-saver.js';
import { Alarm } from '../store/alarm.js';
import { type FeedHost, StoreFeed } from '../store/store-feed.js';
import { Results } from './results.js';
import { findWriters } from './writers.js';

/** The parts of a driver. */
export interface DriverParts {
  readonly clock: Clock;
  readonly engine: CheckEngine;
  readonly kernel: KernelTable;
  readonly source: DocumentSource;
  readonly store: StateStore;
  /** The directory in which the last document of a fleet's store is saved. */
  readonly directory: FeedHost['directory'];
  readonly types: CheckTypes;
  readonly loop: Omit<LoopOptions, 'saved' | 'maintenance'>;
}

/** Drives a loop: passes events to it, and performs its effects. */
export class Driver {
  readonly loop: Loop;
  readonly events = new EventLog();
  readonly meter = new Meter();
  readonly feed: StoreFeed;
  readonly #parts: DriverParts;
  readonly #alarm: Alarm;
  readonly #saver: StateSaver;
  readonly #fitness: Fitness;
  readonly #results = new Results(this.meter, (events) => this.handle(...events));
  #fitnessTurn: NodeJS.Immediate | undefined;
  #lookEnded: number;
  #closed = false;
  #documentRead = Promise.resolve();
  #turns = new Set<() => void>();

  constructor(parts: DriverParts) {
    this.#parts = parts;
    const now = this.now();
    this.#lookEnded = now;
    this.#alarm = new Alarm(
      () => this.now(),
      () => this.handle({ kind: 'tick' }),
    );
    this.#fitness = new Fitness(parts.loop.observe !== true, (happening) =>
      this.events.add(happening, this.time(happening.at)),
    );
    const { store, clock } = parts;
    const kept = { saved: store.loadState(), maintenance: store.loadMaintenance() };
    this.loop = new Loop({ ...parts.loop, ...kept }, now);
    this.#saver = new StateSaver(
      store,
      () => ({ state: this.loop.save(this.now()), maintenance: this.loop.world.overrides.all() }),
      (text) => this.#report(text),
      parts.loop.observe === true,
    );
    this.feed = new StoreFeed({
      ...{ clock, types: parts.types, directory: parts.directory },
      ...{ loop: this.loop, id: parts.loop.id },
      handle: (event) => this.handle(event),
      perform: (effects) => this.perform(effects),
      report: (kind, text) => this.#report(text, kind),
    });
  }

  start(): void {
    this.handle({ kind: 'tick' });
    this.#parts.source.start((text) => {
      this.#documentRead = this.#documentRead.then(() => this.#read(text));
    });
  }

  /** Handles events. */
  handle(...events: readonly LoopEvent[]): void {
    if (this.#closed) return;
    this.perform(this.loop.handle(events, this.now()));
    this.feed.note();
    for (const turned of this.#turns) turned();
  }

  /** Resolves when `condition` holds after an event, or when the driver is closed. */
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

  /** Reads the whole table now, unless a request to the kernel is pending. */
  lookNow(): void {
    this.loop.world.nextLook = -Infinity;
    this.handle({ kind: 'tick' });
  }

  now(): number {
    return this.#parts.clock.now();
  }

  /** Name of this director. */
  get id(): string {
    return this.feed.id ?? this.loop.world.declared?.agent.id ?? this.#parts.loop.id;
  }

  /** Converts monotonic times to wall times, by one reading of the clocks. */
  get time(): (at: number) => string {
    return wallTimes(this.#parts.clock);
  }

  /** The table of the kernel. */
  get kernel(): KernelTable {
    return this.#parts.kernel;
  }

  /** When the kernel last answered, even with an error. */
  get lookEndedAt(): number {
    return this.#lookEnded;
  }

  /** Reads the document now; resolves when it has taken effect, or when it is known why not. */
  async reload(): Promise<void> {
    this.feed.reload();
    await this.#parts.source.reload();
    await this.#documentRead;
    await this.documentInForce();
  }

  /** Resolves when the next document has taken effect, after a reading of the table, or when that fails. */
  async documentInForce(): Promise<void> {
    const { world } = this.loop;
    await this.until(() => world.next === undefined || world.kernelProblem !== undefined);
  }

  /** Stops without changing the table. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#parts.source.stop();
    this.feed.stop();
    this.#alarm.stop();
    this.#parts.kernel.drains.stopAll();
    this.#saver.close();
    this.#showFitness();
    this.#closed = true;
    for (const turned of this.#turns) turned();
    this.#parts.engine.close();
    await this.#parts.kernel.close();
  }

  /** Performs effects in order. */
  perform(effects: readonly Effect[]): void {
    if (!this.#closed) for (const effect of effects) this.#perform(effect);
    // Checks without changes do not affect the fitness.
    if (effects.some(({ kind }) => kind !== 'check' && kind !== 'wake'))
      this.#fitnessTurn ??= setImmediate(() => this.#showFitness());
  }

  #perform(effect: Effect): void {
    if (effect.kind !== 'check') this.#performRare(effect);
    else this.#results.expect(effect.probe, this.#parts.engine.run(effect.probe));
  }

  #performRare(effect: Exclude<Effect, { readonly kind: 'check' }>): void {
    const { kernel } = this.#parts;
    const answered = (event: LoopEvent): void => {
      this.#lookEnded = this.now();
      this.handle(event);
    };
    switch (effect.kind) {
      case 'look':
        void kernel.look(effect).then(answered);
        return;
      case 'send':
        void kernel.send(effect).then((event) => this.handle(event));
        return;
      case 'apply':
        void kernel.apply(effect).then(answered);
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
        if (effect.now) this.#saver.saveNow();
        else this.#saver.saveSoon();
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
        this.#alarm.set(effect.at);
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
    if (this.#closed) return;
    if (declared === undefined) this.handle({ kind: 'document problems', revision, problems });
    else if (declared.agent.source !== undefined) this.feed.follow(declared);
    else {
      this.feed.stop();
      this.handle({ kind: 'document', declared });
    }
  }

  #report(text: string, kind: 'store' | 'warning' = 'warning'): void {
    const at = this.now();
    if (!this.#closed) this.events.add({ at, kind, text }, this.time(at));
  }

  #showFitness(): void {
    clearImmediate(this.#fitnessTurn);
    this.#fitnessTurn = undefined;
    if (!this.#closed) this.#fitness.show(this.loop.world, this.now());
  }
}
