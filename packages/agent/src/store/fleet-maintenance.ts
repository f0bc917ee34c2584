import { AgentError } from '../errors.js';
import { overrideKey, overrideOf } from '../source/store-keys.js';
import { isRecord } from './gateway-json.js';
import type { Store } from './store.js';

/** A maintenance of the fleet, as the store has it. Times are ISO 8601. */
export interface StoredMaintenance {
  readonly service: string;
  readonly destination: string;
  readonly since: string;
  readonly until: string | undefined;
  readonly why: string | undefined;
  readonly by: string | undefined;
}

/** The maintenance of a fleet: keys of its store. */
export class FleetMaintenance {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Starts a maintenance for the whole fleet. Rejects with ERR_AGENT_STORE if the store does not answer. */
  async start({ service, destination, ...rest }: StoredMaintenance): Promise<void> {
    const seconds = rest.until === undefined ? undefined : (Date.parse(rest.until) - Date.now()) / 1000;
    await this.#asked('start the maintenance', async () => {
      // The key is deleted with its lease some seconds after every director has ended the maintenance by itself.
      const lease =
        seconds === undefined ? undefined : await this.#store.grant(Math.max(1, Math.ceil(seconds)) + 5);
      await this.#store.put(overrideKey(this.#store.keys, service, destination), JSON.stringify(rest), lease);
    });
  }

  /** Ends a maintenance of the whole fleet. Rejects with ERR_AGENT_STORE if the store does not answer. */
  async end(service: string, destination: string): Promise<void> {
    await this.#asked('end the maintenance', () =>
      this.#store.delete(overrideKey(this.#store.keys, service, destination)),
    );
  }

  async #asked(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AgentError('ERR_AGENT_STORE', `cannot ${what} for the fleet: ${reason}`, { cause });
    }
  }

  /** All maintenance among the keys that directors watch. Calls `onDamaged` with keys whose value cannot be read. */
  among(entries: ReadonlyMap<string, string>, onDamaged: (key: string) => void): StoredMaintenance[] {
    return [...entries].flatMap(([key, value]) => {
      const names = overrideOf(this.#store.keys, key);
      if (names === undefined) return [];
      const read = readMaintenance(value);
      if (read !== undefined) return [{ ...names, ...read }];
      onDamaged(key);
      return [];
    });
  }
}

function readMaintenance(text: string): Omit<StoredMaintenance, 'service' | 'destination'> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { since, until, why, by } = value;
  const isTime = (time: unknown): time is string =>
    typeof time === 'string' && !Number.isNaN(Date.parse(time));
  const isText = (each: unknown): each is string | undefined =>
    each === undefined || typeof each === 'string';
  if (!isTime(since) || !(until === undefined || isTime(until)) || !isText(why) || !isText(by))
    return undefined;
  return { since, until, why, by };
}
