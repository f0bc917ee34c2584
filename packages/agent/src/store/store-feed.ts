import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckTypes } from '../check/read-check.js';
import type { Declared } from '../declared/declared.js';
import type { EtcdSettings } from '../declared/source-settings.js';
import { readDeclaredText } from '../declared/read-text.js';
import { AgentError } from '../errors.js';
import { hash } from '../health/hash.js';
import type { Effect, LoopEvent } from '../loop/events.js';
import type { Loop } from '../loop/loop.js';
import type { Maintenance } from '../override/maintenance.js';
import { type DirectorRecord, directorRecord, obstacleOf } from '../report/director-record.js';
import type { StoreStatus } from '../report/store-status.js';
import type { CanaryState } from '../source/canary.js';
import { unfitness } from '../report/status.js';
import { DocumentCache, type OwnDirectory } from './document-cache.js';
import type { FleetMaintenance, StoredMaintenance } from './fleet-maintenance.js';
import { StoreSource, type StoreText } from './store-source.js';
import { VERSION } from '../version.js';

/** The host of a feed. */
export interface FeedHost {
  readonly clock: {
    /** Milliseconds of a monotonic clock. */
    now(): number;
    /** The wall time of a monotonic time, in milliseconds. */
    wall(at: number): number;
  };
  readonly loop: Loop;
  readonly types: CheckTypes;
  /** Name of this director if its file does not set one. */
  readonly id: string;
  /** The directory in which the last document is saved. */
  readonly directory: OwnDirectory;
  readonly handle: (event: LoopEvent) => void;
  readonly perform: (effects: readonly Effect[]) => void;
  readonly report: (kind: 'store' | 'warning', text: string) => void;
}

/** Passes the documents and the maintenance of a fleet's store to a loop. */
export class StoreFeed {
  readonly #host: FeedHost;
  readonly #instance: string;
  #source: StoreSource | undefined;
  /** Settings and id with which the source was opened. */
  #opened: string | undefined;
  /** The file of this director, whose settings apply to every document. */
  #local: Declared | undefined;
  #last: StoreText | undefined;
  #reading = 0;
  /** The revision that was last seen in force. */
  #forced: string | undefined;
  /** Destinations that were down before the newest document. */
  #downBefore: ReadonlySet<string> = new Set();

  constructor(host: FeedHost) {
    this.#host = host;
    this.#instance = instanceOf(host.directory);
  }

  /** Follows the store that the file of this director names. Certificates that cannot be read are mistakes of the file. */
  follow(local: Declared): void {
    try {
      this.#follow(local, local.agent.id ?? this.#host.id);
    } catch (error) {
      if (!AgentError.is(error)) throw error;
      const { message } = error;
      const problem = { path: 'agent.source.etcd', allowed: 'files that can be read', message };
      this.#host.handle({ kind: 'document problems', revision: local.revision, problems: [problem] });
    }
  }

  #follow(local: Declared, id: string): void {
    const settings = local.agent.source?.etcd as EtcdSettings;
    this.#local = local;
    const opened = JSON.stringify([settings, id]);
    if (opened === this.#opened) {
      if (this.#last !== undefined) void this.#document(this.#last);
      return;
    }
    this.stop();
    const { clock } = this.#host;
    this.#source = new StoreSource({
      settings,
      id,
      instance: this.#instance,
      cache: new DocumentCache(this.#host.directory),
      now: () => clock.now(),
      spread: hash(this.#instance) / 2 ** 32,
      listener: {
        document: (text) => void this.#document(text),
        maintenance: (list) => this.#maintenance(list),
        report: (kind, text) => this.#host.report(kind, text),
        record: () => this.#record(id),
        canary: (revision) => this.#canary(revision),
      },
    });
    this.#opened = opened;
    this.#source.start();
  }

  /** Stops following; the document in force stays. */
  stop(): void {
    this.#source?.stop();
    this.#source = undefined;
    this.#opened = undefined;
    this.#last = undefined;
    this.#reading += 1;
  }

  /** The id that the file of this director names; undefined without a store, or without an id. */
  get id(): string | undefined {
    return this.#source === undefined ? undefined : this.#local?.agent.id;
  }

  reload(): void {
    this.#source?.reload();
  }

  get status(): StoreStatus | null {
    return this.#source?.status ?? null;
  }

  /** The maintenance of the fleet; undefined without a store. */
  get maintenance(): FleetMaintenance | undefined {
    return this.#source?.maintenance;
  }

  /** Checks whether another document has taken effect. */
  note(): void {
    const revision = this.#host.loop.world.declared?.revision;
    if (revision === undefined || revision === this.#forced) return;
    this.#forced = revision;
    try {
      this.#source?.tookForce(revision);
    } catch (error) {
      if (!AgentError.is(error)) throw error;
      this.#host.report('warning', error.message);
    }
  }

  async #document(text: StoreText): Promise<void> {
    this.#last = text;
    const reading = ++this.#reading;
    const { revision } = text;
    const prefix = this.#local?.agent.source?.etcd.prefix ?? '';
    if ('error' in text) {
      const problem = { path: 'document', allowed: 'a document in the store', message: text.error };
      this.#host.handle({ kind: 'document problems', revision, problems: [problem] });
      return;
    }
    const name = `${prefix}documents/${revision}`;
    const { declared, problems } = await readDeclaredText(
      text.text,
      name,
      revision,
      this.#host.types,
      'store',
    );
    if (reading !== this.#reading || this.#local === undefined) return;
    if (declared === undefined) {
      this.#host.handle({ kind: 'document problems', revision, problems });
      return;
    }
    if (revision !== this.#host.loop.world.declared?.revision) this.#downBefore = new Set(this.#down());
    const { allowRemovals, hold } = text;
    const { agent } = this.#local;
    this.#host.handle({ kind: 'document', declared: { ...declared, agent }, allowRemovals, hold });
  }

  #maintenance(list: readonly StoredMaintenance[]): void {
    const { clock, loop } = this.#host;
    const now = clock.now();
    const monotonic = (time: string): number => now + Date.parse(time) - clock.wall(now);
    const own = list.map(({ since, until, ...rest }): Maintenance => ({
      ...rest,
      since: Math.min(now, monotonic(since)),
      until: until === undefined ? undefined : monotonic(until),
      fleet: true,
    }));
    this.#host.perform(loop.followMaintenance(own, now));
  }

  #record(id: string): DirectorRecord {
    const { loop, clock } = this.#host;
    return directorRecord(loop.world, { id, instance: this.#instance, program: VERSION }, clock.now());
  }

  #canary(revision: string): CanaryState {
    const { loop, clock } = this.#host;
    const { world } = loop;
    const isInForce = world.declared?.revision === revision;
    const newest = world.pending?.declared.revision ?? world.problemRevision;
    return {
      since: isInForce ? world.loadedAt : undefined,
      obstacle: !isInForce && newest === revision ? obstacleOf(world) : undefined,
      downBefore: this.#downBefore,
      down: this.#down(),
      unknown: this.#states('unknown').length,
      doubt: world.doubt.at(clock.now()) !== undefined,
      unfitness: unfitness(world),
    };
  }

  /** Destinations that are down; before a document is in force, those that were down when the agent stopped. */
  #down(): string[] {
    const { declared, saved } = this.#host.loop.world;
    if (declared !== undefined) return [...this.#states('down'), ...this.#states('kept')];
    return Object.entries(saved?.services ?? {}).flatMap(([service, { health }]) =>
      Object.entries(health)
        .filter(([, { state }]) => state === 'down')
        .map(([destination]) => `${destination} of ${service}`),
    );
  }

  #states(wanted: string): string[] {
    return [...this.#host.loop.world.services].flatMap(([service, { composed }]) =>
      (composed?.destinations ?? [])
        .filter(({ state }) => state === wanted)
        .map(({ name }) => `${name} of ${service}`),
    );
  }
}

/** Distinguishes this director from another one with the same id. It survives restarts if its file can be written. */
function instanceOf({ path: directory, claim }: OwnDirectory): string {
  const path = join(directory, 'instance');
  try {
    const text = readFileSync(path, 'utf8').trim();
    if (text !== '') return text;
  } catch {
    // There is none yet.
  }
  const instance = randomUUID();
  if (claim === undefined) return instance;
  try {
    claim();
    mkdirSync(directory, { recursive: true });
    writeFileSync(path, `${instance}\n`);
  } catch {
    // The state directory cannot be written, which is reported when the state is saved.
  }
  return instance;
}
