import { watchedRange } from '../source/store-keys.js';
import { type StoreChange, type StoreEffect, type StoreInput, StoreWatch } from '../source/store-watch.js';
import { Alarm } from './alarm.js';
import type { StoreStream } from './gateway.js';
import { decode, encode, headerRevision, integer, isRecord, records } from './gateway-json.js';
import type { Store } from './store.js';

/** The keys that directors follow. */
export interface Snapshot {
  /** Revision of the store. */
  readonly revision: number;
  readonly entries: ReadonlyMap<string, string>;
  /** Whether the store has lost revisions that it had. */
  readonly wentBack: boolean;
}

/** The listener of a watch. */
export interface WatchListener {
  snapshot(snapshot: Snapshot): void;
  /** The store does not answer. */
  silent(reason: string): void;
  /** The store answered. */
  heard(): void;
}

/** Drives a {@link StoreWatch} against a store. */
export class WatchDriver {
  readonly #store: Store;
  readonly #listener: WatchListener;
  readonly #now: () => number;
  readonly #watch: StoreWatch;
  readonly #alarm: Alarm;
  #stream: StoreStream | undefined;
  #stopped = false;

  constructor(
    store: Store,
    listener: WatchListener,
    options: {
      readonly now: () => number;
      readonly spread: number;
      readonly lastRevision: number | undefined;
    },
  ) {
    this.#store = store;
    this.#listener = listener;
    this.#now = options.now;
    this.#alarm = new Alarm(options.now, () => this.#handle({ kind: 'tick' }));
    this.#watch = new StoreWatch({ spread: options.spread, lastRevision: options.lastRevision });
  }

  start(): void {
    this.#perform(this.#watch.start());
  }

  reload(): void {
    this.#perform(this.#watch.reload());
  }

  stop(): void {
    this.#stopped = true;
    this.#alarm.stop();
    this.#stream?.close();
  }

  #handle(input: StoreInput): void {
    if (!this.#stopped) this.#perform(this.#watch.handle(input, this.#now()));
  }

  #perform(effects: readonly StoreEffect[]): void {
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: StoreEffect): void {
    switch (effect.kind) {
      case 'read':
        this.#stream?.close();
        this.#stream = undefined;
        void this.#read(effect.attempt);
        return;
      case 'watch':
        this.#follow(effect.attempt, effect.from);
        return;
      case 'pulse':
        void this.#pulse(effect.attempt);
        return;
      case 'rotate':
        this.#stream?.close();
        this.#stream = undefined;
        this.#store.gateway.rotate();
        return;
      case 'wake':
        this.#alarm.set(effect.at);
        return;
      case 'snapshot':
        this.#listener.snapshot(effect);
        return;
      case 'silent':
        this.#listener.silent(effect.reason);
    }
  }

  async #read(attempt: number): Promise<void> {
    const { key, end } = watchedRange(this.#store.keys);
    try {
      const { revision, entries } = await this.#store.range(key, end);
      this.#heard(attempt);
      this.#handle({ kind: 'read', attempt, revision, entries });
    } catch (error) {
      this.#failed(attempt, error);
    }
  }

  async #pulse(attempt: number): Promise<void> {
    try {
      const { revision, entries } = await this.#store.range(this.#store.keys.rollout, undefined, {
        keysOnly: true,
      });
      this.#heard(attempt);
      this.#handle({ kind: 'alive', attempt, revision, modified: entries[0]?.modified ?? 0 });
    } catch (error) {
      this.#failed(attempt, error);
    }
  }

  #follow(attempt: number, from: number): void {
    const { key, end } = watchedRange(this.#store.keys);
    const create = {
      create_request: {
        key: encode(key),
        range_end: encode(end),
        start_revision: String(from),
        progress_notify: true,
      },
    };
    this.#stream = this.#store.gateway.stream(
      'watch',
      create,
      (answer) => this.#answer(attempt, answer),
      (reason) => this.#handle({ kind: 'failed', attempt, reason }),
    );
  }

  #answer(attempt: number, answer: Record<string, unknown>): void {
    this.#heard(attempt);
    if (answer['canceled'] === true || integer(answer['compact_revision']) > 0) {
      this.#handle({ kind: 'lost', attempt });
      return;
    }
    const changes = records(answer['events']).map(changeOf);
    if (changes.length > 0) this.#handle({ kind: 'changes', attempt, changes });
    else if (answer['created'] !== true)
      this.#handle({ kind: 'progress', attempt, revision: headerRevision(answer) });
  }

  #heard(attempt: number): void {
    if (!this.#stopped && attempt > 0) this.#listener.heard();
  }

  #failed(attempt: number, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#handle({ kind: 'failed', attempt, reason });
  }
}

function changeOf({ type, kv }: Record<string, unknown>): StoreChange {
  const pair = isRecord(kv) ? kv : {};
  return {
    key: decode(pair['key']),
    value: type === 'DELETE' ? undefined : decode(pair['value']),
    revision: integer(pair['mod_revision']),
  };
}
