import { hostname } from 'node:os';
import { join } from 'node:path';
import { Ipvs } from '@ipvs-ts/ipvs';
import { CHECK_TYPES, type CheckType } from '../check/check-type.js';
import { AgentError } from '../errors.js';
import type { Maintenance } from '../override/maintenance.js';
import { type RunCheck, SocketEngine } from '../probes/engine.js';
import type { AgentEvent } from '../report/event-log.js';
import { explain, type Explanation } from '../report/explain.js';
import { type Status, statusOf, unfitness } from '../report/status.js';
import { hostClock } from './clock.js';
import { DocumentFile } from './document-file.js';
import { Driver } from './driver.js';
import { KernelTable } from './kernel-table.js';
import { descriptorLimit, lockNamespace, namespaceId, type NamespaceLock } from './namespace.js';
import { StateFiles } from './state-files.js';

/** A check type of one's own. */
export interface OwnCheckType extends CheckType {
  /** Runs one check. What goes wrong on this host is `noVerdict`; it must end within the timeout of the check. */
  readonly run: RunCheck;
}

/** How an agent runs. */
export interface AgentOptions {
  /** The document. `/etc/ipvs-ts/director.yaml` by default. */
  readonly file?: string | undefined;
  /** For what lives as long as the table. `/run/ipvs-ts` by default. */
  readonly runtimeDirectory?: string | undefined;
  /** For what survives a reboot: maintenance. `/var/lib/ipvs-ts` by default. */
  readonly stateDirectory?: string | undefined;
  /** Path of the network namespace whose table is kept; the process's own by default. Checks run in the process's own. */
  readonly netns?: string | undefined;
  /** Check and report, and send nothing. */
  readonly observe?: boolean | undefined;
  /** Types of checks beside those of {@link CHECK_TYPES}, by the name that documents use. */
  readonly checkTypes?: Readonly<Record<string, OwnCheckType>> | undefined;
  /** Opens the client of IPVS; by default one for `netns`. For tests with a kernel in memory. */
  readonly open?: (() => Promise<Ipvs>) | undefined;
}

/** What a maintenance is asked for with. */
export interface MaintenanceRequest {
  readonly service: string;
  readonly destination: string;
  /** How long, in milliseconds; until it is ended by default. */
  readonly duration?: number | undefined;
  readonly why?: string | undefined;
  readonly by?: string | undefined;
  /** Even if it takes the service below its floor, or its last destination. */
  readonly force?: boolean | undefined;
}

const DOCUMENT = '/etc/ipvs-ts/director.yaml';
const RUNTIME = '/run/ipvs-ts';
const STATE = '/var/lib/ipvs-ts';

/** A running agent. */
export class Agent {
  readonly #driver: Driver;
  readonly #lock: NamespaceLock | undefined;

  /** Agents are made by {@link runAgent}. */
  constructor(driver: Driver, lock: NamespaceLock | undefined) {
    this.#driver = driver;
    this.#lock = lock;
  }

  /** What the agent thinks and does. */
  status(): Status {
    const { loop, time } = this.#driver;
    return statusOf(loop.world, this.id, this.#driver.now(), time);
  }

  /** Name of this director. */
  get id(): string {
    return this.#driver.loop.world.declared?.agent.id ?? hostname();
  }

  /** Why this director is not fit: sentences; empty if it is. */
  unfitness(): readonly string[] {
    return unfitness(this.#driver.loop.world);
  }

  /** Whether the table was read and the document was looked for at least once. */
  get isReady(): boolean {
    const { table, sourceTried } = this.#driver.loop.world;
    return table !== undefined && sourceTried;
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

  /** Calls `listener` with every event from now on; returns what ends that. */
  onEvent(listener: (event: AgentEvent) => void): () => void {
    return this.#driver.events.follow(listener);
  }

  /** Reads the document again now. */
  async reload(): Promise<void> {
    await this.#driver.reload();
  }

  /** Lets the document that waits take force. Throws ERR_AGENT_NOT_FOUND if it has another revision. */
  accept(revision: string): void {
    const { loop } = this.#driver;
    const pending = loop.world.pending?.declared.revision;
    const effects = loop.accept(revision, this.#driver.now());
    if (effects !== undefined) {
      this.#driver.perform(effects);
      return;
    }
    const waits = pending === undefined ? 'no document waits' : `the one that waits is ${pending}`;
    throw new AgentError(
      'ERR_AGENT_NOT_FOUND',
      `document ${revision} does not wait to be accepted; ${waits}`,
    );
  }

  /** Every maintenance. */
  maintenance(): readonly Maintenance[] {
    return this.#driver.loop.world.overrides.all();
  }

  /**
   * Takes a destination out by hand: weight 0, and it stays in the table. Throws ERR_AGENT_NOT_FOUND, and
   * ERR_AGENT_REFUSED where it would leave the service without a destination or below its floor.
   */
  startMaintenance({ service, destination, duration, why, by, force = false }: MaintenanceRequest): void {
    const { loop } = this.#driver;
    const state = loop.world.services.get(service);
    if (state?.declared.destinations?.some(({ name }) => name === destination) !== true)
      throw new AgentError(
        'ERR_AGENT_NOT_FOUND',
        `the document in force has no ${named(service, destination)}`,
      );
    const others =
      state.composed?.destinations?.filter(({ name, weight }) => name !== destination && weight > 0) ?? [];
    const left = others.reduce((sum, { declaredWeight }) => sum + declaredWeight, 0);
    const total = state.declared.destinations.reduce((sum, { options }) => sum + options.weight, 0);
    const { floor } = state.declared.health;
    if (!force && (others.length === 0 || left < floor * total))
      throw new AgentError(
        'ERR_AGENT_REFUSED',
        others.length === 0
          ? `${destination} is the last destination of ${service} in service; force takes it out all the same`
          : `without ${destination}, ${service} would be below its floor of ${Math.round(floor * 100)}%; force takes it out all the same`,
      );
    const since = this.#driver.now();
    const until = duration === undefined ? undefined : since + duration;
    this.#driver.perform(loop.startMaintenance({ service, destination, since, until, why, by }, since));
  }

  /** Ends a maintenance. Throws ERR_AGENT_NOT_FOUND if there is none. */
  endMaintenance(service: string, destination: string): void {
    const { loop } = this.#driver;
    if (!loop.world.overrides.of(service).has(destination))
      throw new AgentError('ERR_AGENT_NOT_FOUND', `${named(service, destination)} is not in maintenance`);
    this.#driver.perform(loop.endMaintenance(service, destination, this.#driver.now()));
  }

  /** When the kernel answered last, well or not, in milliseconds since the host started: for a watchdog. */
  get kernelAnsweredAt(): number {
    return this.#driver.lookEndedAt;
  }

  /** Ends the agent and leaves the table as it is. */
  async close(): Promise<void> {
    await this.#driver.close();
    this.#lock?.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Keeps the table of IPVS true to a document until it is closed. Nothing is sent while the table is as it should be, so
 * starting it again changes nothing. Rejects with ERR_AGENT_RUNNING where another agent keeps the same table.
 */
export async function runAgent(options: AgentOptions = {}): Promise<Agent> {
  const {
    file = DOCUMENT,
    runtimeDirectory = RUNTIME,
    stateDirectory = STATE,
    netns,
    observe = false,
  } = options;
  const own = options.checkTypes ?? {};
  for (const name of Object.keys(own))
    if (Object.hasOwn(CHECK_TYPES, name))
      throw new AgentError(
        'ERR_AGENT_ARGUMENT',
        `options.checkTypes.${name}: there is a check of this name already`,
      );
  const namespace = namespaceId(netns);
  const lock = observe || options.open !== undefined ? undefined : await lockNamespace(namespace);
  const clock = hostClock();
  const open = options.open ?? ((): Promise<Ipvs> => Ipvs.open({ netns }));
  const driver = new Driver({
    clock,
    engine: new SocketEngine(Object.fromEntries(Object.entries(own).map(([name, { run }]) => [name, run]))),
    kernel: new KernelTable(open, observe),
    source: new DocumentFile(file),
    store: new StateFiles(join(runtimeDirectory), stateDirectory, namespace, clock),
    types: { ...CHECK_TYPES, ...own },
    loop: { id: hostname(), observe, mostInFlight: Math.floor(descriptorLimit() / 2) },
  });
  driver.start();
  return new Agent(driver, lock);
}

function named(service: string, destination: string | undefined): string {
  return destination === undefined ? `service ${service}` : `destination ${destination} of ${service}`;
}
