import { spawnSync } from 'node:child_process';
import { type Family, NetlinkClientSync, NetlinkError, type SyncTransport } from '@ipvs-ts/netlink';
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

/** IPVS of one network namespace; calls return when the kernel has answered. {@link Ipvs} documents the verbs. */
export class IpvsSync {
  readonly #client: NetlinkClientSync;
  readonly #calls: Calls;
  readonly #autoload: boolean;

  private constructor(client: NetlinkClientSync, options: OpenOptions<SyncTransport>) {
    this.#client = client;
    this.#calls = makeCalls(options.checks ?? 'library');
    this.#autoload = options.autoload !== false;
  }

  /** Opens IPVS. Throws as `Ipvs.open` rejects. */
  static open(options: OpenOptions<SyncTransport> = {}): IpvsSync {
    let client: NetlinkClientSync | undefined;
    let modprobe: string | undefined;
    try {
      client =
        options.transport === undefined
          ? NetlinkClientSync.open({ netns: options.netns })
          : new NetlinkClientSync(options.transport);
      const ipvs = new IpvsSync(client, options);
      try {
        ipvs.#family();
      } catch (error) {
        if (!isMissing(error) || options.transport !== undefined || (options.autoload ?? true) !== true)
          throw error;
        const { error: failed, status } = spawnSync(MODPROBE.file, MODPROBE.args, { stdio: 'ignore' });
        modprobe = failed?.message ?? `modprobe: exit status ${status}`;
        ipvs.#family();
      }
      ipvs.#send(ipvs.#family(), ipvs.#calls.info());
      return ipvs;
    } catch (error) {
      client?.close();
      throw openError(error, options, modprobe);
    }
  }

  info(): Info {
    return this.call(this.#calls.info());
  }

  services(): Service[] {
    return this.#run(procedures.services(this.#calls));
  }

  service(name: ServiceName): Service {
    return this.call(this.#calls.service(name));
  }

  destinations(name: ServiceName): Destination[] {
    return this.#run(procedures.destinations(this.#calls, name));
  }

  table(): procedures.TableEntry[] {
    return this.#run(procedures.table(this.#calls));
  }

  addService(name: ServiceName, options?: ServiceOptions): void {
    this.call(this.#calls.addService(name, options));
  }

  setService(name: ServiceName, options?: ServiceOptions): void {
    this.call(this.#calls.setService(name, options));
  }

  updateService(name: ServiceName, changes: ServiceOptions): void {
    this.#run(procedures.updateService(this.#calls, name, changes));
  }

  deleteService(name: ServiceName): void {
    this.call(this.#calls.deleteService(name));
  }

  addDestination(service: ServiceName, name: DestinationName, options?: DestinationOptions): void {
    this.call(this.#calls.addDestination(service, name, options));
  }

  setDestination(service: ServiceName, name: DestinationName, options?: DestinationOptions): void {
    this.call(this.#calls.setDestination(service, name, options));
  }

  updateDestination(service: ServiceName, name: DestinationName, changes: DestinationOptions): void {
    this.#run(procedures.updateDestination(this.#calls, service, name, changes));
  }

  deleteDestination(service: ServiceName, name: DestinationName): void {
    this.call(this.#calls.deleteDestination(service, name));
  }

  timeouts(): Timeouts {
    return this.call(this.#calls.timeouts());
  }

  setTimeouts(timeouts: TimeoutOptions): void {
    this.call(this.#calls.setTimeouts(timeouts));
  }

  daemons(): Daemon[] {
    return this.call(this.#calls.daemons());
  }

  startDaemon(options: DaemonOptions): void {
    this.call(this.#calls.startDaemon(options));
  }

  stopDaemon(state: DaemonState): void {
    this.#run(procedures.stopDaemon(this.#calls, state));
  }

  zero(name?: ServiceName): void {
    this.call(this.#calls.zero(name));
  }

  flush(): void {
    this.call(this.#calls.flush());
  }

  close(): void {
    this.#client.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Sends one call of `calls`. */
  call<T>(call: Call<T>): T {
    let family: Family | undefined;
    try {
      family = this.#family();
      return this.#send(family, call);
    } catch (error) {
      if (family === undefined || !this.#hasMoved(family, error)) throw explain(call, error);
    }
    try {
      return this.#send(this.#family(), call);
    } catch (error) {
      throw explain(call, error);
    }
  }

  /** Runs what takes several calls. */
  #run<T>(procedure: procedures.Procedure<T>): T {
    for (let step = procedure.next(); ;) {
      if (step.done === true) return step.value;
      let value: unknown;
      try {
        value = this.call(step.value);
      } catch (error) {
        step = procedure.throw(error);
        continue;
      }
      step = procedure.next(value);
    }
  }

  #send<T>(family: Family, call: Call<T>): T {
    const request = toRequest(family, call);
    return (call.operation.mode === 'dump' ? this.#client.dump(request) : this.#client.do(request)) as T;
  }

  #family(): Family {
    return this.#client.family(FAMILY_NAME, { autoload: this.#autoload, operations: OPERATION_LIST });
  }

  /** Whether the family has another number than the one that was used: its module was loaded again since. */
  #hasMoved(used: Family, error: unknown): boolean {
    if (!NetlinkError.is(error) || !familyMayHaveMoved(error)) return false;
    if (this.#family().id === used.id) this.#client.forget(FAMILY_NAME);
    return this.#family().id !== used.id;
  }
}
