import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSavedState, type SavedState } from '../loop/saved-state.js';
import type { Maintenance } from '../override/maintenance.js';
import { type Clock, wallTimes } from './clock.js';
import type { DirectoryLocks } from './directory-locks.js';
import { DiskReserve } from './disk-reserve.js';
import type { StateStore } from './state-saver.js';

const STATE_FILE = 'agent.json';
const MAINTENANCE_FILE = 'maintenance.json';
const RESERVE_FILE = 'reserve';

/**
 * The files of an agent: the runtime directory is lost at a reboot, like the table; the state directory survives it.
 * `namespace`: identifies the network namespace; the state of another one is not read.
 */
export class StateFiles implements StateStore {
  readonly #runtime: string;
  readonly #state: string;
  readonly #namespace: () => string;
  readonly #clock: Clock;
  readonly #boot = bootId();
  readonly #reserve: DiskReserve;
  readonly #locks: DirectoryLocks | undefined;

  /** `locks`: of both directories; undefined if they are only read. */
  constructor(runtime: string, state: string, namespace: () => string, clock: Clock, locks?: DirectoryLocks) {
    this.#runtime = runtime;
    this.#state = state;
    this.#namespace = namespace;
    this.#clock = clock;
    this.#reserve = new DiskReserve(join(runtime, RESERVE_FILE));
    this.#locks = locks;
  }

  get warning(): string | undefined {
    return this.#reserve.warning ?? this.#locks?.warning;
  }

  loadState(): SavedState | undefined {
    const { namespace, state } = (parsed(join(this.#runtime, STATE_FILE)) ?? {}) as {
      readonly namespace?: unknown;
      readonly state?: unknown;
    };
    return namespace === this.#namespace() && state !== undefined
      ? readSavedState(JSON.stringify(state))
      : undefined;
  }

  saveState(state: SavedState): void {
    // A directory may have been removed, and created again by another agent.
    this.#locks?.keep();
    const text = JSON.stringify({ namespace: this.#namespace(), state });
    this.#reserve.write(join(this.#runtime, STATE_FILE), text);
    this.#reserve.keep(2 * text.length);
  }

  loadMaintenance(): Maintenance[] {
    const list = parsed(join(this.#state, MAINTENANCE_FILE));
    const now = this.#clock.now();
    const zero = this.#clock.wall(0);
    return (Array.isArray(list) ? (list as unknown[]) : [])
      .filter(isSaved)
      .map(({ since, until, why, by, uptime, ...names }) => {
        // The wall clock may have jumped since; after a reboot there is no other one.
        const known = uptime?.boot === this.#boot && this.#boot !== undefined ? uptime : undefined;
        const ends = until === undefined ? undefined : Date.parse(until) - zero;
        return {
          ...names,
          since: Math.min(now, known?.since ?? Date.parse(since) - zero),
          until: ends === undefined ? undefined : (known?.until ?? ends),
          why,
          by,
        };
      });
  }

  saveMaintenance(maintenance: readonly Maintenance[]): void {
    this.#locks?.keep();
    const time = wallTimes(this.#clock);
    const list = maintenance.map(({ since, until, ...rest }) => ({
      ...rest,
      since: time(since),
      ...(until !== undefined && { until: time(until) }),
      uptime: { boot: this.#boot, since, until },
    }));
    this.#reserve.write(join(this.#state, MAINTENANCE_FILE), `${JSON.stringify(list, undefined, 2)}\n`);
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
  /** The same times in milliseconds since this boot. */
  readonly uptime?: { readonly boot?: string; readonly since: number; readonly until?: number };
}

function isSaved(value: unknown): value is SavedMaintenance {
  const { service, destination, since, until, uptime } = (value ?? {}) as Partial<Record<string, unknown>>;
  const isTime = (text: unknown): boolean => typeof text === 'string' && !Number.isNaN(Date.parse(text));
  return (
    typeof service === 'string' &&
    typeof destination === 'string' &&
    isTime(since) &&
    (until === undefined || isTime(until)) &&
    isUptime(uptime)
  );
}

function isUptime(value: unknown): boolean {
  if (value === undefined) return true;
  const { since, until } = (value ?? {}) as { readonly since?: unknown; readonly until?: unknown };
  return Number.isFinite(since) && (until === undefined || Number.isFinite(until));
}

/** Identifies this boot of the host; undefined if the kernel does not report it. */
function bootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** The value of a JSON file; undefined if there is none, or if it is damaged. */
function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
