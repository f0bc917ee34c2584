import type * as childProcess from 'node:child_process';
import { createRequire } from 'node:module';
import { type DatagramReader, type EncodedRequest, type SendBuffer } from '@ipvs-ts/netlink/bulk';
import {
  type FailedOutcome,
  type Family,
  NetlinkClientSync,
  NetlinkError,
  NetlinkSocket,
  type TransportSync,
} from '@ipvs-ts/netlink';
import { type Call, toRequest } from '../calls/call.js';
import { type Calls, makeCalls } from '../calls/calls.js';
import { runSync } from './run.js';
import { explain } from '../calls/explain.js';
import type { Info } from '../model/info.js';
import { checkOpenOptions, isModprobeNeeded, MODPROBE, openError, type OpenOptions } from './open.js';
import {
  isCall,
  isScan,
  KNOWN_FAMILY,
  PAUSE,
  type Procedure,
  type Scan,
  type Step,
} from '../calls/procedure.js';
import { filesBelow, filesOf, type ProcFiles } from '../proc/proc-files.js';
import { FAMILY } from '../schema/operations.js';

/** A connection to the kernel whose calls are synchronous. */
export class SessionSync {
  readonly calls: Calls;
  readonly files: ProcFiles;
  /** The answer to the first request, from when it was opened. */
  openingInfo!: Info;
  readonly #client: NetlinkClientSync;
  readonly #autoload: boolean;

  private constructor(client: NetlinkClientSync, files: ProcFiles, options: OpenOptions<TransportSync>) {
    this.calls = makeCalls(options.checks ?? 'library');
    this.files = files;
    this.#client = client;
    this.#autoload = options.autoload !== false;
  }

  /** Looks up the family, loads its module if necessary, and sends a first request, which needs the privilege. */
  static open(options: OpenOptions<TransportSync>): SessionSync {
    checkOpenOptions(options);
    let session: SessionSync | undefined;
    let modprobe: string | undefined;
    try {
      session = SessionSync.#connect(options);
      try {
        session.family();
      } catch (error) {
        if (!isModprobeNeeded(error, options)) throw error;
        modprobe = runModprobe();
        session.family();
      }
      session.openingInfo = session.#client.do(toRequest(session.calls.info()));
      return session;
    } catch (error) {
      session?.close();
      throw openError(error, options, modprobe);
    }
  }

  static #connect(options: OpenOptions<TransportSync>): SessionSync {
    const { transport, netns, proc } = options;
    if (transport !== undefined)
      return new SessionSync(new NetlinkClientSync(transport), filesBelow(proc), options);
    const socket = new NetlinkSocket({ netns });
    return new SessionSync(new NetlinkClientSync(socket), filesOf(socket), options);
  }

  /** Sends one call; returns its value. */
  call<T>(call: Call<T>): T {
    try {
      const request = toRequest(call);
      return call.operation.mode === 'dump' ? (this.#client.dump(request) as T) : this.#client.do(request);
    } catch (error) {
      throw explain(call, error);
    }
  }

  /** Runs a procedure. */
  run<T>(procedure: Procedure<T>): T {
    return runSync(procedure, (step) => this.#perform(step));
  }

  close(): void {
    this.#client.close();
  }

  /** A buffer for the requests of one send. */
  sendBuffer(): SendBuffer {
    return this.#client.sendBuffer();
  }

  /** Sends the requests in a buffer; returns the failures by the index of their request. */
  sendBuffered(requests: SendBuffer, family: Family): ReadonlyMap<number, FailedOutcome> {
    return this.#client.sendBuffered(requests, family);
  }

  /**
   * Executes a dump whose request is already encoded and passes the datagrams to `reader`. Returns false if anything
   * was unexpected: use the ordinary reading then.
   */
  scan(request: EncodedRequest, reader: DatagramReader): boolean {
    return this.#client.scan(request, reader);
  }

  /** Returns a function that executes dumps like `scan`, for a reader of many. */
  scanner(reader: DatagramReader): (request: EncodedRequest) => boolean {
    return this.#client.scanner(reader);
  }

  /** The family as it was last looked up. */
  family(): Family {
    return this.#client.family(FAMILY.name, { ...FAMILY, autoload: this.#autoload });
  }

  #perform(step: Step): unknown {
    if (step === PAUSE) return undefined;
    if (step === KNOWN_FAMILY) return this.family();
    if (isScan(step)) return this.#scanned(step);
    return isCall(step) ? this.call(step) : this.#client.batch(step.map(toRequest));
  }

  /** Like `scan`, but returns false for errors, which the ordinary call that follows will meet and report. */
  #scanned({ request, reader }: Scan): boolean {
    try {
      return this.scan(request, reader);
    } catch (error) {
      if (!NetlinkError.is(error)) throw error;
      return false;
    }
  }
}

/** Returns its output. */
function runModprobe(): string {
  // Loaded only when it is needed, which is rare: it is a tenth of the cost of a short program.
  const { spawnSync } = createRequire(import.meta.url)('node:child_process') as typeof childProcess;
  const { error, status } = spawnSync(MODPROBE.file, MODPROBE.args, { stdio: 'ignore' });
  return error?.message ?? `modprobe: exit status ${String(status)}`;
}
