import { argumentsOf } from '../argument-checks.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHECK_TYPES } from '../check/check-type.js';
import type { CheckTypes } from '../check/read-check.js';
import type { Declared } from '../declared/declared.js';
import { readDeclaredText } from '../declared/read-text.js';
import type { EtcdSettings } from '../declared/source-settings.js';
import { AgentError } from '../errors.js';
import { inForceOf, isLargeRemoval, removalOf, removalText } from '../source/removal.js';
import { type PastRevision, type Rollout, withRevision } from '../source/rollout.js';
import { prefixRange } from '../source/store-keys.js';
import { StoreFailure } from '../store/gateway-answer.js';
import { digestOf, type KeyValue, Store } from '../store/store.js';
import { baking, isNewest, overtaken, rollbackTo } from './rollout-rules.js';
import { type FleetStatus, fleetStatus } from './fleet-status.js';

/** Options of putting a document into force. */
export interface PutOptions {
  /** The name of the document in messages. */
  readonly file: string;
  /** Who puts it. */
  readonly by: string;
  /** When, as ISO 8601. */
  readonly at: string;
  /** Whether it may remove more than `maxRemoval` of the destinations, or more than one service. */
  readonly allowRemovals?: boolean | undefined;
  /** From 0 to 1: the share of destinations that a document may remove. 0.3 by default. */
  readonly maxRemoval?: number | undefined;
  /** The director that uses it before the others. */
  readonly canary?: string | undefined;
  /** How long it must work well there, in milliseconds. A minute by default. */
  readonly bake?: number | undefined;
  /** The revision that it replaces; the put fails if another one is current. */
  readonly replaces?: string | null | undefined;
}

/** A document of the store. */
export interface FleetDocument {
  readonly revision: string;
  readonly text: string;
}

const MAX_REMOVAL = 0.3;
const BAKE = 60_000;

/** Status codes of gRPC: the deadline was exceeded, or the service is unavailable, for instance without a leader. */
const BUSY: ReadonlySet<number> = new Set([4, 14]);
/** How often to ask a busy cluster again, and the pause before that in milliseconds. */
const MOST_BUSY = 20;
const BUSY_PAUSE = 500;

/** The documents of a fleet and its directors, in their store. */
export class Fleet {
  readonly #store: Store;
  readonly #types: CheckTypes;
  readonly #prefix: string;

  /**
   * `types`: the types of checks that documents may name. Throws ERR_AGENT_FILE if a file of the settings is missing.
   */
  constructor(settings: EtcdSettings, types: CheckTypes = CHECK_TYPES) {
    argumentsOf.object('settings', settings, { endpoints: 'list', prefix: 'text' });
    this.#store = new Store(settings);
    this.#types = types;
    this.#prefix = settings.prefix;
  }

  /** The document that all directors follow; undefined in a new store. Rejects with ERR_AGENT_STORE. */
  async current(): Promise<FleetDocument | undefined> {
    return this.#reached(async () => {
      const { rollout } = await this.#rollout();
      return rollout === undefined ? undefined : this.#document(rollout.current);
    });
  }

  /**
   * Puts a document into force, on a canary first if one is named. Rejects with ERR_AGENT_DOCUMENT for mistakes; with
   * ERR_AGENT_REFUSED if it removes too much, if another put was made meanwhile, or if a candidate is being tried; with
   * ERR_AGENT_STORE.
   */
  async put(text: string, options: PutOptions): Promise<Rollout> {
    const { file, by, at, allowRemovals = false, canary, bake = BAKE, replaces } = options;
    const revision = digestOf(text);
    const declared = await this.read(text, file);
    return this.#reached(async (isAgain) => {
      const before = await this.#rollout();
      if (isAgain && isNewest(before.rollout, { revision, at, by })) return before.rollout as Rollout;
      if (replaces !== undefined && (before.rollout?.current ?? null) !== replaces) throw overtaken();
      if (before.rollout?.state === 'baking') throw baking(before.rollout);
      if (!allowRemovals)
        await this.#checkRemoval(before.rollout, declared, options.maxRemoval ?? MAX_REMOVAL);
      if (canary !== undefined) await this.#checkCanary(before.rollout, canary);
      await this.#store.putDocument(revision, text);
      return this.#replace(before, { revision, at, by }, { allowRemovals, canary, bake });
    });
  }

  /**
   * Puts an earlier revision into force again: the one before the current one, or a named one. It may remove what later
   * revisions added. Ends the trial of a candidate. Rejects with ERR_AGENT_NOT_FOUND for a revision that the store does not
   * have; with ERR_AGENT_REFUSED; with ERR_AGENT_STORE.
   */
  async rollback(revision: string | undefined, { by, at }: Pick<PutOptions, 'by' | 'at'>): Promise<Rollout> {
    return this.#reached(async (isAgain) => {
      const before = await this.#rollout();
      const [newest] = before.rollout?.history ?? [];
      if (isAgain && newest?.at === at && newest.by === by) return before.rollout as Rollout;
      const wanted = rollbackTo(before.rollout, revision, this.#prefix);
      await this.#document(wanted);
      return this.#replace(before, { revision: wanted, at, by }, { allowRemovals: true, bake: 0 });
    });
  }

  /** The rollout; undefined in a new store. Rejects with ERR_AGENT_STORE. */
  async rollout(): Promise<Rollout | undefined> {
    return this.#reached(async () => (await this.#rollout()).rollout);
  }

  /** All directors, and where they disagree. Rejects with ERR_AGENT_STORE. */
  async status(): Promise<FleetStatus> {
    return this.#reached(async () => {
      const { rollout } = await this.#rollout();
      const { key, end } = prefixRange(this.#store.keys.directors);
      const { entries } = await this.#store.range(key, end);
      return fleetStatus(rollout, entries);
    });
  }

  /** A document without mistakes. Rejects with ERR_AGENT_DOCUMENT. */
  async read(text: string, file: string): Promise<Declared> {
    const { declared, problems } = await readDeclaredText(text, file, digestOf(text), this.#types, 'store');
    if (declared !== undefined) return declared;
    const lines = problems.map(({ message }) => message).slice(0, 100);
    throw new AgentError('ERR_AGENT_DOCUMENT', lines.join('\n'), { problems });
  }

  /** Ends all connections. */
  close(): void {
    this.#store.close();
  }

  async #rollout(): Promise<{ readonly rollout: Rollout | undefined; readonly modified: number }> {
    const { rollout, modified } = await this.#store.rollout();
    if (typeof rollout === 'string')
      throw new AgentError('ERR_AGENT_STORE', `the rollout in ${this.#prefix} is damaged: ${rollout}`);
    return { rollout, modified };
  }

  async #document(revision: string): Promise<FleetDocument> {
    const text = await this.#store.document(revision);
    if (text !== undefined) return { revision, text };
    throw new AgentError(
      'ERR_AGENT_STORE',
      `document ${revision} is not whole in ${this.#prefix}: parts of it are missing or damaged`,
    );
  }

  async #checkRemoval(before: Rollout | undefined, next: Declared, maxRemoval: number): Promise<void> {
    if (before === undefined) return;
    const { text, revision } = await this.#document(before.current);
    const { declared } = await readDeclaredText(text, revision, revision, this.#types, 'store');
    if (declared === undefined) return;
    const removal = removalOf(inForceOf(declared), next);
    if (isLargeRemoval(removal, maxRemoval))
      throw new AgentError(
        'ERR_AGENT_REFUSED',
        `the document removes ${removalText(removal)}; --allow-removals puts it all the same`,
      );
  }

  async #checkCanary(before: Rollout | undefined, canary: string): Promise<void> {
    if (before === undefined)
      throw new AgentError(
        'ERR_AGENT_REFUSED',
        'the first document of a fleet has no canary: nothing is in force yet',
      );
    const { directors } = await this.status();
    if (directors.some(({ id }) => id === canary)) return;
    const names = directors.map(({ id }) => id).join(', ');
    throw new AgentError(
      'ERR_AGENT_NOT_FOUND',
      `no director ${canary} is running; ${names === '' ? 'there is none' : `there are ${names}`}`,
    );
  }

  async #replace(
    { rollout: before, modified }: { readonly rollout: Rollout | undefined; readonly modified: number },
    past: PastRevision,
    options: Parameters<typeof withRevision>[2],
  ): Promise<Rollout> {
    const rollout = withRevision(before, past, options);
    if (!(await this.#store.setRollout(rollout, modified))) throw overtaken();
    await this.#deleteOld(rollout, modified);
    return rollout;
  }

  /** Deletes documents that the rollout does not name, except those that are being written. */
  async #deleteOld(rollout: Rollout, before: number): Promise<void> {
    const named = new Set([
      rollout.current,
      rollout.candidate,
      ...rollout.history.map(({ revision }) => revision),
    ]);
    const { documents } = this.#store.keys;
    const { key, end } = prefixRange(documents);
    const { entries } = await this.#store.range(key, end, { keysOnly: true });
    const chunksOf = new Map<string, KeyValue[]>();
    for (const entry of entries) {
      const [revision = ''] = entry.key.slice(documents.length).split('/');
      const chunks = chunksOf.get(revision);
      if (chunks === undefined) chunksOf.set(revision, [entry]);
      else chunks.push(entry);
    }
    for (const [revision, chunks] of chunksOf)
      if (!named.has(revision) && chunks.every(({ modified }) => modified < before))
        await this.#store.deleteDocument(revision, chunks);
  }

  /**
   * Tries one endpoint after another. A cluster that is electing a leader is asked again for some seconds. `isAgain`:
   * an earlier request, whose answer was lost, may have been executed.
   */
  async #reached<T>(work: (isAgain: boolean) => Promise<T>): Promise<T> {
    const { gateway } = this.#store;
    let silent = 0;
    for (let busy = 0; ;) {
      try {
        return await work(silent + busy > 0);
      } catch (error) {
        if (!(error instanceof StoreFailure)) throw error;
        if (error.status === undefined) silent += 1;
        else if (BUSY.has(error.status)) busy += 1;
        else throw unusable(error);
        if (silent >= gateway.endpoints || busy > MOST_BUSY) throw unusable(error);
        if (busy > 0) await sleep(BUSY_PAUSE);
        gateway.rotate();
      }
    }
  }
}

function unusable(error: StoreFailure): AgentError {
  return new AgentError('ERR_AGENT_STORE', `the store cannot be used: ${error.message}`, { cause: error });
}
