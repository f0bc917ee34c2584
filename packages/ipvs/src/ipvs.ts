import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type CallOptions, type Family, NetlinkClient, NetlinkError, type Transport } from '@ipvs-ts/netlink';
import type { Call } from './call.js';
import { type Calls, makeCalls } from './calls.js';
import type { Destination, DestinationOptions } from './destination.js';
import { explain } from './explain.js';
import type { Info } from './info.js';
import type { DestinationName, ServiceName } from './key.js';
import { isMissing, MODPROBE, openError, type OpenOptions } from './open.js';
import * as procedures from './procedures.js';
import { familyMayHaveMoved, toRequest } from './request.js';
import { FAMILY_NAME, OPERATION_LIST } from './schema/operations.js';
import type { Service, ServiceOptions } from './service.js';
import type { Daemon, DaemonOptions, DaemonState } from './sync-daemon.js';
import type { TimeoutOptions, Timeouts } from './timeouts.js';

const execFileAsync = promisify(execFile);

/**
 * IPVS of one network namespace. The kernel's work is done on libuv's threads, so no call holds the event loop; calls
 * may overlap. Every call rejects with an {@link IpvsError} (ERR_IPVS_PERMISSION, ERR_IPVS_USER_NAMESPACE,
 * ERR_IPVS_NETLINK, ERR_IPVS_CLOSED, ERR_IPVS_KERNEL and what its own comment names), or with a `TypeError` or
 * `RangeError` (code ERR_IPVS_ARGUMENT) before anything is sent. A `signal` ends the wait with its reason; what the
 * kernel has been given is executed all the same.
 */
export class Ipvs {
  readonly #client: NetlinkClient;
  readonly #calls: Calls;
  readonly #autoload: boolean;

  private constructor(client: NetlinkClient, options: OpenOptions<Transport>) {
    this.#client = client;
    this.#calls = makeCalls(options.checks ?? 'library');
    this.#autoload = options.autoload !== false;
  }

  /**
   * Opens IPVS. Rejects with ERR_IPVS_UNAVAILABLE where the kernel has none, ERR_IPVS_PERMISSION without
   * CAP_NET_ADMIN, ERR_IPVS_USER_NAMESPACE in a rootless container, and ERR_IPVS_NETLINK where there is no netlink,
   * no binary of koffi, or no such network namespace (the `cause` tells).
   */
  static async open(options: OpenOptions<Transport> = {}): Promise<Ipvs> {
    let client: NetlinkClient | undefined;
    let modprobe: string | undefined;
    try {
      client =
        options.transport === undefined
          ? NetlinkClient.open({ netns: options.netns })
          : new NetlinkClient(options.transport);
      const ipvs = new Ipvs(client, options);
      try {
        await ipvs.#family();
      } catch (error) {
        if (!isMissing(error) || options.transport !== undefined || (options.autoload ?? true) !== true)
          throw error;
        modprobe = await execFileAsync(MODPROBE.file, MODPROBE.args).then(
          () => 'modprobe: exit status 0',
          (failed: unknown) =>
            `modprobe: ${failed instanceof Error ? failed.message.trim() : String(failed)}`,
        );
        await ipvs.#family();
      }
      await ipvs.#send(await ipvs.#family(), ipvs.#calls.info(), {});
      return ipvs;
    } catch (error) {
      await client?.close();
      throw openError(error, options, modprobe);
    }
  }

  /** The version of IPVS and the size of the connection table. */
  async info(options?: CallOptions): Promise<Info> {
    return this.call(this.#calls.info(), options);
  }

  /** All services, each once, in the kernel's order, which means nothing. Without any: `[]`. */
  async services(options?: CallOptions): Promise<Service[]> {
    return this.#run(procedures.services(this.#calls), options);
  }

  /** One service. ERR_IPVS_SERVICE_NOT_FOUND. */
  async service(name: ServiceName, options?: CallOptions): Promise<Service> {
    return this.call(this.#calls.service(name), options);
  }

  /** The destinations of a service, each once, the newest first. Without any: `[]`. ERR_IPVS_SERVICE_NOT_FOUND. */
  async destinations(name: ServiceName, options?: CallOptions): Promise<Destination[]> {
    return this.#run(procedures.destinations(this.#calls, name), options);
  }

  /** Every service with its destinations. The kernel reads them one by one: not all are of the same instant. */
  async table(options?: CallOptions): Promise<procedures.TableEntry[]> {
    return this.#run(procedures.table(this.#calls), options);
  }

  /** Adds a service. ERR_IPVS_SERVICE_EXISTS, ERR_IPVS_SCHEDULER_NOT_FOUND, ERR_IPVS_SCHEDULER_OR_ENGINE_NOT_FOUND. */
  async addService(name: ServiceName, options?: ServiceOptions, wait?: CallOptions): Promise<void> {
    await this.call(this.#calls.addService(name, options), wait);
  }

  /**
   * Replaces all settings of a service; what `options` leaves out goes back to its default. Its destinations,
   * connections and counters stay. Changing the scheduler takes the kernel some milliseconds on machines with several
   * CPUs. ERR_IPVS_SERVICE_NOT_FOUND, ERR_IPVS_SCHEDULER_NOT_FOUND, ERR_IPVS_SCHEDULER_OR_ENGINE_NOT_FOUND.
   */
  async setService(name: ServiceName, options?: ServiceOptions, wait?: CallOptions): Promise<void> {
    await this.call(this.#calls.setService(name, options), wait);
  }

  /** Changes what `changes` names and keeps the rest, by reading first. Errors as `setService`. */
  async updateService(name: ServiceName, changes: ServiceOptions, wait?: CallOptions): Promise<void> {
    await this.#run(procedures.updateService(this.#calls, name, changes), wait);
  }

  /** Deletes a service and its destinations. ERR_IPVS_SERVICE_NOT_FOUND. */
  async deleteService(name: ServiceName, wait?: CallOptions): Promise<void> {
    await this.call(this.#calls.deleteService(name), wait);
  }

  /** Adds a destination. ERR_IPVS_SERVICE_NOT_FOUND, ERR_IPVS_DESTINATION_EXISTS, ERR_IPVS_INVALID. */
  async addDestination(
    service: ServiceName,
    name: DestinationName,
    options?: DestinationOptions,
    wait?: CallOptions,
  ): Promise<void> {
    await this.call(this.#calls.addDestination(service, name, options), wait);
  }

  /**
   * Replaces all settings of a destination; what `options` leaves out goes back to its default.
   * ERR_IPVS_SERVICE_NOT_FOUND, ERR_IPVS_DESTINATION_NOT_FOUND, ERR_IPVS_INVALID.
   */
  async setDestination(
    service: ServiceName,
    name: DestinationName,
    options?: DestinationOptions,
    wait?: CallOptions,
  ): Promise<void> {
    await this.call(this.#calls.setDestination(service, name, options), wait);
  }

  /** Changes what `changes` names and keeps the rest, by reading first. Errors as `setDestination`. */
  async updateDestination(
    service: ServiceName,
    name: DestinationName,
    changes: DestinationOptions,
    wait?: CallOptions,
  ): Promise<void> {
    await this.#run(procedures.updateDestination(this.#calls, service, name, changes), wait);
  }

  /** Deletes a destination; its connections are cut off. ERR_IPVS_SERVICE_NOT_FOUND, ERR_IPVS_DESTINATION_NOT_FOUND. */
  async deleteDestination(service: ServiceName, name: DestinationName, wait?: CallOptions): Promise<void> {
    await this.call(this.#calls.deleteDestination(service, name), wait);
  }

  /** The timeouts of connections. */
  async timeouts(options?: CallOptions): Promise<Timeouts> {
    return this.call(this.#calls.timeouts(), options);
  }

  /** Sets timeouts; those left out or 0 stay. ERR_IPVS_INVALID. */
  async setTimeouts(timeouts: TimeoutOptions, wait?: CallOptions): Promise<void> {
    await this.call(this.#calls.setTimeouts(timeouts), wait);
  }

  /** The sync daemons that run: none, one or two. */
  async daemons(options?: CallOptions): Promise<Daemon[]> {
    return this.call(this.#calls.daemons(), options);
  }

  /** Starts a sync daemon. ERR_IPVS_DAEMON_EXISTS, ERR_IPVS_INTERFACE_NOT_FOUND, ERR_IPVS_INVALID. */
  async startDaemon(options: DaemonOptions, wait?: CallOptions): Promise<void> {
    await this.call(this.#calls.startDaemon(options), wait);
  }

  /** Stops a sync daemon. ERR_IPVS_DAEMON_NOT_FOUND. */
  async stopDaemon(state: DaemonState, wait?: CallOptions): Promise<void> {
    await this.#run(procedures.stopDaemon(this.#calls, state), wait);
  }

  /** Zeroes the counters of a service and its destinations, or of all and the totals. ERR_IPVS_SERVICE_NOT_FOUND. */
  async zero(name?: ServiceName, wait?: CallOptions): Promise<void> {
    await this.call(this.#calls.zero(name), wait);
  }

  /** Deletes all services. Timeouts and sync daemons stay. */
  async flush(wait?: CallOptions): Promise<void> {
    await this.call(this.#calls.flush(), wait);
  }

  /** Rejects what waits with ERR_IPVS_CLOSED and closes the socket. */
  async close(): Promise<void> {
    await this.#client.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Sends one call of `calls`. */
  async call<T>(call: Call<T>, options: CallOptions = {}): Promise<T> {
    let family: Family | undefined;
    try {
      family = await this.#family();
      return await this.#send(family, call, options);
    } catch (error) {
      if (family === undefined || !(await this.#hasMoved(family, error))) throw explain(call, error);
    }
    try {
      return await this.#send(await this.#family(), call, options);
    } catch (error) {
      throw explain(call, error);
    }
  }

  /** Runs what takes several calls. */
  async #run<T>(procedure: procedures.Procedure<T>, options: CallOptions = {}): Promise<T> {
    for (let step = procedure.next(); ;) {
      if (step.done === true) return step.value;
      let value: unknown;
      try {
        value = await this.call(step.value, options);
      } catch (error) {
        step = procedure.throw(error);
        continue;
      }
      step = procedure.next(value);
    }
  }

  async #send<T>(family: Family, call: Call<T>, options: CallOptions): Promise<T> {
    const request = toRequest(family, call);
    return (await (call.operation.mode === 'dump'
      ? this.#client.dump(request, options)
      : this.#client.do(request, options))) as T;
  }

  async #family(): Promise<Family> {
    return this.#client.family(FAMILY_NAME, { autoload: this.#autoload, operations: OPERATION_LIST });
  }

  /** Whether the family has another number than the one that was used: its module was loaded again since. */
  async #hasMoved(used: Family, error: unknown): Promise<boolean> {
    if (!NetlinkError.is(error) || !familyMayHaveMoved(error)) return false;
    if ((await this.#family()).id === used.id) this.#client.forget(FAMILY_NAME);
    return (await this.#family()).id !== used.id;
  }
}
