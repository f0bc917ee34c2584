import type { SyncTransport } from '@ipvs-ts/netlink';
import type { BatchResults } from './batch.js';
import type { Call } from './call.js';
import type { Destination, DestinationOptions } from './destination.js';
import type { Info } from './info.js';
import type { DestinationName, ServiceName } from './key.js';
import type { OpenOptions } from './open.js';
import type { Procedure } from './procedure.js';
import * as procedures from './procedures.js';
import type { ReadOptions, TableEntry } from './procedures.js';
import type { Service, ServiceOptions } from './service.js';
import { SessionSync } from './session-sync.js';
import type { Daemon, DaemonOptions, DaemonState } from './sync-daemon.js';
import type { TimeoutOptions, Timeouts } from './timeouts.js';
import { batch, run as runProcedure, send } from './work.js';

export type { Call } from './call.js';
export { makeCalls } from './calls.js';
export { PlainCalls, type PlainEndpoint, type PlainService } from './plain-calls.js';
export { IpvsError } from './errors.js';

/**
 * The verbs of the kernel's own family, and no more: what a short program needs that must start fast, such as a command
 * line. Exported by itself as `@ipvs-ts/ipvs/verbs-sync`; `IpvsSync` adds planning, settings and the connection table.
 */
export class IpvsVerbsSync {
  protected readonly session: SessionSync;

  protected constructor(session: SessionSync) {
    this.session = session;
  }

  /** Opens IPVS. Throws as `Ipvs.open` rejects. */
  static open(options: OpenOptions<SyncTransport> = {}): IpvsVerbsSync {
    return new IpvsVerbsSync(SessionSync.open(options));
  }

  info(): Info {
    return this.call(this.session.calls.info());
  }

  services(options: ReadOptions = {}): Service[] {
    return this.run(procedures.services(this.session.calls, options.consistency));
  }

  service(name: ServiceName): Service {
    return this.call(this.session.calls.service(name));
  }

  destinations(name: ServiceName, options: ReadOptions = {}): Destination[] {
    return this.run(procedures.destinations(this.session.calls, name, options.consistency));
  }

  table(options: ReadOptions = {}): TableEntry[] {
    return this.run(procedures.table(this.session.calls, options.consistency));
  }

  addService(name: ServiceName, options?: ServiceOptions): void {
    this.call(this.session.calls.addService(name, options));
  }

  setService(name: ServiceName, options?: ServiceOptions): void {
    this.call(this.session.calls.setService(name, options));
  }

  updateService(name: ServiceName, changes: ServiceOptions): void {
    this.run(procedures.updateService(this.session.calls, name, changes));
  }

  deleteService(name: ServiceName): void {
    this.call(this.session.calls.deleteService(name));
  }

  addDestination(service: ServiceName, name: DestinationName, options?: DestinationOptions): void {
    this.call(this.session.calls.addDestination(service, name, options));
  }

  setDestination(service: ServiceName, name: DestinationName, options?: DestinationOptions): void {
    this.call(this.session.calls.setDestination(service, name, options));
  }

  updateDestination(service: ServiceName, name: DestinationName, changes: DestinationOptions): void {
    this.run(procedures.updateDestination(this.session.calls, service, name, changes));
  }

  deleteDestination(service: ServiceName, name: DestinationName): void {
    this.call(this.session.calls.deleteDestination(service, name));
  }

  timeouts(): Timeouts {
    return this.call(this.session.calls.timeouts());
  }

  setTimeouts(timeouts: TimeoutOptions): void {
    this.call(this.session.calls.setTimeouts(timeouts));
  }

  daemons(): Daemon[] {
    return this.call(this.session.calls.daemons());
  }

  startDaemon(options: DaemonOptions): void {
    this.call(this.session.calls.startDaemon(options));
  }

  stopDaemon(state: DaemonState): void {
    this.run(procedures.stopDaemon(this.session.calls, state));
  }

  zero(name?: ServiceName): void {
    this.call(this.session.calls.zero(name));
  }

  flush(): void {
    this.call(this.session.calls.flush());
  }

  batch<const C extends readonly Call[]>(calls: C): BatchResults<C> {
    return this.session.drive(batch(this.session.calls, calls)) as BatchResults<C>;
  }

  close(): void {
    this.session.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Sends one call of `calls`. */
  call<T>(call: Call<T>): T {
    return this.session.drive(send(call));
  }

  protected run<T>(procedure: Procedure<T>): T {
    return this.session.drive(runProcedure(procedure));
  }
}
