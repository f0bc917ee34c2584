import type { DirectorRecord } from '../report/director-record.js';
import { type CanaryState, judgeCanary } from '../source/canary.js';
import { promoted, type Rollout, stopped } from '../source/rollout.js';
import { DirectorEntry } from './director-entry.js';
import type { Store } from './store.js';

/** The listener of a presence. */
export interface PresenceListener {
  /** Reports an event to operators: a sentence. */
  report(kind: 'store' | 'warning', text: string): void;
  record(): DirectorRecord;
  canary(revision: string): CanaryState;
}

/** How many beats there are between two renewals of an unchanged entry. */
const BEATS_OF_RENEWAL = 5;

/** The presence of a director in its fleet: its entry in the store, and its verdict on a candidate that it tries. */
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

  /** A sentence if another director has the same id; undefined otherwise. */
  get duplicate(): string | undefined {
    return this.#duplicate;
  }

  /** Writes changes, renews the lease, and judges the candidate. Call it each second while the store answers. */
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

  /** The canary decides about the candidate, so that the operator who put it need not wait. */
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
