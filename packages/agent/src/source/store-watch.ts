/** A key of the store with its value. */
export interface StoreEntry {
  readonly key: string;
  readonly value: string;
}

/** A change of a key. `value`: undefined if it was deleted. `revision`: of the store, at the change. */
export interface StoreChange {
  readonly key: string;
  readonly value: string | undefined;
  readonly revision: number;
}

/** An input of a watch. `attempt`: of the effect that it answers; answers to earlier attempts are ignored. */
export type StoreInput =
  /** The time of the last `wake`. */
  | { readonly kind: 'tick' }
  /** All keys were read, at a revision of the store. */
  | {
      readonly kind: 'read';
      readonly attempt: number;
      readonly revision: number;
      readonly entries: readonly StoreEntry[];
    }
  /** Keys changed. */
  | { readonly kind: 'changes'; readonly attempt: number; readonly changes: readonly StoreChange[] }
  /** Nothing changed up to a revision. */
  | { readonly kind: 'progress'; readonly attempt: number; readonly revision: number }
  /** The store no longer has the changes since the revision of the watch, or it ended the watch. */
  | { readonly kind: 'lost'; readonly attempt: number }
  /** The pulse was answered, at a revision of the store. `modified`: the revision of the last change of its key. */
  | {
      readonly kind: 'alive';
      readonly attempt: number;
      readonly revision: number;
      readonly modified: number;
    }
  /** Something failed, or was not answered in time. */
  | { readonly kind: 'failed'; readonly attempt: number; readonly reason: string };

/** An effect, which the driver of a watch performs. */
export type StoreEffect =
  /** End earlier attempts, and read all keys, linearizably. */
  | { readonly kind: 'read'; readonly attempt: number }
  /** Watch all keys from a revision on. */
  | { readonly kind: 'watch'; readonly attempt: number; readonly from: number }
  /** Read one key, linearizably, to check that the store is alive. */
  | { readonly kind: 'pulse'; readonly attempt: number }
  /** Use the next endpoint from now on. */
  | { readonly kind: 'rotate' }
  /** Report `tick` at this time, instead of the time before. */
  | { readonly kind: 'wake'; readonly at: number }
  /** The current keys. `wentBack`: the store has lost revisions that it had, as after a restored backup. */
  | {
      readonly kind: 'snapshot';
      readonly revision: number;
      readonly entries: ReadonlyMap<string, string>;
      readonly wentBack: boolean;
    }
  /** The store does not answer. */
  | { readonly kind: 'silent'; readonly reason: string };

/** Milliseconds between two pulses. */
const PULSE_INTERVAL = 5000;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;

/**
 * Follows the keys of a store without sockets or a clock: it takes inputs and returns effects. All keys are read at one
 * revision, and watched from the next one on. If anything is lost or late, all are read again: a change is never
 * inferred.
 */
export class StoreWatch {
  /** The known revision; 0 if there is none. */
  #revision: number;
  #entries: Map<string, string> | undefined;
  #attempt = 0;
  #state: 'idle' | 'reading' | 'watching' | 'waiting' = 'idle';
  #pause = FIRST_PAUSE;
  #wakeAt = Infinity;
  #pulsing = false;
  /** A change that the last pulse found and the watch had not reported. */
  #unreported: number | undefined;
  /** From 0 to 1: spreads the pulses and pauses of many directors. */
  readonly #spread: number;

  constructor(options: { readonly lastRevision?: number | undefined; readonly spread: number }) {
    this.#revision = options.lastRevision ?? 0;
    this.#spread = options.spread;
  }

  /** Starts the watch. */
  start(): StoreEffect[] {
    return this.#read();
  }

  /** Reads everything again now. */
  reload(): StoreEffect[] {
    return this.#read();
  }

  /** Handles an input; returns the effects to perform. */
  handle(input: StoreInput, now: number): StoreEffect[] {
    if (input.kind === 'tick') return this.#tick(now);
    if (input.attempt !== this.#attempt || this.#state === 'waiting') return [];
    switch (input.kind) {
      case 'read':
        return this.#wasRead(input.revision, input.entries, now);
      case 'changes':
        return this.#changed(input.changes);
      case 'progress':
        this.#revision = Math.max(this.#revision, input.revision);
        return [];
      case 'lost':
        return this.#read();
      case 'alive':
        return this.#alive(input.revision, input.modified);
      case 'failed':
        return this.#failed(input.reason, now);
    }
  }

  #tick(now: number): StoreEffect[] {
    if (now < this.#wakeAt) return [{ kind: 'wake', at: this.#wakeAt }];
    if (this.#state === 'waiting') return this.#read();
    if (this.#state !== 'watching') return [];
    const effects = this.#wake(now + PULSE_INTERVAL);
    if (this.#pulsing) return effects;
    this.#pulsing = true;
    return [{ kind: 'pulse', attempt: this.#attempt }, ...effects];
  }

  #read(): StoreEffect[] {
    this.#state = 'reading';
    this.#pulsing = false;
    this.#wakeAt = Infinity;
    return [{ kind: 'read', attempt: ++this.#attempt }];
  }

  #wasRead(revision: number, entries: readonly StoreEntry[], now: number): StoreEffect[] {
    if (this.#state !== 'reading') return [];
    const wentBack = revision < this.#revision;
    const first = this.#entries === undefined;
    const next = new Map(entries.map(({ key, value }) => [key, value]));
    const differs = first || wentBack || !equalMaps(next, this.#entries as Map<string, string>);
    this.#entries = next;
    this.#revision = revision;
    this.#state = 'watching';
    this.#pause = FIRST_PAUSE;
    return [
      ...(differs ? [this.#snapshot(wentBack)] : []),
      { kind: 'watch', attempt: this.#attempt, from: revision + 1 },
      ...this.#wake(now + PULSE_INTERVAL * (0.5 + this.#spread / 2)),
    ];
  }

  #changed(changes: readonly StoreChange[]): StoreEffect[] {
    if (this.#state !== 'watching' || this.#entries === undefined) return [];
    let differs = false;
    for (const { key, value, revision } of changes) {
      if (revision <= this.#revision) continue;
      if (value === undefined) differs = this.#entries.delete(key) || differs;
      else {
        differs = differs || this.#entries.get(key) !== value;
        this.#entries.set(key, value);
      }
    }
    this.#revision = changes.reduce((most, { revision }) => Math.max(most, revision), this.#revision);
    return differs ? [this.#snapshot(false)] : [];
  }

  #alive(revision: number, modified: number): StoreEffect[] {
    this.#pulsing = false;
    // A restored store accepts a watch from a revision that it does not have, and then sends nothing. A watch that has
    // not reported a change by the second pulse after it does not work.
    const isDeaf = modified > this.#revision && modified === this.#unreported;
    this.#unreported = modified > this.#revision ? modified : undefined;
    return revision < this.#revision || isDeaf ? this.#read() : [];
  }

  #failed(reason: string, now: number): StoreEffect[] {
    this.#state = 'waiting';
    this.#pulsing = false;
    const pause = this.#pause * (0.75 + this.#spread / 2);
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
    return [{ kind: 'silent', reason }, { kind: 'rotate' }, ...this.#wake(now + pause)];
  }

  #wake(at: number): StoreEffect[] {
    this.#wakeAt = at;
    return [{ kind: 'wake', at }];
  }

  #snapshot(wentBack: boolean): StoreEffect {
    return { kind: 'snapshot', revision: this.#revision, entries: new Map(this.#entries), wentBack };
  }
}

function equalMaps(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}
