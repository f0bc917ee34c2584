import type { TransportSync } from '@ipvs-ts/netlink';
import { batch, type BatchResults } from './calls/batch.js';
import { type Call, checkCall } from './calls/call.js';
import type { Read } from './model/counters.js';
import type { Destination, DestinationOptions } from './model/destination.js';
import type { Info } from './model/info.js';
import type { DestinationName, ServiceName } from './model/key.js';
import type { OpenOptions } from './session/open.js';
import { BulkBatch } from './bulk/bulk-batch.js';
import { BulkListing, type ListingOptions } from './bulk/bulk-listing.js';
import type { ListedLines } from './bulk/listed-dumps.js';
import type { Procedure } from './calls/procedure.js';
import { destinations, type ReadOptions, services, table, type TableEntry } from './calls/read-table.js';
import { stopDaemon, updateDestination, updateService } from './calls/update.js';
import type { Service, ServiceOptions } from './model/service.js';
import { SessionSync } from './session/session-sync.js';
import type { Daemon, DaemonOptions, DaemonState } from './model/sync-daemon.js';
import type { TimeoutOptions, Timeouts } from './model/timeouts.js';

export type { Call } from './calls/call.js';
export { makeCalls } from './calls/calls.js';
export type { CallPattern, BulkBatch, Refusal } from './bulk/bulk-batch.js';
export type { BulkListing, Listed, ListingOptions } from './bulk/bulk-listing.js';
export type { ListedLines } from './bulk/listed-dumps.js';
export type { CounterValue, ListedDestinationValue, ListedServiceValue } from './bulk/listed-values.js';
export type { PlainValue } from './bulk/template.js';
export { IpvsError } from './errors.js';
export {
  type LineKind,
  type LinePattern,
  type LinePatternPart,
  lineText,
  type LineValues,
  ruleLine,
} from './format/line-pattern.js';
export {
  type Gap,
  readRule,
  ruleForm,
  type RulePart,
  type RulePattern,
  type RuleValues,
  ruleWords,
  type ValueKind,
  type ValuePart,
} from './format/rule-pattern.js';
export {
  ADD_DESTINATION,
  ADD_SERVICE,
  type DestinationRuleValue,
  type DestinationSettingValue,
  PROTOCOL_OPTIONS,
  ruleFlags,
  type ServiceNameValue,
  serviceNameValues,
  type ServiceSettingValue,
} from './format/rules.js';
export { addressText, parseAddress } from './model/address.js';
export { protocolName, protocolNumber, PROTOCOLS } from './schema/protocol.js';
export { SCHEDULER_FLAG_TABLE, SERVICE_FLAG } from './model/service-flags.js';
export { DAEMON_STATES } from './model/sync-daemon.js';
export { TUNNEL_TYPES } from './model/tunnel.js';

/**
 * The verbs of the kernel's own family only, for short programs that must start fast, such as a command line. Exported
 * as `@ipvs-ts/ipvs/verbs-sync`; `IpvsSync` adds planning, settings and the connection table.
 */
export class IpvsVerbsSync {
  protected readonly session: SessionSync;

  protected constructor(session: SessionSync) {
    this.session = session;
  }

  /** Opens IPVS. Throws as `Ipvs.open` rejects. */
  static open(options: OpenOptions<TransportSync> = {}): IpvsVerbsSync {
    return new IpvsVerbsSync(SessionSync.open(options));
  }

  /** The result of {@link IpvsVerbsSync.info} from when IPVS was opened; the kernel is not asked again. */
  get openingInfo(): Info {
    return this.session.openingInfo;
  }

  /** The version of IPVS and the size of the connection table. */
  info(): Info {
    return this.call(this.session.calls.info());
  }

  /** All services, in the kernel's order, which means nothing. Without any: `[]`. */
  services<O extends ReadOptions>(options?: O): Read<Service, O>[] {
    return this.run(services(this.session.calls, options));
  }

  /** One service. ERR_IPVS_SERVICE_NOT_FOUND. */
  service(name: ServiceName): Service {
    return this.call(this.session.calls.service(name));
  }

  /** The destinations of a service, the newest first. Without any: `[]`. ERR_IPVS_SERVICE_NOT_FOUND. */
  destinations<O extends ReadOptions>(name: ServiceName, options?: O): Read<Destination, O>[] {
    return this.run(destinations(this.session.calls, name, options));
  }

  /** Every service with its destinations. The kernel reads them one by one: not all are of the same instant. */
  table<O extends ReadOptions>(options?: O): TableEntry<O>[] {
    return this.run(table(this.session.calls, options));
  }

  /** Adds a service. ERR_IPVS_SERVICE_EXISTS, ERR_IPVS_SCHEDULER_NOT_FOUND, ERR_IPVS_SCHEDULER_OR_ENGINE_NOT_FOUND. */
  addService(name: ServiceName, options?: ServiceOptions): void {
    this.call(this.session.calls.addService(name, options));
  }

  /**
   * Replaces all settings of a service; options that are absent return to their defaults. ERR_IPVS_SERVICE_NOT_FOUND.
   */
  setService(name: ServiceName, options?: ServiceOptions): void {
    this.call(this.session.calls.setService(name, options));
  }

  /** Changes the options in `changes` and keeps the others, by reading first. Errors as `setService`. */
  updateService(name: ServiceName, changes: ServiceOptions): void {
    this.run(updateService(this.session.calls, name, changes));
  }

  /** Deletes a service and its destinations. ERR_IPVS_SERVICE_NOT_FOUND. */
  deleteService(name: ServiceName): void {
    this.call(this.session.calls.deleteService(name));
  }

  /** Adds a destination. ERR_IPVS_SERVICE_NOT_FOUND, ERR_IPVS_DESTINATION_EXISTS, ERR_IPVS_INVALID. */
  addDestination(service: ServiceName, name: DestinationName, options?: DestinationOptions): void {
    this.call(this.session.calls.addDestination(service, name, options));
  }

  /** Replaces all settings of a destination. ERR_IPVS_SERVICE_NOT_FOUND, ERR_IPVS_DESTINATION_NOT_FOUND. */
  setDestination(service: ServiceName, name: DestinationName, options?: DestinationOptions): void {
    this.call(this.session.calls.setDestination(service, name, options));
  }

  /** Changes the options in `changes` and keeps the others, by reading first. Errors as `setDestination`. */
  updateDestination(service: ServiceName, name: DestinationName, changes: DestinationOptions): void {
    this.run(updateDestination(this.session.calls, service, name, changes));
  }

  /** Deletes a destination; its connections are dropped. ERR_IPVS_DESTINATION_NOT_FOUND. */
  deleteDestination(service: ServiceName, name: DestinationName): void {
    this.call(this.session.calls.deleteDestination(service, name));
  }

  /** The timeouts of connections, in seconds. */
  timeouts(): Timeouts {
    return this.call(this.session.calls.timeouts());
  }

  /** Sets timeouts, in seconds; those that are absent or 0 do not change. ERR_IPVS_INVALID. */
  setTimeouts(timeouts: TimeoutOptions): void {
    this.call(this.session.calls.setTimeouts(timeouts));
  }

  /** The running sync daemons: none, one or two. */
  daemons(): Daemon[] {
    return this.call(this.session.calls.daemons());
  }

  /** Starts a sync daemon. ERR_IPVS_DAEMON_EXISTS, ERR_IPVS_INTERFACE_NOT_FOUND, ERR_IPVS_INVALID. */
  startDaemon(options: DaemonOptions): void {
    this.call(this.session.calls.startDaemon(options));
  }

  /** Stops a sync daemon. ERR_IPVS_DAEMON_NOT_FOUND. */
  stopDaemon(state: DaemonState): void {
    this.run(stopDaemon(this.session.calls, state));
  }

  /** Zeroes the counters of a service and its destinations, or of all and the totals. ERR_IPVS_SERVICE_NOT_FOUND. */
  zero(name?: ServiceName): void {
    this.call(this.session.calls.zero(name));
  }

  /** Deletes all services. Timeouts and sync daemons stay. */
  flush(): void {
    this.call(this.session.calls.flush());
  }

  /**
   * Sends many calls of `calls` in few system calls. Returns one result for each call, in order; a failure does not
   * stop the others.
   */
  batch<const C extends readonly Call[]>(calls: C): BatchResults<C> {
    return this.run(batch(this.session.calls, calls)) as BatchResults<C>;
  }

  /**
   * Creates a batch that is encoded as calls are added, for programs that send tens of thousands of calls just after
   * they have started.
   */
  bulkBatch(): BulkBatch {
    return new BulkBatch(this.session);
  }

  /**
   * Lists services and destinations as lines, for programs that print tens of thousands. Returns undefined where
   * WebAssembly does not run: use the ordinary reading then.
   */
  bulkListing(lines: ListedLines, options: ListingOptions): BulkListing | undefined {
    return BulkListing.open(this.session, lines, options);
  }

  /** Closes the socket. Later calls throw ERR_IPVS_CLOSED. */
  close(): void {
    this.session.close();
  }

  /** `close`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Sends one call of `calls`. */
  call<T>(call: Call<T>): T {
    checkCall('call', call);
    return this.session.call(call);
  }

  /** Runs a procedure, which takes several calls. */
  protected run<T>(procedure: Procedure<T>): T {
    return this.session.run(procedure);
  }
}
