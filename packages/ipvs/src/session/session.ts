import {
  TimeSlice,
  type CallOptions,
  type Family,
  NetlinkClient,
  NetlinkError,
  NetlinkSocket,
  socketTransport,
  type Transport,
} from '@ipvs-ts/netlink';
import { type Call, toRequest } from '../calls/call.js';
import { type Calls, makeCalls } from '../calls/calls.js';
import { run } from './run.js';
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

/** A connection to the kernel whose calls block the event loop for at most about a millisecond at a time. */
export class Session {
  readonly calls: Calls;
  readonly files: ProcFiles;
  /** The answer to the first request, from when it was opened. */
  openingInfo!: Info;
  readonly #client: NetlinkClient;
  readonly #autoload: boolean;
  readonly #slice = new TimeSlice();

  private constructor(client: NetlinkClient, files: ProcFiles, options: OpenOptions<Transport>) {
    this.calls = makeCalls(options.checks ?? 'library');
    this.files = files;
    this.#client = client;
    this.#autoload = options.autoload !== false;
  }

  /** Looks up the family, loads its module if necessary, and sends a first request, which needs the privilege. */
  static async open(options: OpenOptions<Transport>): Promise<Session> {
    checkOpenOptions(options);
    let session: Session | undefined;
    let modprobe: string | undefined;
    try {
      session = Session.#connect(options);
      try {
        await session.#family();
      } catch (error) {
        if (!isModprobeNeeded(error, options)) throw error;
        modprobe = await runModprobe();
        await session.#family();
      }
      session.openingInfo = await session.#client.do(toRequest(session.calls.info()));
      return session;
    } catch (error) {
      await session?.close();
      throw openError(error, options, modprobe);
    }
  }

  static #connect(options: OpenOptions<Transport>): Session {
    const { transport, netns, proc } = options;
    if (transport !== undefined) return new Session(new NetlinkClient(transport), filesBelow(proc), options);
    const socket = new NetlinkSocket({ netns });
    return new Session(new NetlinkClient(socketTransport(socket)), filesOf(socket), options);
  }

  /** Sends one call; resolves with its value. */
  async call<T>(call: Call<T>, options: CallOptions = {}): Promise<T> {
    try {
      const request = toRequest(call);
      return call.operation.mode === 'dump'
        ? ((await this.#client.dump(request, options)) as T)
        : await this.#client.do(request, options);
    } catch (error) {
      throw explain(call, error);
    }
  }

  /** Runs a procedure, with a pause whenever its slice of the event loop's time is over. */
  async run<T>(procedure: Procedure<T>, options: CallOptions = {}): Promise<T> {
    let isFirst = true;
    return run(procedure, (step) => {
      // The first call waits its turn, in the order of all calls; the following ones get slices like other long work.
      if (!isFirst || !(isCall(step) || isScan(step))) return this.perform(step, options);
      isFirst = false;
      return isCall(step) ? this.call(step, options) : this.#scan(step, options, true);
    });
  }

  /** Performs one step of a procedure; returns a promise only if it has to wait. */
  perform(step: Step, options: CallOptions = {}): unknown {
    if (step === KNOWN_FAMILY) return this.#client.knownFamily(FAMILY.name);
    if (step !== PAUSE && !isCall(step) && !isScan(step))
      return this.#client.batch(step.map(toRequest), options);
    return this.#slice.isOverBetweenCalls()
      ? this.#performLater(step, options)
      : this.#performNow(step, options);
  }

  async #performLater(step: Call | Scan | typeof PAUSE, options: CallOptions): Promise<unknown> {
    await this.#slice.pause();
    return this.#performNow(step, options);
  }

  #performNow(step: Call | Scan | typeof PAUSE, options: CallOptions): unknown {
    if (step === PAUSE) return undefined;
    return isCall(step) ? this.#ask(step, options) : this.#scan(step, options);
  }

  /** Returns whether a dump had the usual form. If not, the ordinary call that follows meets and reports the error. */
  #scan({ request, reader }: Scan, options: CallOptions, inTurn = false): Promise<boolean> | boolean {
    try {
      const isUsual = this.#client.scan(request, reader, { ...options, inTurn });
      return isUsual instanceof Promise ? isUsual.catch(falseForNetlink) : isUsual;
    } catch (error) {
      return falseForNetlink(error);
    }
  }

  /** Like `call`, but returns the value itself if the kernel can be asked at once. */
  #ask<T>(call: Call<T>, options: CallOptions): Promise<T> | T {
    try {
      const answer = this.#client.ask(toRequest(call), options) as Promise<T> | T;
      if (!(answer instanceof Promise)) return answer;
      return answer.catch((error: unknown) => {
        throw explain(call, error);
      });
    } catch (error) {
      throw explain(call, error);
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #family(): Promise<Family> {
    return this.#client.family(FAMILY.name, { ...FAMILY, autoload: this.#autoload });
  }
}

function falseForNetlink(error: unknown): false {
  if (!NetlinkError.is(error)) throw error;
  return false;
}

/** Resolves with its output. */
async function runModprobe(): Promise<string> {
  // Loaded only when it is needed, which is rare: it is a tenth of the cost of a short program.
  const { execFile } = await import('node:child_process');
  return new Promise((resolve) => {
    execFile(MODPROBE.file, MODPROBE.args, (error) => {
      resolve(error === null ? 'modprobe: exit status 0' : `modprobe: ${error.message.trim()}`);
    });
  });
}
