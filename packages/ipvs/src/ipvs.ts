import { checkCallOptions } from './argument-checks.js';
import type { CallOptions, Transport } from '@ipvs-ts/netlink';
import type { DesiredState } from './document/state.js';
import type { DrainingPlanOptions } from './plan/options.js';
import type { Plan } from './plan/plan.js';
import { plan } from './plan/run.js';
import { batch, type BatchResults } from './calls/batch.js';
import { type Call, checkCall } from './calls/call.js';
import type { Connection } from './proc/connection-line.js';
import {
  type ConnectionFilter,
  connectionQuery,
  connectionsInAsync,
  LIST_CONNECTIONS,
} from './proc/connections.js';
import type { Read } from './model/counters.js';
import type { Destination, DestinationOptions } from './model/destination.js';
import { drain } from './drain/drain.js';
import type { DrainOptions, DrainResult } from './drain/options.js';
import { type FeatureOptions, type Features, features } from './calls/features.js';
import type { Info } from './model/info.js';
import type { DestinationName, ServiceName } from './model/key.js';
import type { OpenOptions } from './session/open.js';
import { procLinesAsync } from './proc/proc-files.js';
import type { Procedure } from './calls/procedure.js';
import { destinations, type ReadOptions, services, table, type TableEntry } from './calls/read-table.js';
import { tableLines } from './document/table-lines.js';
import { stopDaemon, updateDestination, updateService } from './calls/update.js';
import type { Service, ServiceOptions } from './model/service.js';
import { Session } from './session/session.js';
import { readSysctls, type Sysctls, writeSysctls } from './proc/sysctls.js';
import type { Daemon, DaemonOptions, DaemonState } from './model/sync-daemon.js';
import type { TimeoutOptions, Timeouts } from './model/timeouts.js';
import { type Drops, readDrops } from './proc/drops.js';
import { readTotals, type Totals } from './proc/totals.js';
import { checkWatchOptions, Watch, type WatchOptions } from './watch/watch.js';
import { readTimed } from './watch/read.js';
import { takeSample } from './watch/sample.js';

/**
 * IPVS of one network namespace. Calls block the event loop for at most about a millisecond at a time: requests that
 * take the kernel longer run on libuv's threads. Calls may overlap. Every call rejects with an {@link IpvsError}
 * (ERR_IPVS_PERMISSION, ERR_IPVS_USER_NAMESPACE, ERR_IPVS_NETLINK, ERR_IPVS_CLOSED, ERR_IPVS_KERNEL and the codes in
 * its own comment), or with a `TypeError` or `RangeError` (code ERR_IPVS_ARGUMENT) before anything is sent. A `signal`
 * ends the wait with its reason; requests that were already sent to the kernel are still executed.
 */
export class Ipvs {
  readonly #session: Session;

  private constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Opens IPVS. Rejects with ERR_IPVS_UNAVAILABLE if the kernel does not have it, ERR_IPVS_PERMISSION without
   * CAP_NET_ADMIN, ERR_IPVS_USER_NAMESPACE in a rootless container, and ERR_IPVS_NETLINK if there is no netlink, no
   * binary of koffi, or no such network namespace (see its `cause`).
   */
  static async open(options: OpenOptions<Transport> = {}): Promise<Ipvs> {
    return new Ipvs(await Session.open(options));
  }

  /** The result of {@link Ipvs.info} from when IPVS was opened; the kernel is not asked again. */
  get openingInfo(): Info {
    return this.#session.openingInfo;
  }

  /** The version of IPVS and the size of the connection table. */
  async info(options?: CallOptions): Promise<Info> {
    return this.call(this.#session.calls.info(), options);
  }

  /** All services, each once, in the kernel's order, which means nothing. Without any: `[]`. */
  async services<O extends ReadOptions & CallOptions>(options?: O): Promise<Read<Service, O>[]> {
    return this.#run(services(this.#session.calls, options), options);
  }

  /** One service. ERR_IPVS_SERVICE_NOT_FOUND. */
  async service(name: ServiceName, options?: CallOptions): Promise<Service> {
    return this.call(this.#session.calls.service(name), options);
  }

  /** The destinations of a service, each once, the newest first. Without any: `[]`. ERR_IPVS_SERVICE_NOT_FOUND. */
  async destinations<O extends ReadOptions & CallOptions>(
    name: ServiceName,
    options?: O,
  ): Promise<Read<Destination, O>[]> {
    return this.#run(destinations(this.#session.calls, name, options), options);
  }

  /** Every service with its destinations. The kernel reads them one by one: not all are of the same instant. */
  async table<O extends ReadOptions & CallOptions>(options?: O): Promise<TableEntry<O>[]> {
    return this.#run(table(this.#session.calls, options), options);
  }

  /**
   * All services with their destinations as lines of a YAML document, for {@link exportDocument}. Resolves with
   * undefined if two consecutive readings differ, if the table contains anything unusual, and where WebAssembly does
   * not run: read the table then.
   */
  async documentLines(options?: CallOptions): Promise<string | undefined> {
    return this.#run(tableLines(this.#session.calls), options);
  }

  /** Adds a service. ERR_IPVS_SERVICE_EXISTS, ERR_IPVS_SCHEDULER_NOT_FOUND, ERR_IPVS_SCHEDULER_OR_ENGINE_NOT_FOUND. */
  async addService(name: ServiceName, options?: ServiceOptions, wait?: CallOptions): Promise<void> {
    await this.call(this.#session.calls.addService(name, options), wait);
  }

  /**
   * Replaces all settings of a service; options that are absent return to their defaults. Its destinations, connections
   * and counters stay. Changing the scheduler takes the kernel some milliseconds on machines with several CPUs.
   * ERR_IPVS_SERVICE_NOT_FOUND, ERR_IPVS_SCHEDULER_NOT_FOUND, ERR_IPVS_SCHEDULER_OR_ENGINE_NOT_FOUND.
   */
  async setService(name: ServiceName, options?: ServiceOptions, wait?: CallOptions): Promise<void> {
    await this.call(this.#session.calls.setService(name, options), wait);
  }

  /** Changes the options in `changes` and keeps the others, by reading first. Errors as `setService`. */
  async updateService(name: ServiceName, changes: ServiceOptions, wait?: CallOptions): Promise<void> {
    await this.#run(updateService(this.#session.calls, name, changes), wait);
  }

  /** Deletes a service and its destinations. ERR_IPVS_SERVICE_NOT_FOUND. */
  async deleteService(name: ServiceName, wait?: CallOptions): Promise<void> {
    await this.call(this.#session.calls.deleteService(name), wait);
  }

  /** Adds a destination. ERR_IPVS_SERVICE_NOT_FOUND, ERR_IPVS_DESTINATION_EXISTS, ERR_IPVS_INVALID. */
  async addDestination(
    service: ServiceName,
    name: DestinationName,
    options?: DestinationOptions,
    wait?: CallOptions,
  ): Promise<void> {
    await this.call(this.#session.calls.addDestination(service, name, options), wait);
  }

  /**
   * Replaces all settings of a destination; options that are absent return to their defaults.
   * ERR_IPVS_SERVICE_NOT_FOUND, ERR_IPVS_DESTINATION_NOT_FOUND, ERR_IPVS_INVALID.
   */
  async setDestination(
    service: ServiceName,
    name: DestinationName,
    options?: DestinationOptions,
    wait?: CallOptions,
  ): Promise<void> {
    await this.call(this.#session.calls.setDestination(service, name, options), wait);
  }

  /** Changes the options in `changes` and keeps the others, by reading first. Errors as `setDestination`. */
  async updateDestination(
    service: ServiceName,
    name: DestinationName,
    changes: DestinationOptions,
    wait?: CallOptions,
  ): Promise<void> {
    await this.#run(updateDestination(this.#session.calls, service, name, changes), wait);
  }

  /** Deletes a destination; its connections are dropped. ERR_IPVS_SERVICE_NOT_FOUND, ERR_IPVS_DESTINATION_NOT_FOUND. */
  async deleteDestination(service: ServiceName, name: DestinationName, wait?: CallOptions): Promise<void> {
    await this.call(this.#session.calls.deleteDestination(service, name), wait);
  }

  /** The timeouts of connections. */
  async timeouts(options?: CallOptions): Promise<Timeouts> {
    return this.call(this.#session.calls.timeouts(), options);
  }

  /** Sets timeouts; those that are absent or 0 do not change. ERR_IPVS_INVALID. */
  async setTimeouts(timeouts: TimeoutOptions, wait?: CallOptions): Promise<void> {
    await this.call(this.#session.calls.setTimeouts(timeouts), wait);
  }

  /** The running sync daemons: none, one or two. */
  async daemons(options?: CallOptions): Promise<Daemon[]> {
    return this.call(this.#session.calls.daemons(), options);
  }

  /** Starts a sync daemon. ERR_IPVS_DAEMON_EXISTS, ERR_IPVS_INTERFACE_NOT_FOUND, ERR_IPVS_INVALID. */
  async startDaemon(options: DaemonOptions, wait?: CallOptions): Promise<void> {
    await this.call(this.#session.calls.startDaemon(options), wait);
  }

  /** Stops a sync daemon. ERR_IPVS_DAEMON_NOT_FOUND. */
  async stopDaemon(state: DaemonState, wait?: CallOptions): Promise<void> {
    await this.#run(stopDaemon(this.#session.calls, state), wait);
  }

  /** Zeroes the counters of a service and its destinations, or of all and the totals. ERR_IPVS_SERVICE_NOT_FOUND. */
  async zero(name?: ServiceName, wait?: CallOptions): Promise<void> {
    await this.call(this.#session.calls.zero(name), wait);
  }

  /** Deletes all services. Timeouts and sync daemons stay. */
  async flush(wait?: CallOptions): Promise<void> {
    await this.call(this.#session.calls.flush(), wait);
  }

  /**
   * Sends many calls of `calls` in few system calls. Resolves with one result for each call, in order; a failure does
   * not stop the others. After `signal` is aborted nothing more is sent: it rejects with ERR_IPVS_ABORTED, whose
   * `results` are those of the calls that ran, which are the first ones.
   */
  async batch<const C extends readonly Call[]>(
    calls: C,
    options: CallOptions = {},
  ): Promise<BatchResults<C>> {
    checkCallOptions(options);
    return (await this.#run(batch(this.#session.calls, calls, options.signal), options)) as BatchResults<C>;
  }

  /**
   * Compares the desired state with the table. Resolves with an ordered, minimal list of changes; {@link Plan.apply}
   * makes them. Rejects with ERR_IPVS_DOCUMENT, whose `problems` are all mistakes in the document, before anything is
   * sent.
   */
  async plan(desired: DesiredState, options: DrainingPlanOptions & CallOptions = {}): Promise<Plan> {
    checkCallOptions(options);
    return plan({ session: this.#session, drains: this }, desired, options);
  }

  /**
   * Removes a destination without dropping connections: sets weight 0, waits until they are gone, and deletes it. After
   * an interruption, call it again to continue. TCP and SCTP: until no connection is open and none that is being opened
   * or closed has had a packet for `settle`. UDP and firewall marks: until there is no connection, or no packet for
   * `graceUdp`. Persistent services: until no template brings clients back, unless
   * net.ipv4.vs.expire_quiescent_template stops that. ERR_IPVS_SERVICE_NOT_FOUND, ERR_IPVS_DESTINATION_NOT_FOUND,
   * ERR_IPVS_LAST_DESTINATION, ERR_IPVS_DRAIN_TIMEOUT; rejects with the reason of `signal`. The weight stays 0 then.
   */
  async drain(
    service: ServiceName,
    destination: DestinationName,
    options?: DrainOptions,
  ): Promise<DrainResult> {
    return drain(this, this.#session.files, service, destination, options);
  }

  /**
   * Takes samples of the table, with the changes and the traffic since the last sample, for as long as they are
   * requested. Leaving the loop, `return()` and `signal` (whose reason it rejects with) end it at once.
   */
  watch(options: WatchOptions = {}): Watch {
    checkWatchOptions(options);
    const read = (): ReturnType<typeof readTimed> =>
      readTimed(this.#session.calls, options.services, options.consistency);
    return new Watch((last, signal) => this.#run(takeSample(read(), last), { signal }), options);
  }

  /**
   * The connections of the namespace, one by one, while the kernel's table is read: connections that begin or end
   * meanwhile may be missed or returned twice. ERR_IPVS_PROC.
   */
  connections(filter: ConnectionFilter & CallOptions = {}): AsyncGenerator<Connection, void, undefined> {
    checkCallOptions(filter);
    const query = connectionQuery(filter);
    return connectionsInAsync(
      procLinesAsync(this.#session.files, query.path, LIST_CONNECTIONS),
      query,
      filter.signal,
    );
  }

  /** Counters of all traffic of the namespace. ERR_IPVS_PROC. */
  async totals(): Promise<Totals> {
    return readTotals(this.#session.files);
  }

  /** Packets that the kernel dropped before they could be balanced. ERR_IPVS_PROC. */
  async drops(): Promise<Drops> {
    return readDrops(this.#session.files);
  }

  /** The `net.ipv4.vs` settings of the namespace that this kernel has. ERR_IPVS_PROC. */
  async sysctls(): Promise<Sysctls> {
    return readSysctls(this.#session.files);
  }

  /**
   * Writes settings; absent ones do not change. All are checked before the first is written. ERR_IPVS_PROC for one that
   * the kernel lacks or refuses; those written before it stay written.
   */
  async setSysctls(settings: Sysctls): Promise<void> {
    writeSysctls(this.#session.files, settings);
  }

  /** What the kernel supports, judged by the contents of its replies. */
  async features(options: FeatureOptions & CallOptions = {}): Promise<Features> {
    checkCallOptions(options);
    return this.#run(features(this.#session.calls, options.probe === true), options);
  }

  /** Rejects pending calls with ERR_IPVS_CLOSED and closes the socket. */
  async close(): Promise<void> {
    await this.#session.close();
  }

  /** `close`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Sends one call of `calls`. */
  async call<T>(call: Call<T>, options?: CallOptions): Promise<T> {
    checkCall('call', call);
    checkCallOptions(options);
    return this.#session.call(call, options);
  }

  async #run<T>(procedure: Procedure<T>, options?: CallOptions): Promise<T> {
    checkCallOptions(options);
    return this.#session.run(procedure, options);
  }
}
