import type { EtcdSettings } from '../declared/source-settings.js';
import type { StoreStatus } from '../report/store-status.js';
import { followedRevision, readRollout, type Rollout } from '../source/rollout.js';
import type { DocumentCache } from './document-cache.js';
import { FleetMaintenance, type StoredMaintenance } from './fleet-maintenance.js';
import { Store } from './store.js';
import { Presence, type PresenceListener } from './presence.js';
import { type Snapshot, WatchDriver } from './watch-driver.js';

/** A document of the store, or why there is none. */
export type StoreText =
  | {
      readonly revision: string;
      readonly text: string;
      /** Whether there is no limit on what it removes. */
      readonly allowRemovals: boolean;
      /** Why it is pending regardless of what it removes; undefined if it is not. */
      readonly hold: string | undefined;
    }
  | { readonly revision: string; readonly error: string };

/** The listener of a source. */
export interface StoreListener extends PresenceListener {
  document(text: StoreText): void;
  maintenance(list: readonly StoredMaintenance[]): void;
}

/** Milliseconds between two checks of this director's entry and of a candidate. */
const BEAT = 1000;
/** Milliseconds after which the age of the document causes a warning. */
const OLD = 60_000;
const FETCH_PAUSE = 1000;

/** Documents and maintenance from the store of a fleet. */
export class StoreSource {
  /** The maintenance of the whole fleet. */
  readonly maintenance: FleetMaintenance;
  readonly #store: Store;
  readonly #watch: WatchDriver;
  readonly #listener: StoreListener;
  readonly #cache: DocumentCache;
  readonly #presence: Presence;
  readonly #prefix: string;
  readonly #id: string;
  readonly #now: () => number;
  #beat: NodeJS.Timeout | undefined;
  #stopped = false;
  /** When the store last answered. */
  #heardAt: number | undefined;
  #silence: string | undefined;
  #warnedOld = false;
  #rollout: Rollout | undefined;
  #storeRevision = 0;
  #wentBack = false;
  /** The revision that this director follows, and whether there is no limit on what it removes. */
  #wanted: string | undefined;
  #fetching = 0;
  /** The last document that was passed to the agent. */
  #passed: { readonly revision: string; readonly text: string } | undefined;
  /** The revision in force. */
  #inForce: string | undefined;

  constructor(options: {
    readonly settings: EtcdSettings;
    readonly id: string;
    readonly instance: string;
    readonly cache: DocumentCache;
    readonly listener: StoreListener;
    readonly now: () => number;
    /** From 0 to 1. */
    readonly spread: number;
  }) {
    const { settings, id, instance, cache, listener, now, spread } = options;
    this.#prefix = settings.prefix;
    this.#id = id;
    this.#cache = cache;
    this.#listener = listener;
    this.#now = now;
    this.#store = new Store(settings);
    this.maintenance = new FleetMaintenance(this.#store);
    this.#presence = new Presence(this.#store, { id, instance, listener, now });
    const cached = cache.load(settings.prefix);
    this.#inForce = cached?.revision;
    this.#watch = new WatchDriver(
      this.#store,
      {
        snapshot: (snapshot) => this.#snapshot(snapshot),
        silent: (reason) => this.#silent(reason),
        heard: () => this.#heard(),
      },
      { now, spread, lastRevision: cached?.storeRevision },
    );
  }

  start(): void {
    this.#watch.start();
    this.#beat = setInterval(() => void this.#onBeat(), BEAT);
  }

  reload(): void {
    this.#passed = undefined;
    this.#wanted = undefined;
    this.#watch.reload();
  }

  /** Stops it. The entry of the director expires with its lease, so that a restart is not seen as a loss. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#beat);
    this.#watch.stop();
    this.#store.close();
  }

  /** Saves the document that took effect, for a start without the store. Throws as {@link DocumentCache.save}. */
  tookForce(revision: string): void {
    this.#inForce = revision;
    if (this.#passed?.revision !== revision) return;
    this.#wentBack = false;
    const { text } = this.#passed;
    this.#cache.save({ prefix: this.#prefix, revision, text, storeRevision: this.#storeRevision });
  }

  get status(): StoreStatus {
    const rollout = this.#rollout;
    const { current = '', candidate = null, canary = null, state = 'settled', reason = null } = rollout ?? {};
    return {
      kind: 'etcd',
      prefix: this.#prefix,
      endpoint: this.#store.gateway.endpoint,
      connected: this.#silence === undefined && this.#heardAt !== undefined,
      age: this.#heardAt === undefined ? null : this.#now() - this.#heardAt,
      problem: this.#silence ?? this.#presence.duplicate ?? null,
      rollout: rollout === undefined ? null : { current, candidate, canary, state, reason },
    };
  }

  #snapshot({ revision, entries, wentBack }: Snapshot): void {
    this.#storeRevision = revision;
    if (wentBack) this.#wentBack = true;
    this.#listener.maintenance(
      this.maintenance.among(entries, (key) => {
        this.#listener.report('warning', `the maintenance in ${key} of the store cannot be read`);
      }),
    );
    const text = entries.get(this.#store.keys.rollout);
    const rollout = text === undefined ? 'there is none' : readRollout(text);
    if (typeof rollout === 'string') {
      this.#rollout = undefined;
      this.#wanted = undefined;
      this.#listener.document({
        revision: 'rollout',
        error: `the rollout in ${this.#prefix} cannot be followed: ${rollout}`,
      });
      return;
    }
    this.#rollout = rollout;
    this.#follow(rollout);
  }

  #follow(rollout: Rollout): void {
    const revision = followedRevision(rollout, this.#id);
    const wanted = `${revision} ${rollout.allowRemovals}`;
    if (wanted === this.#wanted && !this.#wentBack) return;
    this.#wanted = wanted;
    void this.#fetch(revision, rollout, ++this.#fetching);
  }

  async #fetch(revision: string, rollout: Rollout, fetching: number): Promise<void> {
    const isOver = (): boolean => this.#stopped || fetching !== this.#fetching;
    let text: string | undefined;
    try {
      text = this.#passed?.revision === revision ? this.#passed.text : await this.#store.document(revision);
    } catch {
      // The watch reports that the store is silent; this tries again for as long as it is needed.
      setTimeout(() => {
        if (!isOver()) void this.#fetch(revision, rollout, fetching);
      }, FETCH_PAUSE).unref();
      return;
    }
    if (isOver()) return;
    if (text === undefined) {
      const error = `document ${revision} is not whole in ${this.#prefix}: parts of it are missing or damaged`;
      this.#listener.document({ revision, error });
      return;
    }
    this.#passed = { revision, text };
    const hold =
      this.#wentBack && revision !== this.#inForce
        ? 'the store went back to an earlier revision, as a restored backup does'
        : undefined;
    // The store has the document in force, so its revisions are valid again.
    if (revision === this.#inForce) this.tookForce(revision);
    this.#listener.document({ revision, text, allowRemovals: rollout.allowRemovals, hold });
  }

  /** Uses the saved document if there is no other. */
  #silent(reason: string): void {
    if (this.#silence === undefined)
      this.#listener.report('store', `the store does not answer (${reason}); the document in force stays`);
    this.#silence = reason;
    if (this.#passed !== undefined) return;
    const cached = this.#cache.load(this.#prefix);
    if (cached === undefined) {
      this.#listener.document({
        revision: 'store',
        error: `the store does not answer (${reason}), and no document of it was kept`,
      });
      return;
    }
    const { revision, text } = cached;
    this.#passed = { revision, text };
    this.#listener.document({ revision, text, allowRemovals: true, hold: undefined });
  }

  #heard(): void {
    this.#heardAt = this.#now();
    if (this.#silence === undefined) return;
    this.#silence = undefined;
    this.#warnedOld = false;
    this.#listener.report('store', `the store answers again (${this.#store.gateway.endpoint})`);
  }

  async #onBeat(): Promise<void> {
    const { age } = this.status;
    if (this.#silence !== undefined && !this.#warnedOld && age !== null && age > OLD) {
      this.#warnedOld = true;
      this.#listener.report('warning', `the store has not answered for ${Math.round(age / 1000)} s`);
    }
    if (this.#silence !== undefined || this.#heardAt === undefined) return;
    await this.#presence.beat(this.#rollout);
  }
}
