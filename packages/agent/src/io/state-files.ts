import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AgentError } from '../errors.js';
import { readSavedState, type SavedState } from '../loop/saved-state.js';
import type { Maintenance } from '../override/maintenance.js';
import type { Clock } from './clock.js';

/** What keeps the state of an agent. */
export interface StateStore {
  /** What was saved with the table that is there; undefined: nothing. */
  loadState(): SavedState | undefined;
  loadMaintenance(): Maintenance[];
  /** Throws ERR_AGENT_FILE. */
  saveState(state: SavedState): void;
  /** Throws ERR_AGENT_FILE. */
  saveMaintenance(maintenance: readonly Maintenance[]): void;
}

const STATE_FILE = 'agent.json';
const MAINTENANCE_FILE = 'maintenance.json';

/**
 * The files of an agent: the runtime directory dies with the table at a reboot, the state directory survives it.
 * `namespace`: what tells the network namespace from others; a state of another one is not read.
 */
export class StateFiles implements StateStore {
  readonly #runtime: string;
  readonly #state: string;
  readonly #namespace: string;
  readonly #clock: Clock;

  constructor(runtime: string, state: string, namespace: string, clock: Clock) {
    this.#runtime = runtime;
    this.#state = state;
    this.#namespace = namespace;
    this.#clock = clock;
  }

  loadState(): SavedState | undefined {
    const { namespace, state } = (parsed(join(this.#runtime, STATE_FILE)) ?? {}) as {
      readonly namespace?: unknown;
      readonly state?: unknown;
    };
    return namespace === this.#namespace && state !== undefined
      ? readSavedState(JSON.stringify(state))
      : undefined;
  }

  saveState(state: SavedState): void {
    write(join(this.#runtime, STATE_FILE), JSON.stringify({ namespace: this.#namespace, state }));
  }

  loadMaintenance(): Maintenance[] {
    const list = parsed(join(this.#state, MAINTENANCE_FILE));
    const now = this.#clock.now();
    const zero = this.#clock.wall(0);
    return (Array.isArray(list) ? (list as unknown[]) : [])
      .filter(isSaved)
      .map(({ since, until, why, by, ...names }) => ({
        ...names,
        since: Math.min(now, Date.parse(since) - zero),
        until: until === undefined ? undefined : Date.parse(until) - zero,
        why,
        by,
      }));
  }

  saveMaintenance(maintenance: readonly Maintenance[]): void {
    const time = (at: number): string => new Date(this.#clock.wall(at)).toISOString();
    const list = maintenance.map(({ since, until, ...rest }) => ({
      ...rest,
      since: time(since),
      ...(until !== undefined && { until: time(until) }),
    }));
    write(join(this.#state, MAINTENANCE_FILE), `${JSON.stringify(list, undefined, 2)}\n`);
  }
}

/** How long a change of the state may wait to be written, in milliseconds. */
const SAVE_DELAY = 100;

/** Writes the state when it is asked to; a directory that cannot be written is reported once, and the agent goes on. */
export class StateSaver {
  readonly #store: StateStore;
  readonly #current: () => { readonly state: SavedState; readonly maintenance: readonly Maintenance[] };
  readonly #report: (text: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #problem: string | undefined;
  #closed: boolean;

  /** `observes`: nothing is ever written. */
  constructor(
    store: StateStore,
    current: () => { readonly state: SavedState; readonly maintenance: readonly Maintenance[] },
    report: (text: string) => void,
    observes: boolean,
  ) {
    this.#store = store;
    this.#current = current;
    this.#report = report;
    this.#closed = observes;
  }

  /** Writes it soon, once for many changes. */
  saveSoon(): void {
    this.#timer ??= setTimeout(() => this.saveNow(), SAVE_DELAY);
  }

  /** Writes it before this returns. */
  saveNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#closed) return;
    const { state, maintenance } = this.#current();
    try {
      this.#store.saveState(state);
      this.#store.saveMaintenance(maintenance);
      if (this.#problem !== undefined) this.#report('the state can be written again');
      this.#problem = undefined;
    } catch (error) {
      if (!AgentError.is(error)) throw error;
      if (this.#problem !== error.message) this.#report(error.message);
      this.#problem = error.message;
    }
  }

  /** Writes it for the last time. */
  close(): void {
    this.saveNow();
    this.#closed = true;
  }
}

interface SavedMaintenance {
  readonly service: string;
  readonly destination: string;
  /** ISO 8601. */
  readonly since: string;
  readonly until?: string;
  readonly why: string | undefined;
  readonly by: string | undefined;
}

function isSaved(value: unknown): value is SavedMaintenance {
  const { service, destination, since, until } = (value ?? {}) as Partial<Record<string, unknown>>;
  const isTime = (text: unknown): boolean => typeof text === 'string' && !Number.isNaN(Date.parse(text));
  return (
    typeof service === 'string' &&
    typeof destination === 'string' &&
    isTime(since) &&
    (until === undefined || isTime(until))
  );
}

/** The value of a JSON file; undefined where there is none, or where it is damaged. */
function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Replaces a file as a whole, so that readers never see half of it. */
function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, text, { mode: 0o640 });
    renameSync(`${path}.new`, path);
  } catch (cause) {
    const { code = 'unknown error' } = cause as { readonly code?: string };
    throw new AgentError(
      'ERR_AGENT_FILE',
      `cannot write ${path} (${code}); check its directory and free space`,
      { cause },
    );
  }
}
