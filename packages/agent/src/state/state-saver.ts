import { AgentError } from '../errors.js';
import type { SavedState } from '../loop/saved-state.js';
import type { Maintenance } from '../override/maintenance.js';

/** Stores the state of an agent. */
export interface StateStore {
  /** The state that was saved for the current table; undefined if there is none. */
  loadState(): SavedState | undefined;
  loadMaintenance(): Maintenance[];
  /** Throws ERR_AGENT_FILE, and ERR_AGENT_RUNNING if another agent has the directory. */
  saveState(state: SavedState): void;
  /** Throws ERR_AGENT_FILE. */
  saveMaintenance(maintenance: readonly Maintenance[]): void;
  /** A warning for the operator although everything was saved; undefined if there is none. */
  readonly warning?: string | undefined;
}

/** Milliseconds after which a change of the state is written; a large state waits longer. */
const SAVE_DELAY = 100;
const LONGEST_DELAY = 1000;
/** The share of time that may be spent on writing. */
const SHARE = 0.05;
/** Milliseconds after which it is tried again after a failure. */
const RETRY = 5000;

/** Writes the state. A directory that cannot be written is reported once, and the agent continues. */
export class StateSaver {
  readonly #store: StateStore;
  readonly #current: () => { readonly state: SavedState; readonly maintenance: readonly Maintenance[] };
  readonly #report: (text: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #problem: string | undefined;
  #took = 0;
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
    const delay = Math.min(LONGEST_DELAY, Math.max(SAVE_DELAY, this.#took / SHARE));
    this.#timer ??= setTimeout(() => this.saveNow(), delay);
  }

  /** Writes it before this returns. */
  saveNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#closed) return;
    const start = performance.now();
    const { state, maintenance } = this.#current();
    try {
      this.#store.saveState(state);
      this.#store.saveMaintenance(maintenance);
      this.#note(this.#store.warning);
    } catch (error) {
      if (!AgentError.is(error)) throw error;
      this.#note(error.message);
    }
    this.#took = performance.now() - start;
  }

  /** Writes it for the last time. */
  close(): void {
    this.saveNow();
    clearTimeout(this.#timer);
    this.#closed = true;
  }

  #note(problem: string | undefined): void {
    if (problem !== this.#problem) this.#report(problem ?? 'the state can be written again');
    this.#problem = problem;
    if (problem !== undefined) this.#timer = setTimeout(() => this.saveNow(), RETRY);
  }
}
