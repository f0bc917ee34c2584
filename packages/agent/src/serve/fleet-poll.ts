import type { EtcdSettings } from '../declared/source-settings.js';
import { Fleet } from '../fleet/fleet.js';
import type { FleetStatus } from '../fleet/fleet-status.js';

/** Milliseconds between two requests. */
const PAUSE = 5000;

/** Reads the state of the fleet from the store while a page is open. */
export class FleetPoll {
  readonly #settings: () => EtcdSettings | undefined;
  #opened: string | undefined;
  #fleet: Fleet | undefined;
  #status: FleetStatus | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** `settings`: of the store; undefined if there is none. */
  constructor(settings: () => EtcdSettings | undefined) {
    this.#settings = settings;
    void this.#ask();
  }

  /** The last state of the fleet; undefined if there is none, or if the store does not answer. */
  get status(): FleetStatus | undefined {
    return this.#status;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#fleet?.close();
  }

  async #ask(): Promise<void> {
    try {
      this.#status = await this.#open()?.status();
    } catch {
      // The agent itself reports that its store does not answer.
      this.#status = undefined;
    }
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#ask(), PAUSE);
    this.#timer.unref();
  }

  #open(): Fleet | undefined {
    const settings = this.#settings();
    const opened = JSON.stringify(settings);
    if (opened === this.#opened) return this.#fleet;
    this.#fleet?.close();
    this.#fleet = undefined;
    if (settings !== undefined) this.#fleet = new Fleet(settings);
    this.#opened = opened;
    return this.#fleet;
  }
}
