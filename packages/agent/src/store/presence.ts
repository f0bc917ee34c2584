import type { DirectorRecord } from '../report/director-record.js';
import { type CanaryState, judgeCanary } from '../source/baking.js';
import { promoted, type Rollout, stopped } from '../source/rollout.js';
import { DirectorEntry } from './director-entry.js';
import type { Store } from './store.js';

/** What a director says of itself. */
export interface PresenceListener {
  /** Reports an event to operators: a sentence. */
  report(kind: 'store' | 'warning', text: string): void;
  record(): DirectorRecord;
  canary(revision: string): CanaryState;
}

/** Beats between two renewals of an entry that does not change. */
const BEATS_OF_RENEWAL = 5;

/** A director as its fleet sees it: its entry in the store, and its verdict about a candidate that it tries. */
export class Presence {
  readonly #store: Store;
  readonly #entry: DirectorEntry;
  readonly #id: string;
  readonly #listener: PresenceListener;
  readonly #now: () => number;
  #beats = 0;
  #lastRecord = '';
  #duplicate: string | undefined;

  constructor(
    store: Store,
    options: {
      readonly id: string;
      readonly instance: string;
      readonly listener: PresenceListener;
      readonly now: () => number;
    },
  ) {
    const { id, instance, listener, now } = options;
    this.#store = store;
    this.#entry = new DirectorEntry(store, id, instance);
    this.#id = id;
    this.#listener = listener;
    this.#now = now;
  }

  /** A sentence where another director has the same id. */
  get duplicate(): string | undefined {
    return this.#duplicate;
  }

  /** Writes what changed, renews the lease, and judges the candidate. To be called each second while the store answers. */
  async beat(rollout: Rollout | undefined): Promise<void> {
    this.#beats += 1;
    const record = this.#listener.record();
    const text = JSON.stringify(record);
    const isDue = text !== this.#lastRecord || this.#beats % BEATS_OF_RENEWAL === 0;
    try {
      if (isDue) this.#noteDuplicate(await this.#entry.update(record));
      this.#lastRecord = text;
      if (rollout !== undefined) await this.#judgeCandidate(rollout);
    } catch {
      // The watch reports the silence of the store.
      this.#lastRecord = '';
    }
  }

  #noteDuplicate(duplicate: string | undefined): void {
    if (duplicate !== undefined && this.#duplicate === undefined) this.#listener.report('warning', duplicate);
    this.#duplicate = duplicate;
  }

  /** The canary decides about the candidate: whoever put it need not be there any longer. */
  async #judgeCandidate({ candidate, canary, state, bake }: Rollout): Promise<void> {
    if (state !== 'baking' || canary !== this.#id || candidate === null) return;
    const verdict = judgeCanary(this.#listener.canary(candidate), bake, this.#now());
    if (verdict.kind === 'wait') return;
    const { rollout, modified } = await this.#store.rollout();
    if (typeof rollout !== 'object' || rollout.state !== 'baking' || rollout.candidate !== candidate) return;
    await this.#store.setRollout(
      verdict.kind === 'promote' ? promoted(rollout) : stopped(rollout, verdict.reason),
      modified,
    );
  }
}
