import {
  type Call,
  calls,
  type Destination,
  type Ipvs,
  IpvsError,
  type MetricsReading,
  type Plan,
  readMetrics,
  type Service,
} from '@ipvs-ts/ipvs';
import type { ExpirySettings } from '../health/sysctl-advice.js';
import type { DirectChange } from '../loop/direct-changes.js';
import type { Effect, LoopEvent, Seen, SendOutcome } from '../loop/events.js';
import { Drains, isGone, messageOf } from './drains.js';
import { globalDifferences, readExpiry } from './kernel-settings.js';
import { type Deletion, destinationDeletion, serviceDeletion } from '../own/deletions.js';
import { overtakenServices } from '../own/overtaken.js';
import { type SeenService, seenService } from '../own/seen.js';

type Apply = Effect & { readonly kind: 'apply' };
type Look = Effect & { readonly kind: 'look' };
type Send = Effect & { readonly kind: 'send' };

/** For at least this many services the whole table is read. */
const READ_WHOLE = 20;

/** The kernel's table as the effects of the loop need it. */
export class KernelTable {
  readonly #open: () => Promise<Ipvs>;
  readonly #observe: boolean;
  readonly #isReplaced: () => Promise<boolean>;
  /** Drains of destinations that are being removed. */
  readonly drains = new Drains(() => this.#ipvs());
  #client: Ipvs | undefined;
  /** A separate socket for requests that cannot wait for a reading of a large table. */
  #sender: Ipvs | undefined;
  #expiry: ExpirySettings = { expiresTemplates: undefined, expiresConnections: undefined };

  /**
   * `open`: opens the client; called again until it succeeds. `observe`: changes are planned but not sent.
   * `isReplaced`: whether the client must be opened again in a new namespace; rejects if there is none.
   */
  constructor(
    open: () => Promise<Ipvs>,
    observe: boolean,
    isReplaced: () => Promise<boolean> = async () => false,
  ) {
    this.#open = open;
    this.#observe = observe;
    this.#isReplaced = isReplaced;
  }

  /** Reads the whole table, or some services. */
  async look({ services, globals }: Look): Promise<LoopEvent> {
    try {
      const all = services === 'all';
      if (all) await this.#follow();
      if (all) this.#expiry = await readExpiry(await this.#ipvs());
      const seen = await this.#read(services);
      // Requests for a verdict must not wait for a socket.
      if (!this.#observe) this.#sender ??= await this.#open();
      const differences = globals && (await globalDifferences(await this.#ipvs(), globals));
      return { kind: 'looked', all, seen, expiry: this.#expiry, globals: differences };
    } catch (error) {
      return { kind: 'look failed', reason: messageOf(error) };
    }
  }

  /** Sends changes of a service in one send. */
  async send({ service, changes }: Send): Promise<LoopEvent> {
    try {
      this.#sender ??= await this.#open();
      const results = await this.#sender.batch(changes.map((change) => callOf(service, change)));
      const outcomes = results.map((result) => (result.ok ? 'done' : outcomeOf(result.error)));
      return { kind: 'sent', service, outcomes };
    } catch (error) {
      const outcome = { failed: messageOf(error) };
      return { kind: 'sent', service, outcomes: [outcome] };
    }
  }

  /** Plans and applies, then deletes by name: a plan with pruning might delete what others have just added. */
  async apply({ desired, from, deleteDestinations, deleteServices }: Apply): Promise<LoopEvent> {
    const changes: string[] = [];
    const failures: string[] = [];
    const overtaken = new Set<string>();
    try {
      const plan = await this.#plan(desired, from, overtaken);
      const deletions = deleteDestinations
        .filter(({ service }) => !overtaken.has(service))
        .map(({ service, destination }) => destinationDeletion(service, destination));
      if (this.#observe)
        return {
          kind: 'applied',
          changes: [...plan.changes.map(String), ...deletions.map(({ text }) => text)],
          failures,
          seen: without(from, overtaken),
          overtaken: [...overtaken],
        };
      if (plan.changes.length > 0) {
        const report = await plan.apply();
        for (const { change, outcome } of report.changes)
          if (outcome === 'done') changes.push(String(change));
      }
      await this.#delete(deletions, changes, failures);
      await this.#delete(await this.#emptied(deleteServices, overtaken), changes, failures);
    } catch (error) {
      failures.push(messageOf(error));
    }
    try {
      const seen = await this.#read([...without(from, overtaken).keys()]);
      return { kind: 'applied', changes, failures, seen, overtaken: [...overtaken] };
    } catch (error) {
      return { kind: 'look failed', reason: messageOf(error) };
    }
  }

  /** Reads a destination with its counters, and its service; undefined if it does not exist. */
  async counted(
    service: string,
    destination: string,
  ): Promise<{ readonly service: Service; readonly destination: Destination } | undefined> {
    try {
      const ipvs = await this.#ipvs();
      const all = await ipvs.destinations(service);
      const found = all.find(({ key }) => key === destination);
      return found && { service: await ipvs.service(service), destination: found };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  /** Reads the values of metrics. */
  async readMetrics(): Promise<MetricsReading> {
    return readMetrics(await this.#ipvs());
  }

  /** Reads the services with their totals, without their destinations. */
  async readServices(): Promise<readonly Service[]> {
    return (await this.#ipvs()).services();
  }

  /** Closes the client. */
  async close(): Promise<void> {
    const open = [this.#client, this.#sender];
    this.#client = undefined;
    this.#sender = undefined;
    for (const each of open) await each?.close();
  }

  /** Plans what others have not changed since `from` was read, and adds what they have changed to `overtaken`. */
  async #plan(desired: Apply['desired'], from: Seen, overtaken: Set<string>): Promise<Plan> {
    for (;;) {
      const services = Object.fromEntries(without(new Map(Object.entries(desired.services)), overtaken));
      const plan = await (await this.#ipvs()).plan({ ...desired, services }, { prune: 'none' });
      const found = overtakenServices(plan.changes, from);
      if (found.size === 0) return plan;
      for (const name of found) overtaken.add(name);
    }
  }

  /**
   * The requests that delete those of these services that have no destinations now. The kernel deletes a service with
   * its destinations, so they are read just before.
   */
  async #emptied(services: readonly string[], overtaken: Set<string>): Promise<readonly Deletion[]> {
    const deletions: Deletion[] = [];
    for (const [service, seen] of services.length === 0 ? [] : await this.#read(services))
      if (seen !== undefined && seen.destinations.size > 0) overtaken.add(service);
      else deletions.push(serviceDeletion(service));
    return deletions;
  }

  /** Deletes by name. It is not a failure if something no longer exists. */
  async #delete(deletions: readonly Deletion[], changes: string[], failures: string[]): Promise<void> {
    if (deletions.length === 0) return;
    const results = await (await this.#ipvs()).batch(deletions.map(({ call }) => call));
    for (const [index, result] of results.entries()) {
      const text = deletions[index]?.text ?? '';
      if (result.ok) changes.push(text);
      else if (!isGone(result.error)) failures.push(result.error.message);
    }
  }

  /** Releases a deleted namespace, which exists for as long as a socket in it. */
  async #follow(): Promise<void> {
    try {
      if (await this.#isReplaced()) await this.close();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async #ipvs(): Promise<Ipvs> {
    this.#client ??= await this.#open();
    return this.#client;
  }

  async #read(services: readonly string[] | 'all'): Promise<Seen> {
    if (services === 'all' || services.length > READ_WHOLE) {
      const entries = new Map(
        (await (await this.#ipvs()).table({ counters: false })).map((entry) => [
          entry.service.key,
          seenService(entry),
        ]),
      );
      return services === 'all' ? entries : new Map(services.map((name) => [name, entries.get(name)]));
    }
    const seen = new Map<string, SeenService | undefined>();
    for (const name of services) seen.set(name, await this.#readService(name));
    return seen;
  }

  async #readService(name: string): Promise<SeenService | undefined> {
    try {
      const service = await (await this.#ipvs()).service(name);
      const destinations = await (await this.#ipvs()).destinations(name, { counters: false });
      return seenService({ service, destinations });
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }
}

function callOf(service: string, { verb, destination, options }: DirectChange): Call<void> {
  switch (verb) {
    case 'add':
      return calls.addDestination(service, destination, options);
    case 'set':
      return calls.setDestination(service, destination, options);
    case 'delete':
      return calls.deleteDestination(service, destination);
  }
}

/** If it already exists, or no longer exists, others have changed it: the next reading shows that. */
function outcomeOf(error: unknown): SendOutcome {
  const overtaken = isGone(error) || IpvsError.is(error, 'ERR_IPVS_DESTINATION_EXISTS');
  return overtaken ? 'overtaken' : { failed: messageOf(error) };
}

function without<T>(map: ReadonlyMap<string, T>, names: ReadonlySet<string>): ReadonlyMap<string, T> {
  return new Map([...map].filter(([name]) => !names.has(name)));
}
