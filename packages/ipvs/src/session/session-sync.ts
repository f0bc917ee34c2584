import type * as childProcess from 'node:child_process';
import { createRequire } from 'node:module';
import {
  type DatagramReader,
  type FailedOutcome,
  type Family,
  NetlinkClientSync,
  NetlinkSocket,
  type EncodedRequest,
  type SendBuffer,
  type Request,
  type TransportSync,
} from '@ipvs-ts/netlink';
import type { Call } from '../calls/call.js';
import { type Calls, makeCalls } from '../calls/calls.js';
import { runSync } from './run.js';
import { explain } from '../calls/explain.js';
import type { Info } from '../model/info.js';
import { MODPROBE, openError, type OpenOptions } from './open.js';
import { PAUSE, type Procedure } from '../calls/procedure.js';
import { filesBelow, filesOf, type ProcFiles } from '../proc/proc-files.js';
import { toRequest } from './request.js';
import { FAMILY_NAME, OPERATION_LIST } from '../schema/operations.js';
import { open, sendAgain, type Step, type Work } from './work.js';

/** A connection to the kernel that does steps on the calling thread. */
export class SessionSync {
  readonly calls: Calls;
  readonly files: ProcFiles;
  /** What IPVS said of itself when it was opened. */
  openingInfo!: Info;
  readonly #client: NetlinkClientSync;
  readonly #autoload: boolean;

  private constructor(client: NetlinkClientSync, files: ProcFiles, options: OpenOptions<TransportSync>) {
    this.calls = makeCalls(options.checks ?? 'library');
    this.files = files;
    this.#client = client;
    this.#autoload = options.autoload !== false;
  }

  static open(options: OpenOptions<TransportSync>): SessionSync {
    let session: SessionSync | undefined;
    try {
      session = SessionSync.#connect(options);
      session.openingInfo = session.drive(open(session.calls, options));
      return session;
    } catch (error) {
      session?.close();
      throw openError(error, options);
    }
  }

  static #connect(options: OpenOptions<TransportSync>): SessionSync {
    const { transport, netns, proc } = options;
    if (transport !== undefined)
      return new SessionSync(new NetlinkClientSync(transport), filesBelow(proc), options);
    const socket = new NetlinkSocket({ netns });
    return new SessionSync(new NetlinkClientSync(socket), filesOf(socket), options);
  }

  drive<T>(work: Work<T>): T {
    return runSync(work, (step) => this.#perform(step));
  }

  /** As `drive(send(call))`, without steps while all goes well: a listing makes a call for each service. */
  call<T>(call: Call<T>): T {
    let used: Family;
    try {
      used = this.family();
    } catch (error) {
      throw explain(call, error);
    }
    try {
      return this.#send(toRequest(used, call)) as T;
    } catch (error) {
      return this.drive(sendAgain(call, used, error));
    }
  }

  /** Runs what takes several calls. */
  run<T>(procedure: Procedure<T>): T {
    return runSync(procedure, (step) => (step === PAUSE ? undefined : this.call(step)));
  }

  close(): void {
    this.#client.close();
  }

  /** Room for requests of one send. */
  packed(): SendBuffer {
    return this.#client.packed();
  }

  /** Sends what was packed; what failed, by its place. */
  sendPacked(requests: SendBuffer): ReadonlyMap<number, FailedOutcome> {
    return this.#client.sendPacked(requests);
  }

  /** Executes a dump whose request is written already; `reader` is given the datagrams. False: another way is due. */
  scan(request: EncodedRequest, reader: DatagramReader): boolean {
    return this.#client.scan(request, reader);
  }

  /** The family, looked up once. */
  family(): Family {
    return this.#client.family(FAMILY_NAME, { autoload: this.#autoload, operations: OPERATION_LIST });
  }

  #send(request: Request): unknown {
    return request.operation.mode === 'dump' ? this.#client.dump(request) : this.#client.do(request);
  }

  #perform(step: Step): unknown {
    const client = this.#client;
    switch (step.type) {
      case 'family':
        return this.family();
      case 'breathe':
        return undefined;
      case 'forget':
        client.forget(FAMILY_NAME);
        return undefined;
      case 'modprobe': {
        // Loaded when it is needed, which is hardly ever: it would be a tenth of what a short program costs.
        const { spawnSync } = createRequire(import.meta.url)('node:child_process') as typeof childProcess;
        const { error, status } = spawnSync(MODPROBE.file, MODPROBE.args, { stdio: 'ignore' });
        return error?.message ?? `modprobe: exit status ${String(status)}`;
      }
      case 'send':
        return this.#send(step.request);
      case 'batch':
        return client.batch(step.requests);
    }
  }
}
