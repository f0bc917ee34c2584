import { type MetricsFormat, metricsText } from '@ipvs-ts/ipvs';
import { AgentError } from '../errors.js';
import type { AgentEvent } from '../report/event-log.js';
import { explain, type Explanation } from '../report/explain.js';
import {
  maintenanceRefusal,
  type MaintenanceRequest,
  type MaintenanceStatus,
  maintenanceStatus,
} from '../report/maintenance.js';
import { type Status, statusOf, unfitness } from '../report/status.js';
import { summaryText } from '../report/summary.js';
import { type ConnectionsEnd, type ConnectionsLeft, waitForConnections } from './connections.js';
import type { Driver } from './driver.js';
import type { DirectoryLocks } from '../state/directory-locks.js';
import type { HeldNamespace } from './held-namespace.js';

/** Returns the driver of an agent, for the server only. */
export let driverOf: (agent: Agent) => Driver;

/** A running agent. */
export class Agent {
  static {
    driverOf = (agent) => agent.#driver;
  }

  readonly #driver: Driver;
  readonly #namespace: HeldNamespace;
  readonly #locks: DirectoryLocks | undefined;

  /** Agents are created by {@link runAgent}. `locks`: of its directories; undefined if it only observes. */
  constructor(driver: Driver, namespace: HeldNamespace, locks: DirectoryLocks | undefined) {
    this.#driver = driver;
    this.#namespace = namespace;
    this.#locks = locks;
  }

  /** The state of the agent. */
  status(): Status {
    const { loop, time, feed } = this.#driver;
    const names = { id: this.id, namespace: this.#namespace.id };
    return statusOf(loop.world, names, this.#driver.now(), time, feed.status);
  }

  /** Name of this director. */
  get id(): string {
    return this.#driver.id;
  }

  /** Why this director is not fit: sentences; empty if it is. */
  unfitness(): readonly string[] {
    return unfitness(this.#driver.loop.world);
  }

  /** Whether the table and the document were read, or tried, at least once. */
  get isReady(): boolean {
    const { table, sourceTried } = this.#driver.loop.world;
    return table !== undefined && sourceTried;
  }

  /** The status in one line: `fit; 7 of 8 destinations of 3 services in service; document 0f3a12b4c5d6`. */
  summary(): string {
    return summaryText(this.status(), this.unfitness());
  }

  /**
   * Resolves when the first reading of the table and the first document have been handled: the table is as declared, or
   * it is known why not.
   */
  async settled(): Promise<void> {
    const { world } = this.#driver.loop;
    await this.#driver.until(() => {
      if (!world.sourceTried) return false;
      if (world.kernelProblem !== undefined || world.retryPause > 0) return true;
      const { table, next, kernel, unapplied } = world;
      return table !== undefined && next === undefined && kernel === 'idle' && unapplied.size === 0;
    });
  }

  /** Reads the table now instead of at the next interval. */
  lookNow(): void {
    this.#driver.lookNow();
  }

  /** Why a service, or one of its destinations, is in or out. Throws ERR_AGENT_NOT_FOUND. */
  explain(service: string, destination?: string): Explanation {
    const { loop, time } = this.#driver;
    const found = explain(loop.world, service, destination, this.#driver.now(), time);
    if (found !== undefined) return found;
    throw new AgentError(
      'ERR_AGENT_NOT_FOUND',
      `the document in force has no ${named(service, destination)}`,
    );
  }

  /** The last events after the one with number `id`, oldest first: at most 1000. */
  events(id = 0): readonly AgentEvent[] {
    return this.#driver.events.after(id);
  }

  /** Calls `listener` with every event from now on; returns a function that stops it. */
  onEvent(listener: (event: AgentEvent) => void): () => void {
    return this.#driver.events.follow(listener);
  }

  /**
   * Reads the document again now; resolves when it is in force, or when it is known why not: see `status().document`.
   */
  async reload(): Promise<void> {
    await this.#driver.reload();
  }

  /**
   * Accepts the pending document; resolves when it has taken effect. Rejects with ERR_AGENT_NOT_FOUND if the pending
   * document has another revision, or if there is none.
   */
  async accept(revision: string): Promise<void> {
    const { loop } = this.#driver;
    const pending = loop.world.pending?.declared.revision;
    const effects = loop.accept(revision, this.#driver.now());
    if (effects === undefined) {
      const waits = pending === undefined ? 'no document waits' : `the one that waits is ${pending}`;
      throw new AgentError(
        'ERR_AGENT_NOT_FOUND',
        `document ${revision} does not wait to be accepted; ${waits}`,
      );
    }
    this.#driver.perform(effects);
    await this.#driver.documentInForce();
  }

  /** Every maintenance. */
  maintenance(): readonly MaintenanceStatus[] {
    const { loop, time } = this.#driver;
    return loop.world.overrides.all().map((each) => maintenanceStatus(each, time));
  }

  /**
   * Waits until a destination in maintenance has no connections any more, by the rules of a drain; changes nothing.
   * Rejects with the reason of `signal`, with ERR_AGENT_NOT_FOUND if it is not in maintenance, and with the error if
   * the table cannot be read.
   */
  async waitForConnections(
    service: string,
    destination: string,
    onProgress: (left: ConnectionsLeft) => void,
    signal: AbortSignal,
  ): Promise<ConnectionsEnd> {
    const { world } = this.#driver.loop;
    const goesOn = (): boolean => world.overrides.of(service).has(destination);
    if (!goesOn())
      throw new AgentError('ERR_AGENT_NOT_FOUND', `${named(service, destination)} is not in maintenance`);
    const source = {
      read: () => this.#driver.kernel.counted(service, destination),
      goesOn,
      get expiresTemplates() {
        return world.expiry.expiresTemplates;
      },
    };
    return waitForConnections(source, onProgress, signal);
  }

  /**
   * Takes a destination out of service: weight 0, and it stays in the table. With a store, on all directors of the
   * fleet. Rejects with ERR_AGENT_NOT_FOUND; with ERR_AGENT_REFUSED if it would leave the service without a destination
   * or below its floor; with ERR_AGENT_STORE if the store does not answer.
   */
  async startMaintenance(request: MaintenanceRequest): Promise<void> {
    const { service, destination, duration, why, by, force = false, local = false } = request;
    const { loop, feed } = this.#driver;
    const state = loop.world.services.get(service);
    if (state?.declared.destinations?.some(({ name }) => name === destination) !== true)
      throw new AgentError(
        'ERR_AGENT_NOT_FOUND',
        `the document in force has no ${named(service, destination)}`,
      );
    const refusal = force ? undefined : maintenanceRefusal(state, destination);
    if (refusal !== undefined) throw new AgentError('ERR_AGENT_REFUSED', refusal);
    const since = this.#driver.now();
    const until = duration === undefined ? undefined : since + duration;
    const fleet = !local && feed.maintenance !== undefined;
    if (fleet) {
      const { time } = this.#driver;
      const ends = until === undefined ? undefined : time(until);
      await feed.maintenance.start({ service, destination, since: time(since), until: ends, why, by });
    }
    this.#driver.perform(
      loop.startMaintenance({ service, destination, since, until, why, by, ...(fleet && { fleet }) }, since),
    );
  }

  /**
   * Ends a maintenance, on all directors if it is of the fleet. Rejects with ERR_AGENT_NOT_FOUND if there is none; with
   * ERR_AGENT_STORE if the store does not answer.
   */
  async endMaintenance(service: string, destination: string): Promise<void> {
    const { loop, feed } = this.#driver;
    const running = loop.world.overrides.of(service).get(destination);
    if (running === undefined)
      throw new AgentError('ERR_AGENT_NOT_FOUND', `${named(service, destination)} is not in maintenance`);
    if (running.fleet === true && feed.maintenance !== undefined)
      await feed.maintenance.end(service, destination);
    this.#driver.perform(loop.endMaintenance(service, destination, this.#driver.now()));
  }

  /** The listeners of the document in force: `address:port`; undefined if there is none. */
  get listen(): { readonly metrics: string | undefined; readonly page: string | undefined } {
    return this.#driver.loop.world.declared?.agent.listen ?? { metrics: undefined, page: undefined };
  }

  /** The metrics of the table, the agent and its process as text. Rejects if the table cannot be read. */
  async metricsText(format: MetricsFormat = 'prometheus'): Promise<string> {
    const { loop, meter } = this.#driver;
    const more = await meter.text(
      () => ({ world: loop.world, now: this.#driver.now(), id: this.id }),
      format,
    );
    const { by } = loop.world.declared?.agent.metrics ?? { by: 'service' };
    return metricsText(await this.#driver.kernel.readMetrics(), { by, format, more });
  }

  /** Adds an event for operators. */
  warn(text: string): void {
    const at = this.#driver.now();
    this.#driver.events.add({ at, kind: 'warning', text }, this.#driver.time(at));
  }

  /** When the kernel last answered, even with an error, in milliseconds since the host started: for a watchdog. */
  get kernelAnsweredAt(): number {
    return this.#driver.lookEndedAt;
  }

  /** Stops the agent without changing the table. */
  async close(): Promise<void> {
    await this.#driver.close();
    this.#locks?.release();
    this.#namespace.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function named(service: string, destination: string | undefined): string {
  return destination === undefined ? `service ${service}` : `destination ${destination} of ${service}`;
}
